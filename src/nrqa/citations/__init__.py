"""Citations as they are written down: one line, or a W3C Web Annotation; found in files, and rewritten in place."""
