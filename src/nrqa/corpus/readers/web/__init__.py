"""Web pages: what of a page is its text, and what is said about it."""
