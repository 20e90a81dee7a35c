"""What every face shares: each verb's result as one JSON object, errors too, and how such an object is written.

The command line prints these objects; a web service or an agents' server gives the same ones.
"""
