"""Org: the lines of the file under its headings."""

from __future__ import annotations

from nrqa.corpus.readers.document import read_document

NOTES = """#+TITLE: The pump
#+AUTHOR: Ann Lee
#+FILETAGS: :water:town:
# a comment

The pump runs again.

* TODO [#A] Repairs   :urgent:
SCHEDULED: <2021-05-03 Mon>
:PROPERTIES:
:CREATED: yesterday
:END:
It was mended
on Monday.
** Costs
| Pump | 48 |
|------+----|
| Pipe | 12 |
- It runs.
- It is
  quiet.
#+BEGIN_SRC sh
reload
#+END_SRC
#+begin_quote
Said Bo.
#+end_quote
* Other
"""


def test_notes_have_headings_and_the_text_is_the_file_s() -> None:
    document, blocks = read_document("a.org", NOTES.encode())
    assert document.text == NOTES
    assert document.title == "The pump"
    assert document.metadata["keywords"] == ["water", "town"]
    assert [(block.heading, document.text[block.start : block.end]) for block in blocks] == [
        ((), "The pump runs again."),
        (("Repairs",), "It was mended\non Monday."),
        (("Repairs", "Costs"), "| Pump | 48 |"),
        (("Repairs", "Costs"), "| Pipe | 12 |\n- It runs.\n- It is\n  quiet."),
        (("Repairs", "Costs"), "reload"),
        (("Repairs", "Costs"), "Said Bo."),
        ((), "* Other"),
    ]
