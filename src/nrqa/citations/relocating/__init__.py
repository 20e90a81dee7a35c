"""Where a cited passage stands in the sources as they are now. Words decide, and not typography; no file is read."""
