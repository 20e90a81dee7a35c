"""Question sets: reading their questions and what answers these, and writing their documents as files."""
