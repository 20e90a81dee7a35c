"""Recognises the text of scans with the system's tesseract, if the user asks for it."""
