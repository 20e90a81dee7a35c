"""How time, memory and disk grow with the corpus."""
