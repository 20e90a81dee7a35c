"""`nrqa serve`: the verbs as a page for people and as JSON for programs, over HTTP, read-only, on this machine.

It needs Starlette, uvicorn and Jinja (``pip install 'nrqa[serve]'``), and is imported by nothing else.
"""
