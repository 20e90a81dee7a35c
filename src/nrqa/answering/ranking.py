"""Ranking: the rows that may answer, each scored by every signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from nrqa.answering.lending import Lent, Naming, having, lent, named_documents, naming
from nrqa.encoder.unread import unread
from nrqa.signals import fusion
from nrqa.signals.late import matching, token_weights
from nrqa.signals.lexical import best_possible
from nrqa.text.questions import plain
from nrqa.text.terms import Word, further_terms, name_of, names_in_question, question_terms, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Encoded, Table, Tokens
    from nrqa.index.snapshot import Filtered, Snapshot

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Found = tuple[Rows, Scores]

CANDIDATES = 50
"""Best rows of each signal that are blended."""
READ = 20
"""The best hits that a cross-encoder reads, if one is asked for (``reranking``)."""
_CANDIDATES_OF_NAMED = 20
"""Best rows of each signal among those of the documents that a question names, which are blended, too."""
_LARGE = 50_000
"""From so many passages on, the lexical search has its own thread: at a million it takes 7 ms, beside the encoding."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the signals need it; ``tokens`` is None where the encoder has no token vectors.

    ``table`` and ``unknown`` are as in ``Encoded``.
    """

    text: str
    terms: list[str]
    vector: Scores
    tokens: Tokens | None
    table: Table | None = None
    unknown: int = -1

    @property
    def unread(self) -> float:
        """The share of its letters that the encoder does not read; all of it where it has signs and no words."""
        if self.tokens is None:
            return 0.0
        if not words_of(self.text):
            return 1.0
        return unread(self.text, self.tokens.ids, self.tokens.spans, self.unknown)

    @property
    def beyond(self) -> float:
        """The share of its words that come after the last one that the encoder reads."""
        return self.rest / len(words_of(self.text)) if self.rest else 0.0

    @property
    def rest(self) -> int:
        """How many words come after the last one that the encoder reads."""
        if self.tokens is None or not len(self.tokens.spans):
            return 0
        return len(words_of(self.text[int(self.tokens.spans[:, 1].max()) :]))


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as the late signal needs it: see ``late.matching`` and ``late.token_weights``."""

    tables: matching.Tables
    weights: Scores
    alone: bool = False
    """Whether its words judge the answer and emphasise its sentences: the encoder does not read enough of it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows, best first, with their blended scores and those of each signal, all aligned.

    ``comparable`` are the signals on scales that end at 1: BM25 is divided by the most it can be for the question.
    ``weights`` are the signals' shares in the blend, ``idf`` the weights of the question's terms. ``tokens`` is None
    where there is no late signal. A question that ``names`` documents has a signal more, ``document``: what the
    passage's document adds to the other signals, as it has words of the question; ``lent`` (rows, words) says which.
    """

    rows: Rows
    scores: Scores
    signals: dict[str, Scores]
    comparable: dict[str, Scores]
    weights: dict[str, float]
    idf: dict[str, float]
    tokens: Asking | None
    names: Naming | None = None
    lent: Lent | None = None

    def only(self, kept: NDArray[np.bool_]) -> Ranked:
        """The ranking as if it had only these rows."""
        return replace(
            self,
            rows=self.rows[kept],
            scores=self.scores[kept],
            signals={name: scores[kept] for name, scores in self.signals.items()},
            comparable={name: scores[kept] for name, scores in self.comparable.items()},
            lent=self.lent.at(kept) if self.lent else None,
        )

    def lent_to_tokens(self, at: int, question: Question) -> Scores | None:
        """What each token of the question counts at least in the row at that position; None where nothing is lent."""
        if self.names is None or self.lent is None or question.tokens is None:
            return None
        counts = self.lent.counts[at]
        return _of_tokens(self.names, question.tokens, counts) if counts.any() else None


def questions(texts: list[str], terms: list[list[str]], encoded: Encoded) -> list[Question]:
    """A ``Question`` for each text, with its terms and its vectors."""
    tokens = encoded.tokens or (None,) * len(texts)
    return [
        Question(*one, encoded.table, encoded.unknown)
        for one in zip(texts, terms, encoded.vectors, tokens, strict=True)
    ]


def prepared(snapshot: Snapshot, texts: Sequence[str], encode: Callable[[list[str]], Encoded]) -> list[Question]:
    """A ``Question`` for each text, read as ``plain`` gives it."""
    read = [plain(text) for text in texts]
    return questions(read, [terms_of(snapshot, text) for text in read], encode([*map(as_encoded, read)]))


