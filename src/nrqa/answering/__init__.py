"""Answering a question: passages ranked, cited and judged, from one generation of the index."""
