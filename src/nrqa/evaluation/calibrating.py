"""The verb ``calibrate``: fits the confidence to the user's own corpus."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nrqa.answering import calibration
from nrqa.answering.calibration import Calibration
from nrqa.answering.opened import opened, place_of
from nrqa.answering.verdict import ABSENT, ANSWERED, WITH_TOKENS, WITHOUT_TOKENS, logit
from nrqa.errors import NrqaError, QuestionSetError
from nrqa.evaluation.judgments.quotes import collapsed, holds, read_quotes
from nrqa.evaluation.swapped_names import vocabulary
from nrqa.evaluation.verdict_cases import AT_ONCE, Asked, Case, cases, near_misses
from nrqa.index.opening import is_read_only, refuse_packed
from nrqa.index.snapshot import Snapshot
from nrqa.records import Passage
from nrqa.settings import DEFAULT_INDEX
from nrqa.text.terms import written_words

if TYPE_CHECKING:
    from nrqa.answering.asking import Index

Values = NDArray[np.float64]
Announce = Callable[[str], None]
Progress = Callable[[str, int, int], None]
"""Called with a stage ("asking"), how many are done, and how many there are."""

_SEED = 20_240_607
_MOST = 300
"""Known items (questions made from a corpus), at most."""
_LEAST = 20
"""First hits that are right, and as many that are not, that a calibration needs at least."""
_OF_A_PASSAGE = 3
_WORDS = 8
"""Words of a sentence that make a known item."""
_MOST_OTHER = 2
_TIMED = AT_ONCE
"""Questions whose time tells how long all take: as many as the encoder reads together. Before the first are asked, the
encoder is opened, so the second as many are timed."""
_ONLY_MEASURES = (
    "Without questions this only measures which errors to expect; the confidence stays as it is. "
    "To fit it: nrqa calibrate QUESTIONS.jsonl"
)
_NOT_KEPT = "The index is packed, and so read-only: what is measured is not kept with it."
_FOLDS = 5
_THRESHOLDS = (0.02, ABSENT, 0.1, 0.2, 0.3, ANSWERED, 0.7, 0.8, 0.9)


def calibrate(
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    questions: str | os.PathLike[str] | None = None,
    *,
    announce: Callable[[str], None] | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the confidence to this corpus, keep it with the index, and return it with the errors to expect.

    ``questions`` is a JSONL file as for ``evaluate``: questions with quotes that answer them ([] where nothing does).
    Without it, questions are made from the corpus's own headings and sentences. These show which errors to expect, but
    they do not change the confidence: fitted to them, it was worse on people's questions (calibration error .03 to .07
    on xquad_en, .20 to .24 on the articles). In both cases negatives are made by hiding the answers, and by swapping
    names and numbers for others of the corpus. What is measured of a packed index is not kept; none is fitted there.

    Raises QuestionSetError where there are too few questions to learn from, and whatever ``ask`` raises.
    """
    say = announce or (lambda _: None)
    kept = not is_read_only(place_of(index))
    if questions is None:
        say(_ONLY_MEASURES if kept else f"{_ONLY_MEASURES} {_NOT_KEPT}")
    else:
        refuse_packed(place_of(index), "No calibration is kept")
    asked_of = opened(index)
    snapshot = asked_of.snapshot
    rng = random.Random(_SEED)  # noqa: S311 - the same questions every time
    asked = judged(Path(questions)) if questions is not None else known_items(snapshot, rng)
    texts = ((name, known[0]) for name in snapshot.known if (known := snapshot.document_named(name)))
    answerable = [one for one in asked if one.kind == "answerable"]
    every = [*asked, *near_misses(answerable, vocabulary(texts), rng)]
    seen = _seen(asked_of, every, say, progress or (lambda *_: None))
    right = np.array([one.right for one in seen], bool)
    if min(int(right.sum()), int((~right).sum())) < _LEAST:
        raise QuestionSetError(
            f"To calibrate, {_LEAST} questions are needed whose first hit is right, and {_LEAST} whose is not; "
            f"here are {int(right.sum())} and {int((~right).sum())}. Give more: nrqa calibrate QUESTIONS.jsonl"
        )
    weights = WITHOUT_TOKENS if snapshot.codebook is None else WITH_TOKENS
    odds = np.array([logit(one.evidence, weights) for one in seen])
    slope, intercept = fitted(odds, seen) if questions is not None else (1.0, 0.0)
    sure = _held_out(odds, seen) if questions is not None else 1 / (1 + np.exp(-odds))
    manifest = snapshot.manifest
    found = Calibration(
        slope=slope,
        intercept=intercept,
        source=Path(questions).name if questions is not None else "headings and sentences of the corpus",
        questions=len(asked),
        passages=manifest.passages,
        next_row=manifest.next_row,
        model=manifest.model.fingerprint,
        corpus=manifest.corpus_root,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        errors=_errors(sure, seen),
    )
    if kept:
        calibration.write(asked_of.folder, found)
    return found


