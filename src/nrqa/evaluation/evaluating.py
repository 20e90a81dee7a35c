"""The verb ``evaluate``: asks a set of questions, and measures how well they are answered."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from nrqa.answering.asking import Index
from nrqa.answering.inspecting import status
from nrqa.errors import QuestionSetError
from nrqa.evaluation import measures
from nrqa.evaluation.comparison import compare, read_run, require_common_questions
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.evaluation.judgments.files import Written, file_names, prepare, write_documents
from nrqa.evaluation.judgments.model import Question, QuestionSet
from nrqa.evaluation.judgments.quotes import collapsed, holds, may_be_in
from nrqa.evaluation.judgments.reading import read_set
from nrqa.evaluation.measures import DEPTH, Stretch, covers, span_scores
from nrqa.evaluation.question_runs import Found, ask_all
from nrqa.evaluation.results import ROUNDED, Evaluation, QuestionResult
from nrqa.given import given_path
from nrqa.indexing.reindexing import reindex
from nrqa.records import Hit, Span, Verdict
from nrqa.settings import DEFAULT_INDEX, VERSION

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder

    Place = str | os.PathLike[str]

Announce = Callable[[str], None]
Progress = Callable[[str, int, int], None]

_SEED = 20_240_607
_GOLD = "the quote"
"""Every passage with a quote counts as this one unit, so only the first such passage is relevant."""
_PASSAGE_CUTS = (1, 5)
_LISTED = 5


def evaluate(  # noqa: PLR0913 - every option of the command is one
    source: Place,
    index: Place | None = None,
    *,
    k: int = 5,
    sample: int | None = None,
    work: Place | None = None,
    documents: str | None = None,
    spans: str | None = None,
    model: str | None = None,
    offline: bool = False,
    compare_with: Place | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> Evaluation:
    """Ask a set of questions and measure what is found.

    ``source`` is a folder in BEIR's layout, whose documents are written out as files and indexed; or a JSONL
    file (or folder with ``questions.jsonl``) of questions with quotes, asked of the ``index`` (default
    ``index``). Documents are ranked by their first hit. With quotes, passages are ranked instead, and only the
    first one that holds any of a question's quotes is relevant.

    The first ``k`` hits count for span recall, precision and IoU. ``sample`` asks only so many questions of each
    kind (answerable, unanswerable), the same ones every time. ``work`` keeps corpus and index of a set for the
    next run. ``documents`` and ``spans`` name other files in the folder than the usual ones. ``compare_with`` is
    a saved run.

    Raises QuestionSetError where set or run cannot be used, and what ``reindex`` and ``ask`` raise.
    """
    measures.require()
    _check(k, sample)
    earlier = read_run(given_path(compare_with, "compare_with", QuestionSetError)) if compare_with is not None else None
    question_set = read_set(given_path(source, "source", QuestionSetError), documents=documents, spans=spans)
    asked = _sampled(question_set.questions, sample)
    _refuse_misplaced(question_set, index, work=work, model=model)
    if earlier:
        # Checked now, and not after an hour of indexing.
        require_common_questions(earlier, {one.id: one.text for one in asked if one.answerable})
    say, report = announce or (lambda _: None), progress or (lambda *_: None)
    with _indexed(
        question_set, index, work, model=model, offline=offline, say=say, progress=report, encoder=encoder
    ) as made:
        opened = Index.open(made.index, encoder=encoder, announce=say)
        relevant = [made.relevant(one) for one in asked]
        found, speed = ask_all(opened, asked, [frozenset(one) for one in relevant], made.units, k, report)
        snapshot = opened.snapshot
        notices = tuple(_notices(opened, asked, made)) if question_set.kind == "quotes" else ()
    results = _results(found, relevant, made, k)
    manifest = snapshot.manifest
    return Evaluation(
        version=VERSION,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        set_name=question_set.name,
        set_files=question_set.files,
        ranked="documents" if question_set.kind == "documents" else "passages",
        k=k,
        sample=sample,
        model=manifest.model.name,
        fingerprint=manifest.model.fingerprint,
        settings=manifest.settings.to_dict(),
        documents=manifest.documents,
        passages=manifest.passages,
        unreadable=manifest.unreadable,
        unjudged=question_set.unjudged,
        measures=_means(results),
        verdicts=_verdicts(results),
        questions_per_second=speed,
        notices=notices,
        questions=results,
        comparison=compare(earlier, results, question_set.files) if earlier else None,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """An index to ask, and how its right hits are recognised; ``written`` has the files of a set's documents."""

    index: Path
    written: Mapping[str, Written] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    def units(self, question: Question, hit: Hit) -> Sequence[str]:
        citations = (hit.passage.citation, *hit.also)
        if self.ids:
            return [self.ids[citation.document] for citation in citations]
        if any(holds(question, citation.document, hit.passage.text) for citation in citations):
            return [_GOLD]
        return [f"{citation.document}@{citation.start}-{citation.end}" for citation in citations[:1]]

    def relevant(self, question: Question) -> Mapping[str, int]:
        return question.relevant if self.ids or not question.answerable else {_GOLD: 1}

    def stretch(self, document: str, span: Span) -> Stretch:
        """The span of a set's document, as a stretch of its file."""
        name, shift = self.written[document]
        return Stretch(name, span.start + shift, span.end + shift)


def _check(k: int, sample: int | None) -> None:
    if k < 1:
        raise QuestionSetError(f"k is {k}; measure at least 1 passage.")
    if sample is not None and sample < 1:
        raise QuestionSetError(f"The sample is {sample}; ask at least 1 question.")


