"""Word processors and slides: DOCX, ODT, RTF, PPTX, ODP.

Each format's module turns a file into pieces (module pieces); module composing makes the canonical text of them.
"""
