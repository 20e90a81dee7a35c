"""How long questions, indexing and following a corpus take."""
