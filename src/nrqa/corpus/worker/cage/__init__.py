"""Shuts a process in by means of the kernel, so that a file which takes it over can do nothing but be read."""
