"""Text alone: sentences, terms, lines, typography, dates. Nothing here knows of documents or indexes."""
