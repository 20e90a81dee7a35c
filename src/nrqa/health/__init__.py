"""Finds what is wrong with an index, its corpus and its encoder, and names the commands that mend it."""
