"""Two short documents, and questions to retrievers about them."""

from __future__ import annotations

DOCUMENTS = {
    "history.txt": """Title: History
Lang: en

The alliance was founded in 1949 by twelve countries of the west.

Its members did not agree on the missile shield, which some of them called a needless provocation.

In 2014 the annexation of Crimea deepened the mistrust between the two sides.
""",
    "more notes.txt": """Title: Notes
Lang: de

This piece includes AI-assisted content.

The alliance met again in 1952, when two more countries joined.

The missile shield of the alliance was discussed in 2007.
""",
}
FOUNDED = "when was the alliance founded by twelve countries"
SHIELD = "missile shield of the alliance discussed in 2007"
ABSURD = "how do I bake sourdough bread at home"
"""The articles answer it with nothing. (The fake encoder tells no such question apart.)"""
