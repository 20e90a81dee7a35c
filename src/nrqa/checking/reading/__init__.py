"""Reading a draft: its running text without marks, in each format, each character with its place in it."""
