"""Reads web pages: the text of a page, and its metadata."""
