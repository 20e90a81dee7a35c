"""Tools for text: sentences, terms, lines, typography, dates. No module here knows documents or indexes."""
