"""Models of sentence-transformers: found on this machine, trusted or refused, loaded, centred where need be."""
