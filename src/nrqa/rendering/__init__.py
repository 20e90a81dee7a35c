"""How answers and reports look to a person, on a terminal and in a notebook, and answers in formats of other programs.

Nothing is printed here.
"""
