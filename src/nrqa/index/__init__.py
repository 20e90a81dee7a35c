"""One generation of the index: its layout, reading and writing; no other package knows its file names."""
