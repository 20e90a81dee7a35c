"""Documents and passages of one part of the index: an SQLite file, and a file of compressed texts beside it.

Both are written once, from beginning to end (``writing``), and then read by row and by name (``reading``), never whole.
"""
