"""Blocks of a document cut into passages, and the places of a passage in its source."""
