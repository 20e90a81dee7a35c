"""Checking a draft: its quotations looked up in the corpus, its other sentences given their best support."""
