"""Benchmarks: one command for each table of README.md, run from the root as `python -m benchmarks.FOLDER.NAME`."""
