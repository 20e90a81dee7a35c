from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.errors import IndexDamagedError
from nrqa.index.local.catalog import texts as blocks
from nrqa.index.local.catalog.reading import Catalog
from nrqa.index.local.catalog.schema import TEXTS, packed, unpacked
from nrqa.index.local.catalog.texts import BLOCK, Texts, TextsWriter
from nrqa.index.local.catalog.writing import CatalogWriter
from nrqa.index.rows import NewPassage
from nrqa.records import Document, Flag, Locator, Span, Stamp

SHA = "0f" * 32
SPANS = st.lists(st.tuples(st.integers(-50, 5000), st.integers(0, 70_000)), max_size=9)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 16)


@given(st.integers(0, 10**9), SPANS)
def test_sentences_are_unpacked_as_they_were_packed(begin: int, steps: list[tuple[int, int]]) -> None:
    spans, at = [], begin
    for gap, length in steps:
        spans.append(Span(at + gap, at + gap + length))
        at = spans[-1].end
    assert unpacked(packed(spans, begin), begin) == tuple(spans)
    assert unpacked(packed(spans, begin), 0) == tuple(Span(one.start - begin, one.end - begin) for one in spans)


def test_a_sentence_takes_few_bytes() -> None:
    assert len(packed([Span(100_000, 100_120), Span(100_121, 100_340)], 100_000)) == 5


