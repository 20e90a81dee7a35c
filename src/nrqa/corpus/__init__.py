"""The craft of the corpus: which files there are, what their text is, and how it is built."""
