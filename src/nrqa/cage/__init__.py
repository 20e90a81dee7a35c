"""Processes of nrqa itself that the kernel shuts in: what takes one over can read what it was given, no more."""
