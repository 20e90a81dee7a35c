"""Building an index, or bringing it up to date: what is planned, embedded, kept, and followed."""
