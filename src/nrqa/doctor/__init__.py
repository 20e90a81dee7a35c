"""What is wrong with an index, its corpus and what it runs by, and the commands that mend it."""
