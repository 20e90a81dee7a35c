"""Reads files in a separate process with limits: no file can stop a run, fill the memory or use the network."""
