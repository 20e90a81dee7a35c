"""reStructuredText: its text is the file's, its structure what docutils finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st

import project
from lawful import assert_blocks_in_order
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.readers.restructured import read_restructured
from nrqa.errors import UnreadableError

FILES = project.DOCUMENTS / "rst"
GUIDE = (FILES / "guide.rst").read_text("utf-8")


def found(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(one.heading, text[one.start : one.end]) for one in read_restructured(text).blocks]


def words(text: str) -> list[str]:
    return [piece for _, piece in found(text)]


def by_docutils(text: str) -> nodes.document:
    settings = {
        "report_level": 5, "halt_level": 6, "file_insertion_enabled": False, "raw_enabled": False,
        "doctitle_xform": False, "docinfo_xform": False, "_disable_config": True,
    }  # fmt: skip
    tree: nodes.document = publish_doctree(text, settings_overrides=settings)
    return tree


def headings(node: nodes.Node, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = []
    for child in node.children:
        if isinstance(child, nodes.section):
            its = (*path, child.children[0].astext())
            below += [its, *headings(child, its)]
    return below


def test_a_guide_is_read_with_its_headings_lists_code_and_tables() -> None:
    document, blocks = read_document("guide.rst", GUIDE.encode())
    assert (document.title, document.text) == ("The Harbour Guide", GUIDE)
    assert {key: document.metadata[key] for key in ("author", "date", "keywords", "abstract")} == {
        "author": "Ann Lee",
        "date": "2021-10-20",
        "keywords": "sea, trade",
        "abstract": "What a visitor should know before the ship arrives.",
    }
    light = ("Arriving", "A light burns on the pier")
    assert [(one.heading, len(one.items), GUIDE[one.start : one.end].split("\n")[0]) for one in blocks] == [
        ((), 0, "The harbour was dug in 1850, and |port| is *still* in use. See `the tide tables <tides.html>`_."),
        (("Arriving",), 3, "Ships announce themselves by radio:"),
        (("Arriving",), 2, "1. Wait for the pilot."),
        (light, 3, "It is switched on by this program::"),
        (light, 2, 'lamp = Lamp("pier")'),
        (light, 0, "The lamp was repaired in 2019."),
        (light, 0, "It is red now."),
        (light, 0, "The pier in winter."),
        (light, 2, "pilot"),
        (("Costs",), 7, "+---------+-------+"),
        (("Costs",), 6, "=====  ====="),
        (("Costs",), 2, ":Cash: accepted"),
        (("Costs",), 2, "| The sea is grey,"),
        (("Costs",), 2, '>>> fee("ferry")'),
        (("Costs",), 0, "The fee is doubled in storms [1]_."),
        (("Costs",), 0, ".. [1] By order of the mayor."),
        (("Costs",), 0, "The end of the guide."),
    ]


@pytest.mark.parametrize("file", sorted(FILES.glob("*.rst")), ids=lambda file: file.name)
def test_docutils_finds_the_same_headings_and_no_words_that_are_lost_here(file: Path) -> None:
    text = file.read_text("utf-8")
    document, blocks = read_document(file.name, text.encode())
    tree = by_docutils(text)
    for kind in (nodes.system_message, nodes.comment, nodes.topic, nodes.image, nodes.raw):
        for node in list(tree.findall(kind)):
            node.parent.remove(node)
    title, *rest = headings(tree)
    assert title[0] == document.title
    assert list(dict.fromkeys(one.heading for one in blocks if one.heading)) == [path[1:] for path in rest]
    kept = " ".join([text[one.start : one.end] for one in blocks] + [str(document.metadata), document.title])
    kept += " ".join(["", *(path[-1] for path in rest)])
    lost = set(re.findall(r"\w+", tree.astext().lower())) - set(re.findall(r"\w+", kept.lower()))
    # The left-over of a web page, and what a substitution puts in.
    assert lost <= {"share", "old"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\nwrapped line.\n\nTwo.", ["One\nwrapped line.", "Two."]),
        ("See::\n\n  code\n\n    deep\n\nAfter.", ["See::\n\n  code\n\n    deep", "After."]),
        ("See::\n\n> quoted\n> code\n\nAfter.", ["See::\n\n> quoted\n> code", "After."]),
        ("::\n\n  code alone here", ["code alone here"]),
        (".. a comment\n   goes on\n\n.. _target: https://example.org\n\nText.", ["Text."]),
        (".. |x| replace:: nothing\n.. image:: a.png\n   :alt: b\n\nText.", ["Text."]),
        (".. warning::\n   Take care.\n\n   * one\n   * two", ["Take care.", "* one\n   * two"]),
        (".. function:: open(name)\n\n   Opens it.", ["open(name)", "Opens it."]),
        (".. [Lee2021] Ann Lee: *Harbours*.\n   1850.", [".. [Lee2021] Ann Lee: *Harbours*.\n   1850."]),
        ("Text before.\n\n   A quotation.\n\nAfter.", ["Text before.", "A quotation.", "After."]),
        ("1850. was the year\nin which it began.", ["1850. was the year\nin which it began."]),
        ("A. Lee wrote this\nlong ago.", ["A. Lee wrote this\nlong ago."]),
        ("Text.\n\n----\n\nMore.", ["Text.", "More."]),
    ],
)
def test_what_is_text_is_a_block_and_nothing_else_is(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_headings_are_as_deep_as_their_style_says() -> None:
    text = "A\n=\n\na text\n\nB\n-\n\nb text\n\nC\n~\n\nc text\n\nD\n-\n\nd text\n\nE\n=\n\ne text\n"
    paths = [heading for heading, _ in found(text)]
    assert paths == [("A",), ("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_lines_cited_are_the_files_own() -> None:
    _, blocks = read_document("guide.rst", GUIDE.replace("\n", "\r\n").encode())
    assert len(blocks) == len(read_document("guide.rst", GUIDE.encode())[1])


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty file"), (b".. only a comment\n", "no text"), (bytes(range(256)) * 9, "binary")]
)
def test_a_file_without_text_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.rst", data)


PIECES = ["=====", "---", "Title", "- item", "1. one", "   ", "  deep", "::", ".. note::", ".. code::", ":key: value",
          "+--+", "| a", "== ==", ">>> x", ".. [1] note", "", "", "\t", "word"]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["", "  ", "      "]), st.sampled_from(PIECES))))
def test_blocks_lie_in_the_text_one_behind_the_other(lines: list[tuple[str, str]]) -> None:
    text = "Text.\n\n" + "\n".join(indent + piece for indent, piece in lines)
    assert_blocks_in_order(*read_document("a.rst", text.encode()))


@pytest.mark.slow
def test_deep_nesting_and_long_lists_are_read_in_time() -> None:
    deep = "\n\n".join(" " * depth + "- item" for depth in range(400))
    assert_blocks_in_order(*read_document("a.rst", deep.encode()))
    notes = "\n\n".join(" " * (3 * depth) + ".. note::" for depth in range(200)) + "\n\n" + " " * 600 + "The end."
    assert "The end." in notes
    long = "- item\n" * 20_000 + "\n" + "Term\n  Meaning\n" * 20_000
    assert_blocks_in_order(*read_document("a.rst", long.encode()))
