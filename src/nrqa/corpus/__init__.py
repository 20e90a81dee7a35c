"""Everything about the corpus: which files it has, what their text is, and how that text is structured."""
