"""How well passages are found and cut."""
