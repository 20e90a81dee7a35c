"""Builds an index, or brings it up to date: planning, embedding, checkpoints, and watching the corpus."""