@pytest.mark.usefixtures("small_blocks")
@given(st.lists(st.binary(max_size=50), min_size=1), st.data())
def test_every_stretch_of_the_texts_is_read_as_written(
    tmp_path_factory: pytest.TempPathFactory, written: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(written)
    start = data.draw(st.integers(0, len(whole)))
    size = data.draw(st.integers(0, len(whole) - start))
    file = tmp_path_factory.mktemp("texts") / TEXTS
    writer = TextsWriter(file)
    places = [(writer.add(one), len(one)) for one in written]
    assert [writer.read(*place) for place in places] == written
    writer.close()
    texts = Texts(file)
    assert [texts.read(*place) for place in places] == written
    assert texts.read(start, size) == whole[start : start + size]
    texts.close()


@pytest.mark.usefixtures("small_blocks")
@given(st.text("ab", min_size=1, max_size=120), st.text("ab", min_size=1, max_size=40), st.integers(0, 130))
def test_words_are_found_across_blocks(
    tmp_path_factory: pytest.TempPathFactory, text: str, wanted: str, begin: int
) -> None:
    file = tmp_path_factory.mktemp("texts") / TEXTS
    writer = TextsWriter(file)
    writer.add(text.encode())
    writer.close()
    texts = Texts(file)
    assert texts.find(wanted.encode(), begin) == text.find(wanted, begin)
    texts.close()


def test_texts_take_less_than_half_of_their_room(tmp_path: Path) -> None:
    text = Path(__file__).read_bytes() * 10
    writer = TextsWriter(tmp_path / TEXTS)
    writer.add(text)
    writer.close()
    assert len(text) > 2 * BLOCK
    assert (tmp_path / TEXTS).stat().st_size < len(text) / 2


def test_a_garbled_block_is_an_error_and_no_other_text(tmp_path: Path) -> None:
    with_passages(tmp_path, ["One text. " * 50, "Another. " * 3000])
    file = tmp_path / TEXTS
    data = bytearray(file.read_bytes())
    data[5:15] = b"\xff" * 10
    file.write_bytes(data)
    catalog = Catalog(tmp_path)
    for read in (catalog.stored, catalog.text_of, lambda _: list(catalog.numbers_holding("text"))):
        with pytest.raises(IndexDamagedError, match="nrqa status --verify"):
            read(0)


def test_a_table_of_blocks_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    with_passages(tmp_path, ["One text."])
    file = tmp_path / TEXTS
    for end in (b"\xff" * 8, bytes(8), b"\x02" + bytes(7)):
        file.write_bytes(file.read_bytes()[:-8] + end)
        with pytest.raises(ValueError, match=TEXTS):
            Catalog(tmp_path)


def test_a_passage_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = "Überschrift\n\nErster Satz – mit Strichen. Zweiter Satz.\nDritter."
    document = Document("a/b.md", "Titel", text, SHA, {"date": "2021", "author": ["X", "x"]}, flags=(FLAG,))
    start, end = text.index("Erster"), text.index("\nDritter")
    whole = NewPassage(
        row=7,
        key=b"k" * 16,
        start=start,
        end=end,
        byte_start=len(text[:start].encode()),
        byte_end=len(text[:end].encode()),
        line_start=3,
        line_end=4,
        heading=("Überschrift",),
        sentences=(Span(start, start + 28), Span(start + 29, end)),
        context="Titel / Überschrift",
        markup=True,
        locators=(Locator("slide", "3", "4"),),
        flags=(FLAG,),
    )
    writer = CatalogWriter(tmp_path)
    writer.add(5, document, Stamp(10, 20, 30), [whole])
    (one,) = writer.written([7])
    writer.close()
    catalog = Catalog(tmp_path)
    stored = catalog.stored(7)
    assert stored
    assert catalog.stored(8) is None
    assert catalog.passages_of(5) == [stored]
    assert (stored.row, stored.document, stored.context, stored.markup) == (7, 5, "Titel / Überschrift", True)
    assert stored.passage.text == text[start:end]
    assert stored.sentences == whole.sentences
    citation = stored.passage.citation
    assert (citation.start, citation.end, citation.line_start, citation.line_end) == (start, end, 3, 4)
    assert (citation.heading, citation.locators, citation.flags) == (whole.heading, whole.locators, whole.flags)
    assert (citation.document, citation.title, citation.sha256) == ("a/b.md", "Titel", SHA)
    assert citation.metadata == document.metadata
    assert list(catalog.documents(set())) == [document]
    assert list(catalog.written(set())) == [one]
    assert one.sentences == (Span(0, 28), Span(29, end - start))
    assert catalog.row_with_key(b"k" * 16) == 7
    assert [known.stamp for known in catalog.known()] == [(10, 20, 30)]


def test_headings_hold_until_they_change_and_never_for_the_next_document(tmp_path: Path) -> None:
    headings = [("One",), ("One",), (), ("One",), ("Two", "Three")]
    writer = CatalogWriter(tmp_path)
    for number, first in enumerate((0, 5)):
        passages = [passage(first + at, at, heading) for at, heading in enumerate(headings)]
        writer.add(number, Document(f"{number}.md", "", "abcde", SHA), Stamp(1, 2, 3), passages)
    assert [one.context for one in writer.written(range(10))] == [" / ".join(one) for one in headings * 2]
    writer.close()
    catalog = Catalog(tmp_path)
    found = [one for row in range(10) if (one := catalog.stored(row))]
    assert [one.passage.citation.heading for one in found] == headings * 2
    assert [one.context for one in found] == [" / ".join(one) for one in headings * 2]
    assert [one.passage.text for one in found] == list("abcde" * 2)


def test_documents_are_adopted_whole_and_others_left(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    with_passages(old, [f"Text number {number}. " * (number + 1) for number in range(6)])
    older = Catalog(old)
    writer = CatalogWriter(new)
    writer.add(6, Document("6.md", "", "Newer.", SHA), Stamp(1, 2, 3), [passage(6, 0, ())])
    writer.adopt(older, [1, 4])
    writer.adopt(older, [2])
    writer.adopt(older, [])
    writer.close()
    catalog = Catalog(new)
    assert [known.number for known in catalog.known()] == [1, 2, 4, 6]
    for number in (1, 2, 4):
        assert catalog.passages_of(number) == older.passages_of(number)
        assert catalog.text_of(number) == older.text_of(number)
        assert catalog.row_with_key(b"%016d" % number) == number
    assert catalog.row_with_key(b"%016d" % 3) is None
    assert catalog.numbers_named("3.md") == []
    assert {number for number, key, _ in catalog.facets() if key == "title"} == {1, 2, 4, 6}
    assert list(catalog.numbers_holding("number 4")) == [4]


def test_words_that_reach_into_the_next_document_are_in_neither(tmp_path: Path) -> None:
    with_passages(tmp_path, ["alpha beta", "gamma alpha", "", "beta alpha beta", "", "aab"])
    catalog = Catalog(tmp_path)
    assert list(catalog.numbers_holding("alpha beta")) == [0, 3]
    assert list(catalog.numbers_holding("betagamma")) == []
    assert list(catalog.numbers_holding("a")) == [0, 1, 3, 5]
    assert list(catalog.numbers_holding("aab")) == [5]
    assert list(catalog.numbers_holding("nowhere")) == []


FLAG = Flag("notice", 0, 3, "detail")


def passage(row: int, at: int, heading: tuple[str, ...]) -> NewPassage:
    """One character of a plain text."""
    return NewPassage(
        row,
        b"%016d" % row,
        at,
        at + 1,
        at,
        at + 1,
        1,
        1,
        heading,
        (Span(at, at + 1),),
        " / ".join(heading),
        markup=False,
    )


def with_passages(folder: Path, texts: list[str]) -> None:
    """A catalog of those texts, each a document of one passage (none where it is empty)."""
    writer = CatalogWriter(folder)
    for number, text in enumerate(texts):
        size = len(text)
        whole = NewPassage(
            number, b"%016d" % number, 0, size, 0, size, 1, 1, (), (Span(0, size),), f"Title {number}", markup=False
        )
        document = Document(f"{number}.md", f"Title {number}", text, SHA)
        writer.add(number, document, Stamp(size, 2, 3), [whole] if text else [])
    writer.close()
