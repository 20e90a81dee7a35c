from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import DIMENSIONS, FakeEncoder, tokens_of
from nrqa.answering import inspecting
from nrqa.answering.asking import Index
from nrqa.encoder.protocol import Encoded, Encoder
from nrqa.errors import IndexDamagedError
from nrqa.index.encoder_input import encoder_input, sentence_ends
from nrqa.index.local import generation
from nrqa.index.local.builder import Builder
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing import embedding
from nrqa.indexing.checkpoint import Checkpoint
from nrqa.indexing.reindexing import reindex
from nrqa.records import Span
from nrqa.signals.codebook import read_codebook, shipped
from nrqa.signals.late.coding import Kept, encode
from nrqa.signals.late.token_weights import wanted
from nrqa.text.markup import readable
from nrqa.text.sentences import sentence_spans

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau".split()


def paragraph(number: int) -> str:
    """Four sentences that no other number has."""
    lines = []
    for at in range(4):
        words = [WORDS[(number * 5 + at * 3 + step * (number + 2)) % len(WORDS)] for step in range(6)]
        lines.append(f"The {words[0]} of {number} is {' '.join(words[1:])} number {at}.")
    return " ".join(lines)


def fill(corpus: Path, documents: int, paragraphs: int = 6, *, first: int = 0) -> None:
    for at in range(first, first + documents):
        (corpus / f"document-{at}.txt").write_text("\n\n".join(paragraph(at * 50 + one) for one in range(paragraphs)))


class Dying(FakeEncoder):
    """Is interrupted after some passages, as by Ctrl-C."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        if self._left <= 0:
            raise KeyboardInterrupt
        self._left -= len(texts)
        return super().encode_passages(texts)


def codes_by_text(index: Path) -> dict[str, bytes]:
    """The token codes of every passage, by what the encoder read for it."""
    snapshot = LocalSnapshot.newest(index)
    found: dict[str, bytes] = {}
    for name in snapshot.known:
        document = snapshot.document_named(name)
        assert document is not None
        for one in document[1]:
            text = encoder_input(one.context, one.passage.text, markup=one.markup)
            codes = snapshot.coded([one.row])[0].codes.tobytes()
            assert found.setdefault(text, codes) == codes
    return found


def assert_tokens_are_those_of_a_fresh_build(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the codebook of the index, a fresh build has the same codes of every text, and the same counts."""
    codebook = LocalSnapshot.newest(index).codebook
    fresh = index.parent / "fresh"
    with monkeypatch.context() as patch:
        patch.setattr(embedding, "shipped", lambda _: codebook)
        reindex(corpus, fresh, encoder=FakeEncoder())
    assert codes_by_text(index) == codes_by_text(fresh)
    ours, theirs = (LocalSnapshot.newest(place).counted_tokens() for place in (index, fresh))
    np.testing.assert_array_equal(ours, theirs)
    shutil.rmtree(fresh)


