"""AsciiDoc: its text is the file's, its structure what its lines say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from lawful import assert_blocks_in_order
from nrqa.corpus.readers.asciidoc import read_asciidoc
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError

FILES = project.DOCUMENTS / "adoc"
GUIDE = (FILES / "guide.adoc").read_text("utf-8")


def found(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(one.heading, text[one.start : one.end]) for one in read_asciidoc(text).blocks]


def test_a_guide_is_read_with_its_headings_lists_code_and_tables() -> None:
    document, blocks = read_document("guide.adoc", GUIDE.encode())
    assert (document.title, document.text) == ("The Harbour Guide", GUIDE)
    wanted = ("author", "version", "date", "keywords", "description", "name", "language")
    assert {key: document.metadata[key] for key in wanted} == {
        "author": ["Ann Lee", "Bo Kim"],
        "version": "1.2",
        "date": "2021-10-20",
        "keywords": "sea, trade",
        "description": "What a visitor should know before the ship arrives.",
        "name": "value of our own",
        "language": "en",
    }
    assert not {"toc", "icons", "unset-later"} & set(document.metadata)
    light = ("Arriving", "A light burns on the pier")
    assert [(one.heading, len(one.items), GUIDE[one.start : one.end].split("\n")[0]) for one in blocks] == [
        (
            (),
            0,
            "The harbour was dug in 1850, and the old port is *still* in use. See link:tides.html[the tide tables].",
        ),
        (("Arriving",), 6, "Ships announce themselves by radio:"),
        (light, 3, "The program of the lamp"),
        (light, 2, "a literal line,"),
        (light, 0, "NOTE: The lamp was repaired in 2019."),
        (light, 2, "pilot:: Who knows the way."),
        (("Costs",), 4, "What ships pay"),
        (("Costs",), 0, "The fee is doubled in storms."),
        (("Costs",), 1, 'fee("ferry")'),
        (("Costs",), 0, "The sea pays nothing."),
        (("Costs",), 0, "The end of the guide."),
    ]


def test_what_pandoc_writes_is_read_with_title_authors_and_date() -> None:
    file = FILES / "article-pandoc.adoc"
    document, blocks = read_document(file.name, file.read_bytes())
    assert document.title == "The Persistence of Tensions Between Russia and NATO"
    assert (document.metadata["author"], document.metadata["date"]) == (["Ann Lee", "Bo Kim"], "2021-11-20")
    assert document.text[blocks[0].start :].startswith("On October 20, 2021, following the expulsion")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\nwrapped line.\n\nTwo.", ["One\nwrapped line.", "Two."]),
        ("----\ncode\n\n  deep\n----\nAfter.", ["code\n\n  deep", "After."]),
        ("```ruby\nputs 1\n```\n\nAfter.", ["puts 1", "After."]),
        ("// a comment\nText.\n\n////\nmore\n\n////\n", ["Text."]),
        ("[NOTE]\n====\nTake care.\n====", ["Take care."]),
        ("* one\n* two\n+\nattached\n\n* three\n\nAfter.", ["* one\n* two\n+\nattached\n\n* three", "After."]),
        ("CPU:: The brain\nof it.\n\nRAM:: Memory.", ["CPU:: The brain\nof it.\n\nRAM:: Memory."]),
        ("Text.\n\n'''\n\nMore.\n\n<<<", ["Text.", "More."]),
        ("Text.\n\nimage::a.png[Alt]\n\n:name: value\n\nMore.", ["Text.", "More."]),
        (".Title\nA paragraph.", ["Title\nA paragraph."]),
        ("|===\n|a |b\n\n|c |d\n|===", ["|a |b\n\n|c |d"]),
    ],
)
def test_what_is_text_is_a_block_and_nothing_else_is(text: str, expected: list[str]) -> None:
    assert [piece for _, piece in found(text)] == expected


def test_headings_by_signs_and_by_underlines() -> None:
    text = "Title\n=====\n\nFirst.\n\nPart\n----\n\nSecond.\n\n=== Deep `code` and *strong*\n\nThird.\n\n"
    text += "== Last ==\n\nFourth.\n"
    outline = read_asciidoc(text)
    assert outline.title == "Title"
    assert [one.heading for one in outline.blocks] == [(), ("Part",), ("Part", "Deep code and strong"), ("Last",)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("v1.0, 2013-05-20: First draft", {"version": "1.0", "date": "2013-05-20"}),
        ("2013-05-20", {"date": "2013-05-20"}),
        ("v2.1", {"version": "2.1"}),
        ("1.0, October 2, 2013", {"version": "1.0", "date": "October 2, 2013"}),
    ],
)
def test_the_revision_line(line: str, expected: dict[str, str]) -> None:
    metadata = read_asciidoc(f"= Title\nAnn Lee <a@example.org>\n{line}\n\nText.").metadata
    assert metadata == {"author": ["Ann Lee"]} | expected


def test_a_paragraph_below_the_title_is_no_author() -> None:
    assert [piece for _, piece in found("= Title\n\nAnn Lee\n\n== Part\n\nText.")] == ["Ann Lee", "Text."]


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty file"), (b"// only a comment\n", "no text"), (bytes(range(256)) * 9, "binary")]
)
def test_a_file_without_text_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.adoc", data)


PIECES = ["= Title", "== Part", "----", "====", "|===", "* item", ". one", "+", "term:: word", "[NOTE]", ".Title",
          "////", "// no", ":key: value", "word", "", "", "++++", "```", "--", "Ann Lee", "v1"]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["", " "]), st.sampled_from(PIECES))))
def test_blocks_lie_in_the_text_one_behind_the_other(lines: list[tuple[str, str]]) -> None:
    text = "Text.\n\n" + "\n".join(indent + piece for indent, piece in lines)
    assert_blocks_in_order(*read_document("a.adoc", text.encode()))


@pytest.mark.slow
def test_long_files_are_read_in_time() -> None:
    assert_blocks_in_order(
        *read_document("a.adoc", ("* item\n" * 20_000 + "\n" + "word " * 20_000 + "\n\n" + "----\n" * 20_001).encode())
    )
