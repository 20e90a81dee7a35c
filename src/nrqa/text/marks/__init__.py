"""The marks that a text carries beside its words: references to notes, numbers of pages, lines, verses, paragraphs."""
