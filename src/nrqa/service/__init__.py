"""What every face shares: each verb's result as one JSON object, errors too, and the index kept open between requests.

``verbs`` has a function for each verb, which the command line calls; ``requests`` checks what comes from outside and
calls the same functions for a ``Desk``, which keeps the index open; ``objects`` and ``batching`` are parts of both.
"""