def as_encoded(text: str) -> str:
    """The question as the encoder reads it: always with one question mark, so that it makes no difference whether."""
    return f"{text}?"


def terms_of(snapshot: Snapshot, text: str) -> list[str]:
    """The terms of a question, and those of its further terms that the index holds; empty where it has no word."""
    terms = question_terms(text)
    if terms and snapshot.lexical is not None:
        further = further_terms(text)
        # All that is asked of single terms later: an index that a server keeps looks them up in one request.
        parts = [part for word in words_of(text) for part in (word.whole, word.beside, *word.parts) if part]
        known = {*snapshot.lexical.known([*terms, *further, *parts])}
        terms += [term for term in further if term in known]
    return list(dict.fromkeys(terms))


def begin_lexical(snapshot: Snapshot, terms: list[str], k: int, within: Filtered) -> Callable[[], Found] | None:
    """Start the lexical search of ``rank`` while the question is being encoded; None where that gains nothing."""
    if within.passage_count < _LARGE and not snapshot.away:
        return None
    from nrqa.answering.background import in_background  # small indexes do without it

    return in_background(lambda: snapshot.search_lexical(terms, _depth(k), within))


def rank(
    snapshot: Snapshot, question: Question, k: int, within: Filtered, *, lexical: Callable[[], Found] | None = None
) -> Ranked:
    """The union of what both searches find, each at least ``k`` rows deep, ordered by the blend of all signals.

    ``lexical`` is what ``begin_lexical`` gave for the same question, ``k`` and filter.
    """
    import numpy as np

    dense_rows, _ = snapshot.search_dense(question.vector, _depth(k), within)
    lexical_rows, _ = lexical() if lexical else snapshot.search_lexical(question.terms, _depth(k), within)
    names = naming(snapshot, question.text)
    of_named = _rows_of_named(snapshot, question, names, within) if names else ()
    # np.union1d would import numpy.ma, which takes a tenth of the time of a cold question.
    rows = np.array(sorted({*dense_rows.tolist(), *lexical_rows.tolist(), *of_named}), np.int64)
    return rank_rows(snapshot, question, rows)


def _rows_of_named(snapshot: Snapshot, question: Question, names: Naming, within: Filtered) -> list[int]:
    """The best passages of the documents that the question names."""
    documents = named_documents(snapshot, names, within)
    if not documents:
        return []
    theirs = snapshot.within_documents(documents)
    by_dense, _ = snapshot.search_dense(question.vector, _CANDIDATES_OF_NAMED, theirs)
    # Without the words that name the document: its first passage has them, and answers nothing.
    naming_terms = {term for word in names.words for term in word.terms}
    rest = [term for term in question.terms if term not in naming_terms]
    by_words, _ = snapshot.search_lexical(rest, _CANDIDATES_OF_NAMED, theirs)
    return [*by_dense.tolist(), *by_words.tolist()]


def rank_rows(snapshot: Snapshot, question: Question, rows: Rows) -> Ranked:
    """The rows (given in ascending order), ordered by the blend of all signals; scores depend on no other row."""
    import numpy as np

    assert snapshot.lexical is not None
    idf = snapshot.lexical.weights(question.terms)
    score_lexical = partial(snapshot.lexical.score, question.terms, rows)
    lexical: Callable[[], Scores] = score_lexical
    if snapshot.manifest.passages >= _LARGE:
        from nrqa.answering.background import in_background

        lexical = in_background(score_lexical)
    scored_dense = snapshot.score_dense(question.vector, rows)
    names = naming(snapshot, question.text)
    gets = lent(snapshot, names, rows) if names else None
    asking = late = with_document = None
    tokens_per_word = 1.0
    if snapshot.codebook is not None and question.tokens is not None:
        tables = matching.tables(snapshot.codebook, question.tokens.vectors, question.table, question.unknown)
        asking = Asking(tables, weights_of(snapshot, question), fusion.words_alone(question.unread) > 0)
        late, with_document = matching.scores(
            tables,
            asking.weights,
            snapshot.coded(rows.tolist()),
            _exact(snapshot, question, rows),
            _lent_to_tokens(names, gets, question.tokens) if names and gets else None,
        )
        # Words beyond what the encoder reads are as foreign to it as words that it cuts in pieces.
        tokens_per_word = token_weights.tokens_per_word(question.text, question.tokens.spans) + question.beyond
    signals = {"dense": scored_dense, "lexical": lexical()}
    if late is not None:
        signals["late"] = late
    weights = fusion.weights_for(
        snapshot.manifest.fusion, tokens_per_word, late=asking is not None, unread=question.unread
    )
    comparable = {**signals, "lexical": signals["lexical"] / np.float32(best_possible(idf))}
    if names and gets:
        more = _more_words(names, gets, idf) / np.float32(best_possible(idf))
        added = np.float32(weights["lexical"]) * more
        if late is not None and with_document is not None:
            added += np.float32(weights["late"]) * (with_document - late)
        # It takes its share from those of the signals that it adds to.
        weights["document"] = weights["lexical"] + weights.get("late", 0.0)
        signals["document"] = comparable["document"] = added / np.float32(weights["document"])
    blended = fusion.blend(comparable, weights)
    best = fusion.order(rows, blended)
    raw, scaled = ({name: scores[best] for name, scores in which.items()} for which in (signals, comparable))
    return Ranked(
        rows[best],
        blended[best],
        raw,
        scaled,
        weights,
        idf,
        asking,
        names,
        gets.at(best) if gets else None,
    )


