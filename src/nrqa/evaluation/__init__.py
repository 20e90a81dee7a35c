"""Measuring: question sets, ranking and verdict measures, and the confidence fitted to a corpus."""