def _refuse_misplaced(question_set: QuestionSet, index: Place | None, *, work: Place | None, model: str | None) -> None:
    """Raise QuestionSetError where an option would have no effect, or another effect than the user meant."""
    if question_set.kind == "documents" and index is not None:
        raise QuestionSetError(
            f"The set '{question_set.name}' brings its own documents, so no other index can answer it. "
            "Leave out --index; --work DIR keeps the set's own corpus and index"
        )
    if question_set.kind == "quotes" and (work is not None or model is not None):
        raise QuestionSetError(
            f"The set '{question_set.name}' is asked of an index that is there already. Leave out --work and --model; "
            "another model is another index: nrqa index --model NAME --index DIR, and eval with that --index"
        )


def _sampled(questions: Sequence[Question], most: int | None) -> list[Question]:
    """At most so many answerable and so many unanswerable questions; a smaller sample is part of a larger one."""
    if most is None:
        return list(questions)
    chosen: set[str] = set()
    for answerable in (True, False):
        names = [one.id for one in questions if one.answerable is answerable]
        random.Random(_SEED).shuffle(names)  # noqa: S311 - the same sample every time
        chosen.update(names[:most])
    return [one for one in questions if one.id in chosen]


@contextmanager
def _indexed(
    question_set: QuestionSet,
    index: Place | None,
    work: Place | None,
    *,
    model: str | None,
    offline: bool,
    say: Announce,
    progress: Progress,
    encoder: Encoder | None,
) -> Iterator[_Made]:
    """The index to ask: the user's own, or one of the set's documents, deleted afterwards unless ``work`` keeps it."""
    if question_set.documents is None:
        yield _Made(Path(index or os.environ.get("NRQA_INDEX") or DEFAULT_INDEX))
        return
    with tempfile.TemporaryDirectory(prefix="nrqa-eval-", ignore_cleanup_errors=True) as temporary:
        corpus, place = prepare(Path(temporary if work is None else work))
        names = file_names(one.id for one in documents_in(question_set.documents))
        written = write_documents(documents_in(question_set.documents), names, corpus)
        reindex(corpus, place, model=model, offline=offline, announce=say, progress=progress, encoder=encoder)
        yield _Made(place, written, {one.name: name for name, one in written.items()})


def _results(
    found: Sequence[Found], relevant: Sequence[Mapping[str, int]], made: _Made, k: int
) -> tuple[QuestionResult, ...]:
    wanted = {one.question.id: units for one, units in zip(found, relevant, strict=True) if one.question.answerable}
    ranked = {one.question.id: list(one.units)[:DEPTH] for one in found if one.question.answerable}
    ranking = measures.ranking(wanted, ranked) if wanted else {}
    results = []
    for one, units in zip(found, relevant, strict=True):
        question = one.question
        values = {**ranking[question.id], **_span_measures(one, made, k)} if question.answerable else {}
        results.append(
            QuestionResult(
                id=question.id,
                question=question.text,
                answerable=question.answerable,
                measures={name: round(value, ROUNDED) for name, value in values.items()},
                first_relevant=next((rank for rank, unit in enumerate(one.units, 1) if unit in units), None),
                verdict=one.verdict,
                confidence=one.confidence,
                document=made.ids.get(one.top.document, one.top.document) if one.top else None,
                citation=one.top.place if one.top else None,
            )
        )
    return tuple(results)


def _span_measures(found: Found, made: _Made, k: int) -> dict[str, float]:
    """How well the first hits cover the gold spans; empty where none is known.

    A passage counts as a hit where it wholly contains an answer. Recall, precision and IoU are measured against
    the passages around the answers, where the set knows them.
    """
    gold = found.question.gold
    if not gold:
        return {}
    answers = [made.stretch(one.document, one.answer) for one in gold]
    around = [made.stretch(one.document, one.passage) for one in gold]
    covering = [covers(one, answers) for one in found.stretches]
    scores = span_scores(around, found.stretches[:k])
    return {
        **{f"passage hit@{cut}": float(any(covering[:cut])) for cut in _PASSAGE_CUTS},
        **dict(zip((f"span recall@{k}", f"span precision@{k}", f"span IoU@{k}"), scores, strict=True)),
    }


def _means(results: Sequence[QuestionResult]) -> dict[str, float]:
    values: dict[str, list[float]] = defaultdict(list)
    for one in results:
        for name, value in one.measures.items():
            values[name].append(value)
    return {name: sum(all_of) / len(all_of) for name, all_of in values.items()}


def _verdicts(results: Sequence[QuestionResult]) -> dict[str, dict[str, int]]:
    counted = {}
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        count = Counter(one.verdict for one in results if one.answerable is answerable)
        counted[name] = {verdict: count[verdict] for verdict in get_args(Verdict)}
    return counted


def _notices(index: Index, questions: Sequence[Question], made: _Made) -> Iterator[str]:
    """Notices of what makes the measures less reliable: files that have changed, and quotes that no document has.

    A question can only be missed if no document has any of its quotes.
    """
    stale = len(status(made.index).stale)
    if stale:
        yield f"{stale} file{'s have' if stale > 1 else ' has'} changed since the index was built (run `nrqa index`)"
    missing = {one.id: one for one in questions if one.answerable}
    snapshot = index.snapshot
    for name in snapshot.known:
        if not missing:
            return
        found = snapshot.document_named(name)
        text = collapsed(found[0]) if found else ""
        missing = {
            key: one
            for key, one in missing.items()
            if not (may_be_in(one, name) and any(quote in text for quote in one.quotes))
        }
    if missing:
        named = ", ".join(repr(key) for key in list(missing)[:_LISTED])
        more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
        yield (
            f"{len(missing)} answerable question{'s have' if len(missing) > 1 else ' has'} no quote that stands in a "
            f"document of the index, and so can only be missed: {named}{more}"
        )
