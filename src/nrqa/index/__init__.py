"""One generation of the index: how it is laid out, read and written; nothing else knows its file names."""
