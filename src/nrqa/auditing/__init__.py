"""Answers that can be audited later: receipts, replays, standing questions, and why a passage is not among the hits."""
