"""The craft of question sets: which questions there are, what answers them, and their documents as files."""
