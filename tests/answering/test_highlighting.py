"""Which sentences of a passage are emphasised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import DIMENSIONS, FakeEncoder, tokens_of, vector
from nrqa.answering.asking import Index
from nrqa.answering.highlighting import by_tokens, by_words
from nrqa.encoder.protocol import Encoder
from nrqa.index.rows import Stored
from nrqa.indexing.reindexing import reindex
from nrqa.records import Citation, Passage, Span
from nrqa.signals.late.coding import Coded, Kept, encode, train
from nrqa.signals.late.matching import tables
from nrqa.signals.late.token_weights import wanted
from nrqa.text.sentences import sentence_spans

WORDS = "one two three four five six seven eight nine ten".split()
VECTORS = np.stack([vector(word) for word in WORDS])
NOTHING = np.zeros((1, DIMENSIONS), np.float32)
"""No passage's vector: a word means the same in every passage."""
CODEBOOK = train(Kept(VECTORS, np.arange(10), np.zeros(10, np.int64), NOTHING, None))


def stored(text: str, *, start: int = 100) -> Stored:
    """A passage that stands somewhere in its document."""
    citation = Citation("a.txt", "A", (), start, start + len(text), 1, 1, None, "")
    spans = tuple(Span(one.start + start, one.end + start) for one in sentence_spans(text, 0, len(text), "en"))
    return Stored(0, 0, Passage(text, citation), spans, "", markup=False)


def codes_of(text: str) -> Coded:
    """The codes as they are in an index, of a passage without title."""
    tokens = tokens_of(text)
    ends = np.array([0, *(span.end for span in sentence_spans(text, 0, len(text), "en"))])
    kept = wanted(text, tokens.spans)
    numbers = np.searchsorted(ends, tokens.spans[kept][:, 1] - 1, side="right").astype(np.uint8)
    ids, vectors = tokens.ids[kept], tokens.vectors[kept]
    rest = encode(CODEBOOK, Kept(vectors, ids, np.zeros(len(ids), np.int64), NOTHING, None))
    return Coded(np.column_stack([numbers, rest]), NOTHING[0])


def emphasised(text: str, question: str) -> list[str]:
    """The sentences emphasised by tokens, all words of the question counting alike."""
    tokens = tokens_of(question)
    weights = np.full(len(tokens.ids), 1 / len(tokens.ids), np.float32)
    found = by_tokens(stored(text), tables(CODEBOOK, tokens.vectors, None), weights, codes_of(text))
    return [text[span.start - 100 : span.end - 100] for span in found]


def test_the_sentence_whose_words_match_is_emphasised() -> None:
    assert emphasised("One two three. Four five six. Seven eight nine.", "five six") == ["Four five six."]


def test_two_that_are_as_good_are_both_emphasised_and_of_three_none_is() -> None:
    assert emphasised("Four one two. Nine ten. Four two one.", "four") == ["Four one two.", "Four two one."]
    assert emphasised("Four one two. Four two one. Four nine ten.", "four") == []


def test_a_sentence_that_names_it_by_a_pronoun_is_helped_by_the_one_before() -> None:
    # The subject stands in the first sentence, what is asked in the second.
    text = "One two three. It is five six. One seven eight nine ten."
    assert emphasised(text, "one five six") == ["It is five six."]


def test_passages_without_sentences_or_without_tokens_have_none() -> None:
    tokens = tokens_of("one")
    weights = np.ones(1, np.float32)
    nothing = Coded(np.empty((0, CODEBOOK.size), np.uint8), NOTHING[0])
    assert by_tokens(stored("One."), tables(CODEBOOK, tokens.vectors, None), weights, nothing) == ()
    bare = Stored(0, 0, stored("One.").passage, (), "", markup=False)
    assert by_tokens(bare, tables(CODEBOOK, tokens.vectors, None), weights, codes_of("One.")) == ()


def test_of_more_sentences_than_can_be_numbered_one_is_found_all_the_same() -> None:
    text = " ".join(["Nine ten."] * 100 + ["Four five six."] + ["Nine ten."] * 300)
    assert emphasised(text, "four five") == ["Four five six."]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=6), st.data())
