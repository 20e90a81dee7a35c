"""The text of scans, recognised by the system's tesseract where the user asks for it."""
