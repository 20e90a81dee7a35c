"""Finds where the sources have a cited passage now. Words decide, not typography."""
