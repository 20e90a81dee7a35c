"""Reads word processor documents and slides: DOCX, ODT, RTF, PPTX, ODP.

The module of each format turns a file into pieces (module ``pieces``); the module ``composing`` writes them as
canonical text.
"""