def test_every_passage_has_a_code_for_each_word_with_the_number_of_its_sentence(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    (corpus / "ships.md").write_text("# The ships\n\nOne ship came. Two ships, they say, went!\n")
    reindex(corpus, index, encoder=fake)
    snapshot = LocalSnapshot.newest(index)
    (row,) = snapshot.vector_parts[0].rows.tolist()
    (coded,) = snapshot.coded([row])
    codes = coded.codes
    # The | ships | One ship came | Two ships they say went
    assert codes[:, 0].tolist() == [0] * 2 + [1] * 3 + [2] * 5
    assert snapshot.codebook is not None
    text = "The ships\nOne ship came. Two ships, they say, went!"
    tokens = tokens_of(text)
    keep = wanted(text, tokens.spans)
    owners = np.zeros(int(keep.sum()), np.int64)
    kept = Kept(tokens.vectors[keep], tokens.ids[keep], owners, coded.vector[None, :], None)
    np.testing.assert_array_equal(codes[:, 1:], encode(snapshot.codebook, kept))


def test_each_token_is_counted_once_for_each_passage_it_stands_in(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "a.txt").write_text("Whales eat krill and whales eat fish in the cold sea, as all of the whales know.\n")
    (corpus / "b.txt").write_text("Whales swim where the cold sea is deep, and they come up when they need the air.\n")
    reindex(corpus, index, encoder=fake)
    ids = tokens_of("whales krill air submarine ,").ids
    assert LocalSnapshot.newest(index).token_counts(ids).tolist() == [2, 1, 1, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("after", [5, 20, 21])
def test_a_build_that_died_has_its_codebook_and_codes_used_by_the_next_one(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(embedding, "_AT_ONCE", 4)
    monkeypatch.setattr(embedding, "SAMPLE", 5)
    fill(corpus, 8)
    dying = Dying(after)
    with pytest.raises(KeyboardInterrupt):
        reindex(corpus, index, encoder=dying)
    kept = next(index.glob("tmp-codebook-*"))
    trained = read_codebook(kept)
    assert trained is not None
    fresh = FakeEncoder()
    report = reindex(corpus, index, encoder=fresh)
    assert not set(dying.encoded) & set(fresh.encoded)
    assert report.passages_embedded == len(fresh.encoded) == report.passages_total - len(dying.encoded)
    snapshot = LocalSnapshot.newest(index)
    assert snapshot.codebook is not None
    np.testing.assert_array_equal(snapshot.codebook.centroids, trained.centroids)
    assert snapshot.manifest.codebook_passages == 5
    assert not list(index.glob("tmp-*"))
    assert_tokens_are_those_of_a_fresh_build(corpus, index, monkeypatch)


@pytest.mark.slow
def test_a_kept_codebook_that_is_damaged_is_trained_again(corpus: Path, index: Path) -> None:
    fill(corpus, 4)
    with pytest.raises(KeyboardInterrupt):
        _interrupted_late(corpus, index)
    kept = next(index.glob("tmp-codebook-*"))
    kept.write_bytes(kept.read_bytes()[:100])
    report = reindex(corpus, index, encoder=FakeEncoder())
    assert report.passages_total == 24
    assert LocalSnapshot.newest(index).codebook is not None


def _interrupted_late(corpus: Path, index: Path) -> None:
    """A build that dies when everything is embedded."""
    with patch.object(Builder, "finish", side_effect=KeyboardInterrupt):
        reindex(corpus, index, encoder=FakeEncoder())


@pytest.mark.slow
def test_a_build_that_died_after_the_last_passage_leaves_nothing_to_embed(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus, 4)
    with pytest.raises(KeyboardInterrupt):
        _interrupted_late(corpus, index)
    assert reindex(corpus, index, encoder=fake).passages_embedded == 0
    assert fake.encoded == []


@pytest.mark.parametrize("saved", [b"", b"x" * (2 * DIMENSIONS - 1), b"x" * (2 * DIMENSIONS + 1)])
def test_what_was_saved_for_another_encoder_is_not_used(
    saved: bytes, corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus, 2)
    monkeypatch.setattr(Checkpoint, "get", lambda *_: saved)
    report = reindex(corpus, index, encoder=fake)
    assert report.passages_embedded == len(fake.encoded) == report.passages_total


def test_an_encoder_without_token_vectors_answers_without_the_late_signal(corpus: Path, index: Path) -> None:
    fill(corpus, 3)
    encoder = FakeEncoder(tokens=False)
    reindex(corpus, index, encoder=encoder)
    answer = Index.open(index, encoder=encoder).ask("which alpha is number 2", k=4)
    assert len(answer.hits) == 4
    assert all(set(hit.signals) == {"dense", "lexical"} for hit in answer.hits)
    snapshot = LocalSnapshot.newest(index)
    assert snapshot.codebook is None
    assert not [name for name in snapshot.manifest.files if "token" in name or "codebook" in name]
    fill(corpus, 1, first=9)
    (corpus / "document-0.txt").unlink()
    assert reindex(corpus, index, encoder=encoder).passages_embedded == 6


@pytest.mark.slow
def test_passages_with_the_same_text_share_their_codes_also_after_their_part_is_written_anew(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    text = paragraph(1) + "\n"
    for at in range(10):
        (corpus / f"copy-{at}.txt").write_text(text)
    reindex(corpus, index, encoder=fake)
    once = _size_of_codes(index)
    assert len(fake.encoded) == 1
    (corpus / "other.txt").write_text(paragraph(2))
    for at in range(5):
        (corpus / f"copy-{at}.txt").unlink()
    reindex(corpus, index, encoder=fake)
    assert len(LocalSnapshot.newest(index).manifest.parts) == 1
    assert _size_of_codes(index) <= 2 * once
    assert len(codes_by_text(index)) == 2


def _size_of_codes(index: Path) -> int:
    files = LocalSnapshot.newest(index).manifest.files
    return sum(int(facts["size"]) for name, facts in files.items() if name.endswith("tokens.u8"))


def _append(corpus: Path) -> None:
    file = corpus / "document-2.txt"
    file.write_text(file.read_text() + "\n\n" + paragraph(999))


def _delete(corpus: Path) -> None:
    for file in sorted(corpus.iterdir())[:6]:
        file.unlink()


CHANGES: list[Callable[[Path], object]] = [
    _append,
    lambda corpus: (corpus / "document-3.txt").unlink(),
    lambda corpus: fill(corpus, 1, first=20),
    lambda corpus: fill(corpus, 6, first=30),
    lambda corpus: shutil.copy(corpus / "document-4.txt", corpus / "copy.txt"),
    lambda corpus: (corpus / "document-4.txt").unlink(),
    lambda corpus: (corpus / "document-5.txt").rename(corpus / "moved.txt"),
    _delete,
    lambda corpus: fill(corpus, 1),
]


@pytest.mark.slow
def test_codes_and_counts_are_those_of_a_fresh_build_after_every_change(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus, 12)
    reindex(corpus, index, encoder=fake)
    for change in CHANGES:
        change(corpus)
        reindex(corpus, index, encoder=fake)
        assert_tokens_are_those_of_a_fresh_build(corpus, index, monkeypatch)


def test_a_corpus_of_many_copies_of_few_texts_is_not_embedded_anew_again_and_again(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    for at in range(40):
        (corpus / f"copy-{at}.txt").write_text(paragraph(at % 2))
    reindex(corpus, index, encoder=fake)
    again = reindex(corpus, index, encoder=fake)
    assert (again.generation, again.notices, again.passages_embedded) == (1, (), 0)


@pytest.mark.slow
def test_a_corpus_that_has_grown_far_gets_a_new_codebook_once(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    fill(corpus, 1)
    reindex(corpus, index, encoder=fake)
    fill(corpus, 12)
    assert reindex(corpus, index, encoder=fake).notices == ()
    grown = reindex(corpus, index, encoder=fake)
    assert "grown" in grown.notices[0]
    assert grown.passages_embedded == grown.passages_total == 72
    assert reindex(corpus, index, encoder=fake).notices == ()


@pytest.mark.slow
def test_an_index_without_documents_gets_its_codebook_when_some_come(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex(corpus, index, encoder=fake, allow_empty=True)
    assert LocalSnapshot.newest(index).codebook is None
    fill(corpus, 2)
    reindex(corpus, index, encoder=fake)
    answer = Index.open(index, encoder=fake).ask("which alpha is number 2", k=20)
    assert all("late" in hit.signals for hit in answer.hits)
    assert_tokens_are_those_of_a_fresh_build(corpus, index, monkeypatch)


class Wordless(FakeEncoder):
    """Reads no token in texts that speak of silence."""

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        found = super().encode_passages(texts)
        none = tokens_of("")
        return Encoded(
            found.vectors,
            tuple(none if "silence" in text else one for text, one in zip(texts, found.tokens, strict=True)),
        )


@pytest.mark.slow
def test_passages_without_any_token_lie_beside_those_with_some(corpus: Path, index: Path) -> None:
    encoder = Wordless()
    (corpus / "silence.txt").write_text("There is silence in this text, and nothing else at all is in it.\n")
    reindex(corpus, index, encoder=encoder)
    assert LocalSnapshot.newest(index).codebook is None
    assert LocalSnapshot.newest(index).manifest.codebook_passages == 0
    fill(corpus, 3)
    (corpus / "again.txt").write_text("There is silence in this one again, and there is nothing else in it.\n")
    report = reindex(corpus, index, encoder=encoder)
    answer = Index.open(index, encoder=encoder).ask("alpha number", k=30)
    assert len(answer.hits) == report.passages_total == 20
    late_of = {hit.passage.citation.document: hit.signals["late"] for hit in answer.hits}
    assert late_of["silence.txt"] == late_of["again.txt"] == 0.0
    assert late_of["document-0.txt"] > 0


@pytest.mark.slow
def test_emptied_and_filled_again_it_still_has_its_tokens(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(corpus, 2)
    reindex(corpus, index, encoder=fake)
    shutil.rmtree(corpus)
    corpus.mkdir()
    reindex(corpus, index, encoder=fake, allow_empty=True)
    ids, _ = LocalSnapshot.newest(index).counted_tokens()
    assert len(ids) == 0
    fill(corpus, 3)
    reindex(corpus, index, encoder=fake)
    assert_tokens_are_those_of_a_fresh_build(corpus, index, monkeypatch)


@pytest.mark.slow
def test_a_reader_of_an_older_generation_keeps_its_codes_when_the_generation_is_swept(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    fill(corpus, 4)
    reindex(corpus, index, encoder=fake)
    held = LocalSnapshot.newest(index)
    rows = held.vector_parts[0].rows.tolist()
    before = [one.codes.tobytes() for one in held.coded(rows)]
    for at in range(4):
        fill(corpus, 4, first=10 * (at + 1))
        reindex(corpus, index, encoder=fake)
    assert not held.folder.exists()
    assert [one.codes.tobytes() for one in held.coded(rows)] == before
    assert held.embedded([b"x" * 16]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["codebook.npy", "token_counts.npy", "tokens.u8", "token_places.npy"])
@pytest.mark.parametrize("damage", ["missing", "short"])
def test_a_token_file_that_is_missing_or_short_is_a_damaged_index(
    corpus: Path, index: Path, fake: FakeEncoder, name: str, damage: str
) -> None:
    fill(corpus, 2)
    reindex(corpus, index, encoder=fake)
    file = next(index.glob(f"000001/**/{name}"))
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(IndexDamagedError, match="rebuild"):
        Index.open(index, encoder=fake)
    damaged = inspecting.status(index, verify=True).damaged
    assert damaged is not None
    assert [where.split("/")[-1] for where, _ in damaged] == [name]
    report = reindex(corpus, index, encoder=fake)
    assert "damaged" in report.notices[0]
    assert Index.open(index, encoder=fake).ask("alpha").hits


@pytest.mark.slow
@pytest.mark.parametrize("name", ["codebook.npy", "token_counts.npy", "token_places.npy", "rows.npy", "vectors.faiss"])
def test_an_array_whose_header_is_damaged_is_a_damaged_index_and_never_a_silent_loss_of_a_signal(
    corpus: Path, index: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(generation, "COMPARED", 0)  # as for large files
    fill(corpus, 2)
    reindex(corpus, index, encoder=fake)
    file = next(index.glob(f"000001/**/{name}"))
    data = bytearray(file.read_bytes())
    end = data.index(b"}") if name.endswith(".npy") else 40
    data[end] = ord("(")  # numpy lets Python's own error for this out
    file.write_bytes(data)
    with pytest.raises(IndexDamagedError, match="verify"):
        Index.open(index, encoder=fake)
    assert inspecting.status(index, verify=True).damaged
    assert "damaged" in reindex(corpus, index, encoder=fake).notices[0]


def test_the_codebook_shipped_for_a_model_is_used_and_nothing_is_trained(
    articles_index: Path, encoder: Encoder
) -> None:
    snapshot = LocalSnapshot.newest(articles_index)
    ours = shipped(encoder.model.fingerprint)
    assert snapshot.codebook is not None
    assert ours is not None
    np.testing.assert_array_equal(snapshot.codebook.centroids, ours.centroids)
    assert snapshot.manifest.codebook_passages == 0


def test_the_same_text_in_documents_of_two_languages_has_the_sentences_of_each(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    # An abbreviation in one language ends a sentence in the other.
    same = "Ann went to St. Louis. Das war z.B. am 3. Oktober so. Bzw. auch nicht. No. 5 is alive."
    around = {
        "english.txt": "The cat of the house is in the sea and it was for the dog with the man. ",
        "deutsch.txt": "Der Hund und die Katze sind nicht mit der Frau von dem Haus zu sehen. ",
    }
    for name, filler in around.items():
        (corpus / name).write_text(f"{same}\n\n{filler * 12}\n")
    reindex(corpus, index, encoder=fake)
    snapshot = LocalSnapshot.newest(index)
    counts = []
    for name in around:
        document = snapshot.document_named(name)
        assert document is not None
        first = document[1][0]
        assert first.passage.text == same
        counts.append(len(first.sentences))
        assert int(snapshot.coded([first.row])[0].codes[:, 0].max()) == counts[-1]
    assert counts[0] != counts[1]


MARKED = [
    "**One bold sentence. And one more.** Then a third one. [Four is a link](http://example.org/a.b). Five.",
    "See [the words. And more](http://x.org/Very/Long/Path). *Two* is it. Three `code` here. ~~Four~~ ends.",
    "One <b>tag. Two</b> is here. Three <!-- hidden. Words --> are here. Four.",
    "> A quote is one. A quote is two.\n> A third is **here**. Four.",
    "![An image](a.png). Two _words_ follow. [![badge](b.svg)](http://c.d). Last one.",
]


@pytest.mark.parametrize("markdown", MARKED)
def test_a_word_of_a_marked_up_passage_gets_the_number_of_its_sentence(markdown: str) -> None:
    sentences = sentence_spans(markdown, 0, len(markdown), "en")
    assert len(sentences) > 2
    ends = sentence_ends("Title", markdown, sentences, markup=True)
    assert ends == sorted(ends)
    text = encoder_input("Title", markdown, markup=True)
    # The last word of each sentence occurs once, so where it must be is known.
    for number, sentence in enumerate(sentences, 1):
        words = readable(markdown[sentence.start : sentence.end])
        last = next((word for word in reversed(words.replace(".", " ").split()) if word.isalpha()), "")
        if last and text.count(last) == 1:
            at = text.index(last) + len(last) - 1
            assert int(np.searchsorted(ends, at, side="right")) == number, last


@given(st.text(alphabet="ab .*_`[]()<>!#|~-\n", max_size=120), st.data())
def test_sentence_ends_ascend_and_stay_inside_whatever_the_marks_are(markdown: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(markdown)), min_size=2, max_size=5))) if markdown else [0, 0]
    sentences = [Span(start, end) for start, end in pairwise(cuts)]
    ends = sentence_ends("T", markdown, sentences, markup=True)
    assert len(ends) == len(sentences) + 1
    assert ends == sorted(ends)
    assert ends[-1] <= len(encoder_input("T", markdown, markup=True))


@given(st.text(min_size=1, max_size=200))
def test_the_words_of_a_plain_passage_are_of_the_sentence_they_stand_in(text: str) -> None:
    sentences = sentence_spans(text, 0, len(text), "en")
    ends = sentence_ends("", text, sentences, markup=False)
    for start, end in tokens_of(text).spans.tolist():
        inside = [at for at, span in enumerate(sentences, 1) if span.start <= start and end <= span.end]
        if inside:
            assert int(np.searchsorted(ends, end - 1, side="right")) == inside[0]
