"""The signals that score passages (dense, lexical, late), and the fusion of their scores."""
