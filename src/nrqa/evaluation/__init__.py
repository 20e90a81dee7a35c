"""Measuring how good answers are: question sets, ranking and verdict measures, the confidence fitted to a corpus."""
