"""A document as it is read: blocks with headings, rows and cells, pages with their words, and what is marked there.

All of it is made from the index, so it is there without the corpus; only the picture of a page needs the file.
"""
