"""What became of a passage is found out from hashes, whatever happened to its document."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.auditing.lost_hits import LostHit, trace
from nrqa.auditing.receipts.making import receipt_of
from nrqa.auditing.receipts.model import KeptHit
from nrqa.indexing.reindexing import reindex

FIRST = "The harbour was dug in 1850 by four hundred men who came down from the hills in spring."
SECOND = "Ships of every nation came to the harbour and left their coal there until the war."
THIRD = "The bridge fell in the storm of 1907, and nobody has built it again since that winter."
OTHERS = (
    "The mill ground flour for the whole valley until the river dried up, and then it stood empty for years, since the "
    "miller had gone to the city with all his sons, where they baked bread for the men of the railway and for the "
    "soldiers, as the old women of the valley tell to this day when they are asked about it."
)
"""Long enough to be a passage of its own."""


class Library:
    """A corpus that is edited, and the hit on its harbour, as it was at first."""

    def __init__(self, corpus: Path, index: Path) -> None:
        self.corpus, self.index = corpus, index
        self.write("harbour.txt", f"{FIRST} {SECOND}\n")
        self.write("bridge.txt", f"{THIRD}\n")
        self.hits = {texts: self._ask(texts=texts) for texts in (True, False)}

    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text)

    def _ask(self, *, texts: bool) -> KeptHit:
        reindex(self.corpus, self.index, encoder=FakeEncoder())
        opened = Index.open(self.index, encoder=FakeEncoder())
        answer = opened.ask("harbour", k=1)
        return receipt_of(answer, opened.snapshot, k=1, texts=texts).hits[0]

    def fate(self, *, texts: bool = False, only: tuple[str, ...] = ()) -> LostHit:
        reindex(self.corpus, self.index, encoder=FakeEncoder())
        snapshot = Index.open(self.index, encoder=FakeEncoder()).snapshot
        return trace(self.hits[texts], snapshot, snapshot.filtered(None, only))


@pytest.fixture
def library(corpus: Path, index: Path) -> Library:
    return Library(corpus, index)


def test_a_passage_that_is_there_still_is_found_at_its_place(library: Library) -> None:
    fate = library.fate()
    assert fate.kind == "passage"
    assert fate.citation is not None
    assert fate.citation.place == "harbour.txt:1"


def test_a_passage_is_found_in_another_document_and_at_another_line(library: Library) -> None:
    (library.corpus / "harbour.txt").unlink()
    library.write("z.txt", f"{OTHERS}\n\n{FIRST} {SECOND}\n")
    fate = library.fate()
    assert fate.kind == "passage"
    assert fate.citation is not None
    assert fate.citation.place == "z.txt:3"


def test_a_passage_that_the_filters_leave_out_is_there_still(library: Library) -> None:
    assert library.fate(only=("harbour*",)).kind == "passage"
    assert library.fate(only=("bridge*",)).kind == "filtered"


def test_text_that_is_cut_otherwise_is_found_inside_the_passages_of_now(library: Library) -> None:
    library.write("harbour.txt", f"Hear this. {FIRST} {SECOND}\n")
    fate = library.fate()
    assert fate.kind == "recut"
    assert fate.citation is not None
    assert fate.citation.start == 0


@pytest.mark.parametrize("texts", [False, True])
def test_an_edited_passage_is_known_by_the_sentences_that_stayed(library: Library, texts: bool) -> None:  # noqa: FBT001
    library.write("harbour.txt", f"{OTHERS}\n\n{FIRST} {SECOND.replace('coal', 'iron')}\n")
    fate = library.fate(texts=texts)
    assert (fate.kind, fate.kept) == ("edited", 1)
    assert fate.citation is not None
    assert fate.citation.place == "harbour.txt:3"
    changes = [(one.kind, one.before or one.after) for one in fate.words if one.kind != "same"]
    assert changes == ([("removed", "coal "), ("added", "iron ")] if texts else [])


def test_where_no_sentence_stayed_the_words_tell_if_they_were_kept(library: Library) -> None:
    edited = f"{FIRST} {SECOND}".replace("harbour", "haven")
    library.write("harbour.txt", f"{edited}\n")
    with_text, without = library.fate(texts=True), library.fate()
    assert (with_text.kind, with_text.kept, with_text.citation is not None) == ("edited", 0, True)
    assert (without.kind, without.citation) == ("edited", None)


def test_a_document_with_other_contents_altogether_is_edited_and_nothing_more_is_said(library: Library) -> None:
    library.write("harbour.txt", f"{THIRD} Nobody knows of it any more, and its stones lie in the river.\n")
    assert library.fate(texts=True) == LostHit("edited")


def test_a_removed_document_is_told_from_one_that_cannot_be_read(library: Library) -> None:
    file = library.corpus / "harbour.txt"
    file.write_bytes(b"\0\1\2" * 500)
    fate = library.fate()
    assert fate.kind == "unreadable"
    assert fate.reason
    file.unlink()
    assert library.fate() == LostHit("removed")


def test_the_same_beginning_is_not_taken_for_the_same_text(library: Library) -> None:
    (library.corpus / "harbour.txt").unlink()
    library.write("z.txt", f"{FIRST} {SECOND[:-5]} end.\n")
    assert library.fate() == LostHit("removed")


def test_text_outside_of_every_passage_is_told_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    reindex(library.corpus, library.index, encoder=FakeEncoder())
    snapshot = Index.open(library.index, encoder=FakeEncoder()).snapshot
    found = snapshot.document_named("harbour.txt")
    assert found is not None
    within = snapshot.filtered(None, None)
    monkeypatch.setattr(snapshot, "document_named", lambda _: (found[0], []))
    assert trace(library.hits[False], snapshot, within) == LostHit("recut")
    monkeypatch.setattr(snapshot, "document_named", lambda _: ("other text", []))
    assert trace(library.hits[False], snapshot, within) == LostHit("reread")
