"""How answers and reports look to a person, and answers in the formats of other programs. Nothing is printed here."""