def test_what_is_emphasised_is_at_most_two_sentences_of_the_passage(
    sentences: list[list[str]], data: st.DataObject
) -> None:
    text = " ".join(f"{' '.join(words).capitalize()}." for words in sentences)
    question = " ".join(data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)))
    one = stored(text)
    tokens = tokens_of(question)
    weights = np.full(len(tokens.ids), 1 / len(tokens.ids), np.float32)
    found = by_tokens(one, tables(CODEBOOK, tokens.vectors, None), weights, codes_of(text))
    assert len(found) <= 2
    assert set(found) <= set(one.sentences)
    assert list(found) == sorted(found, key=lambda span: span.start)


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=6), st.data())
def test_by_words_at_most_one_sentence_is_emphasised_and_it_is_one_of_the_passage(
    sentences: list[list[str]], data: st.DataObject
) -> None:
    one = stored(" ".join(f"{' '.join(words).capitalize()}." for words in sentences))
    idf = data.draw(st.dictionaries(st.sampled_from(WORDS), st.floats(0.1, 9)))
    found = by_words(one, idf)
    assert len(found) <= 1
    assert set(found) <= set(one.sentences)


def test_by_words_the_sentence_with_most_of_the_weight_is_emphasised_unless_two_are_alike() -> None:
    text = "One two three. Four five six. Seven eight nine."
    span = by_words(stored(text), {"four": 3.0, "five": 2.0, "one": 1.0})[0]
    assert text[span.start - 100 : span.end - 100] == "Four five six."
    assert by_words(stored(text), {"one": 1.0, "four": 1.0}) == ()
    assert by_words(stored(text), {"absent": 1.0}) == ()
    assert by_words(stored(text), {"one": 0.5, "absent": 9.0}) == ()


NATO = (
    "NATO is an alliance of European and American states. It was founded in 1949. "
    "Its headquarters stand in Brussels, where some four thousand people work."
)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("when was NATO founded", "It was founded in 1949."),
        ("where are the headquarters of NATO", "Its headquarters stand in Brussels"),
        ("what is NATO", "NATO is an alliance"),
    ],
)
def test_a_real_question_has_the_sentence_that_answers_it_emphasised(
    corpus: Path, index: Path, encoder: Encoder, question: str, sentence: str
) -> None:
    (corpus / "nato.txt").write_text(NATO + "\n")
    reindex(corpus, index, encoder=encoder)
    (hit,) = Index.open(index, encoder=encoder).ask(question).hits
    assert [NATO[span.start : span.end].startswith(sentence) for span in hit.highlights] == [True]


def test_in_markdown_the_sentence_is_found_between_marks_and_links(corpus: Path, index: Path, encoder: Encoder) -> None:
    text = (
        "# Alliances\n\n**NATO is an [alliance](http://example.org/a.b/Some.Long/Path) of states. It was founded in "
        '1949.** The *headquarters* stand in [Brussels](http://example.org/Brussels "city"). Four `thousand` people '
        "work there every day.\n"
    )
    (corpus / "nato.md").write_text(text)
    reindex(corpus, index, encoder=encoder)
    opened = Index.open(index, encoder=encoder)
    for question, sentence in (
        ("when was NATO founded", "It was founded in 1949"),
        ("where are the headquarters", "The *headquarters* stand"),
        ("how many people work there", "Four `thousand` people"),
    ):
        hit = opened.ask(question).hits[0]
        assert [sentence in text[span.start : span.end] for span in hit.highlights] == [True], question


@pytest.mark.slow
def test_emphasis_never_leaves_the_passage(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for at in range(5):
        (corpus / f"{at}.txt").write_text("\n\n".join(f"Café {one}. {at} 🚀 {one}. {NATO}" for one in range(6)))
    reindex(corpus, index, encoder=fake)
    for hit in Index.open(index, encoder=fake).ask("Brussels 🚀 3 café", k=50).hits:
        for span in hit.highlights:
            assert hit.passage.citation.start <= span.start < span.end <= hit.passage.citation.end
