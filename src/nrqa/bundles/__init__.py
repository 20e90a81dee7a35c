"""The verbs ``pack`` and ``unpack``: an index as one file for any machine, and a folder again."""
