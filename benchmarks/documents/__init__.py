"""How well and how fast files of each format are read."""