def _of_tokens(names: Naming, tokens: Tokens, of_words: Scores) -> Scores:
    """The values of words that tell documents apart, given to their tokens: shape (tokens,)."""
    import numpy as np

    found = np.zeros(len(tokens.spans), np.float32)
    for word, value in zip(names.words, of_words.tolist(), strict=True):
        found[tokens_of(word, tokens)] = value
    return found


def _lent_to_tokens(names: Naming, gets: Lent, tokens: Tokens) -> matching.Lent:
    """What documents lend to passages, token by token of the question."""
    import numpy as np

    of_words = np.array([tokens_of(word, tokens) for word in names.words], np.float32)
    return matching.Lent(gets.counts @ of_words, (gets.lacking @ of_words) > 0)


def _more_words(names: Naming, gets: Lent, idf: dict[str, float]) -> Scores:
    """What BM25 gets for words that rows lack and their documents have: as for one occurrence in a usual text."""
    import numpy as np

    worths = [sum(idf.get(term, 0.0) for term in word.terms) for word in names.words]
    found = np.zeros(len(gets.counts), np.float32)
    for worth, credit, own in zip(worths, gets.counts.T, gets.own.T, strict=True):
        found += np.float32(worth) * credit * ~own
    return found


def _depth(k: int) -> int:
    return max(CANDIDATES, k)


def weights_of(snapshot: Snapshot, question: Question) -> Scores:
    """How much each token of a question counts in this index."""
    tokens = question.tokens
    assert tokens is not None
    of_words = token_weights.words_of(question.text, tokens.spans) & (tokens.ids != question.unknown)
    whole = tokens.spans[:, 0] == tokens.spans[:, 1]
    passages, known = snapshot.manifest.passages, snapshot.token_counts(tokens.ids)
    many = snapshot.manifest.multilingual
    occurrences = token_weights.with_foreign(known, tokens.ids, passages) if many else known
    return token_weights.token_weights(occurrences, passages, of_words, whole)


def tokens_of(word: Word, tokens: Tokens) -> NDArray[np.bool_]:
    """Which tokens belong to a word of the question."""
    # The token's end decides: some tokenizers include the space before a word in its first token.
    starts, ends = tokens.spans[:, 0], tokens.spans[:, 1]
    found: NDArray[np.bool_] = (starts < ends) & (word.start < ends) & (ends <= word.end)
    return found


def _exact(snapshot: Snapshot, question: Question, rows: Rows) -> matching.Exact | None:
    """What the question names exactly, and which of the rows have it; None for most questions."""
    import numpy as np

    assert snapshot.lexical is not None
    assert question.tokens is not None
    holding = snapshot.lexical.holding
    words = [word for word in words_of(question.text) if word.exact]
    names = [holding(name, rows) for name in names_in_question(question.text)[:1]]
    if not words and not any(one.any() for one in names):
        return None
    nothing = np.zeros((0, len(rows)), bool)
    return matching.Exact(
        np.array([tokens_of(word, question.tokens) for word in words], bool).reshape(
            len(words), len(question.tokens.spans)
        ),
        np.array([having(snapshot, word, rows) for word in words], bool) if words else nothing,
        np.array([holding(name_of(word), rows) for word in words], bool) if words else nothing,
        np.any(names, axis=0) if names else np.zeros(len(rows), bool),
    )