def _seen(asked_of: Index, asked: Sequence[Asked], say: Announce, progress: Progress) -> list[Case]:
    """The cases of all questions. After the first few, how long the others will take is known, and told."""
    found: list[Case] = []
    began = 0.0
    for at, one in enumerate(cases(asked_of, asked), 1):
        found.append(one)
        progress("asking", at, len(asked))
        if at == _TIMED:
            began = time.monotonic()
        elif at == 2 * _TIMED:
            left = (time.monotonic() - began) / _TIMED * (len(asked) - at)
            say(f"Asking {len(asked):,} questions, which takes some {max(1, round(left)):,} s more.")
    return found


def judged(file: Path) -> list[Asked]:
    """The questions of a JSONL file with quotes."""
    found = []
    for one in read_quotes(file, file.name).questions:
        answers = partial(_answers, partial(holds, one))
        found.append(Asked(one.text, "answerable" if one.answerable else "unanswerable", answers))
    return found


def known_items(snapshot: Snapshot, rng: random.Random) -> list[Asked]:
    """Questions made from the corpus: words of a sentence, or a heading with some; the sentence's passage answers.

    Up to two words are replaced by others of the corpus, since nobody asks in exactly the words of a text.
    """
    within = snapshot.filtered(None, None)
    rows = snapshot.rows(within)
    chosen = rng.choices(rows.tolist(), k=min(_MOST, _OF_A_PASSAGE * len(rows))) if len(rows) else []
    passages = [snapshot.stored(row).passage for row in chosen]
    other_words = [word.group() for one in passages for word in written_words(one.text) if word.group().islower()]
    return [item for one in passages for item in _known_item(one, other_words, rng)]


def fitted(odds: Values, seen: Sequence[Case]) -> tuple[float, float]:
    """Slope and intercept of a logistic regression on the log odds; right first hits weigh as much as all others."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:  # nrqa-slim does without it
        raise NrqaError("To fit the confidence, scikit-learn is needed: pip install scikit-learn") from error

    right = np.array([one.right for one in seen], int)
    model = LogisticRegression(C=1e4)
    model.fit(odds.reshape(-1, 1), right, sample_weight=_shares(seen))
    return max(float(model.coef_[0, 0]), 0.05), float(model.intercept_[0])


def _answers(holds: partial[bool], passage: Passage) -> bool:
    return holds(passage.citation.document, collapsed(passage.text))


def _known_item(passage: Passage, other_words: Sequence[str], rng: random.Random) -> list[Asked]:
    words = written_words(passage.text)
    if len(words) < _WORDS:
        return []
    first = rng.randrange(len(words) - _WORDS + 1)
    some = [word.group() for word in words[first : first + _WORDS]]
    for at in rng.sample(range(_WORDS), rng.randrange(_MOST_OTHER + 1)) if other_words else ():
        some[at] = rng.choice(other_words)
    heading = passage.citation.heading
    text = " ".join([heading[-1], *some[: _WORDS // 2]]) if heading and rng.random() < 1 / 3 else " ".join(some)
    said = passage.text[words[first].start() : words[first + _WORDS - 1].end()]
    document = passage.citation.document
    return [Asked(text, "answerable", partial(_says, document, said), frozenset({document}))]


def _says(document: str, said: str, passage: Passage) -> bool:
    return passage.citation.document == document and said in passage.text


def _shares(seen: Sequence[Case]) -> Values:
    """The weight of each case: right first hits together weigh as much as all others; each kind of these the same."""
    right = np.array([one.right for one in seen], bool)
    kinds = np.array([one.kind for one in seen])
    shares = np.zeros(len(seen))
    for kind in set(kinds[~right].tolist()) - {"answerable"}:
        among = ~right & (kinds == kind)
        shares[among] = 1 / among.sum()
    wrong = ~right & (kinds == "answerable")
    if shares.any():
        shares[wrong] = shares[shares > 0].mean()
    else:
        shares[wrong] = 1.0
    shares[~right] /= shares[~right].sum()
    shares[right] = 1 / right.sum()
    return shares


def _held_out(odds: Values, seen: Sequence[Case]) -> Values:
    """The confidence of each case, from a fit to the folds that it is not in."""
    fold = np.random.default_rng(_SEED).permutation(len(seen)) % _FOLDS
    sure = np.zeros(len(seen))
    for at in range(_FOLDS):
        slope, intercept = fitted(odds[fold != at], [one for one, its in zip(seen, fold, strict=True) if its != at])
        sure[fold == at] = 1 / (1 + np.exp(-(slope * odds[fold == at] + intercept)))
    return sure


def _errors(sure: Values, seen: Sequence[Case]) -> dict[str, dict[str, float]]:
    right = np.array([one.right for one in seen], bool)
    shares = _shares(seen)
    return {
        f"{threshold:g}": {
            "refused": round(float((sure[right] < threshold).mean()), 4),
            "believed": round(float(shares[~right] @ (sure[~right] >= threshold)), 4),
        }
        for threshold in _THRESHOLDS
    }
