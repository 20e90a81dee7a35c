from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeEncoder
from nrqa.answering import Index
from nrqa.catalog import Stored
from nrqa.grouping import join
from nrqa.indexing import reindex
from nrqa.records import Citation, Passage, Span

STORY = (
    "The lighthouse keeper counted the ships that passed the northern cape in winter and wrote each name into a book "
    "bound in green leather."
)
OTHER = "A beekeeper in the valley sells honey at the market on the first Saturday of every month, rain or shine."


def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def test_a_copy_in_another_document_is_no_hit_of_its_own_but_named(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    (corpus / "first.txt").write_text(STORY)
    (corpus / "second.txt").write_text(STORY.replace("winter", "winter,"))
    (corpus / "third.txt").write_text(OTHER)
    hits = opened(corpus, index, fake).ask("who counted the ships at the cape").hits
    assert [hit.passage.citation.document for hit in hits] == ["first.txt", "third.txt"]
    assert [one.document for one in hits[0].also] == ["second.txt"]
    assert hits[1].also == ()
    assert [hit.rank for hit in hits] == [1, 2]


def test_a_text_with_one_other_number_or_name_is_no_copy(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "first.txt").write_text(STORY.replace("the ships", "49 ships"))
    (corpus / "second.txt").write_text(STORY.replace("the ships", "94 ships"))
    hits = opened(corpus, index, fake).ask("how many ships passed the cape").hits
    assert len(hits) == 2
    assert not any(hit.also for hit in hits)


def test_copies_take_no_place_in_the_list(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for at in range(4):
        (corpus / f"copy-{at}.txt").write_text(STORY)
    (corpus / "other.txt").write_text(OTHER)
    hits = opened(corpus, index, fake).ask("lighthouse keeper counted ships", k=2).hits
    assert [hit.passage.citation.document for hit in hits] == ["copy-0.txt", "other.txt"]
    assert len(hits[0].also) == 3


def test_the_pieces_of_one_long_paragraph_are_one_citation(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    sentences = [f"Ship {at} carried amber and number {at} of the salt barrels to the harbour." for at in range(12)]
    (corpus / "ships.txt").write_text(" ".join(sentences))
    asked = opened(corpus, index, fake)
    pieces = asked.snapshot.document_named("ships.txt")
    assert pieces is not None
    text, passages = pieces
    spans = [one.passage.citation for one in passages]
    assert any(one.end > other.start for one, other in pairwise(spans)), "no pieces overlap"
    hits = asked.ask("which ship carried amber to the harbour", k=10).hits
    for hit in hits:
        citation = hit.passage.citation
        assert hit.passage.text == text[citation.start : citation.end]
    covered = [(hit.passage.citation.start, hit.passage.citation.end) for hit in hits]
    assert all(one[1] <= other[0] or other[1] <= one[0] for one in covered for other in covered if one != other)


@given(st.text(min_size=4, max_size=60), st.data())
def test_joined_passages_are_the_stretch_that_both_cover(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4, unique=False)))
    first, second = (cuts[0], cuts[2] + 1), (cuts[1], cuts[3] + 1)
    one, other = (stored(text, *first), stored(text, *second))
    for joined in (join(one, other), join(other, one)):
        citation = joined.passage.citation
        assert (citation.start, citation.end) == (cuts[0], min(cuts[3] + 1, len(text)))
        assert joined.passage.text == text[citation.start : citation.end]
    assert join(one, other).row == one.row


def stored(text: str, start: int, end: int) -> Stored:
    end = min(end, len(text))
    citation = Citation("a.txt", "", (), start, end, 1, 1, None, "", {})
    return Stored(start, 0, Passage(text[start:end], citation), (Span(start, end),), "", markup=False)


def test_a_hundred_copies_leave_room_for_the_rest(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for at in range(100):
        (corpus / f"copy-{at:03}.txt").write_text(STORY)
    (corpus / "other.txt").write_text(OTHER)
    hits = opened(corpus, index, fake).ask("lighthouse keeper counted ships", k=2).hits
    assert [hit.passage.citation.document for hit in hits] == ["copy-000.txt", "other.txt"]
    assert len(hits[0].also) == 99
