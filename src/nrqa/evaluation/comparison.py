"""Compares a run with an earlier one that was saved: what changed, for which questions, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nrqa.errors import QuestionSetError
from nrqa.evaluation.measures import bootstrap
from nrqa.evaluation.results import MAIN_MEASURE, Change, Comparison, Difference, QuestionResult


@dataclass(frozen=True, slots=True)
class Run:
    """The parts of a saved run that a comparison needs: text and measures of each answerable question, by id."""

    file: str
    version: str
    model: str
    files: Mapping[str, str]
    questions: Mapping[str, tuple[str, Mapping[str, float]]]


def read_run(file: Path) -> Run:
    """The run that ``nrqa eval --save`` wrote to the file."""
    try:
        saved = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise QuestionSetError(f"The earlier run '{file}' cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise QuestionSetError(f"'{file}' is no JSON ({error}). {_REMEDY}") from error
    try:
        return _run(file, saved)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise QuestionSetError(
            f"'{file}' is no run saved by `nrqa eval` ({type(error).__name__}: {error}). {_REMEDY}"
        ) from error


def require_common_questions(run: Run, questions: Mapping[str, str]) -> None:
    """Raise QuestionSetError where the run has none of these answerable questions (texts by id) with the same text."""
    if not any(key in run.questions and run.questions[key][0] == text for key, text in questions.items()):
        raise QuestionSetError(
            f"'{run.file}' has no answerable question in common with this set, so they cannot be compared. "
            "Compare with a run of the same set"
        )


def compare(run: Run, results: Sequence[QuestionResult], files: Mapping[str, str]) -> Comparison:
    """The results compared with the earlier run, over the answerable questions that both have (at least one)."""
    now = {one.id: one for one in results if one.answerable}
    common = [one for key, one in now.items() if key in run.questions and run.questions[key][0] == one.question]
    changes = [
        Change(one.id, one.question, run.questions[one.id][1][MAIN_MEASURE], one.measures[MAIN_MEASURE])
        for one in common
    ]
    changes.sort(key=lambda one: -abs(one.after - one.before))
    return Comparison(
        run=run.file,
        version=run.version,
        model=run.model,
        questions=len(common),
        only_before=len(run.questions) - len(common),
        only_now=len(now) - len(common),
        other_files=tuple(sorted(name for name in {*run.files, *files} if run.files.get(name) != files.get(name))),
        differences=_differences(run, common),
        better=tuple(one for one in changes if one.after > one.before),
        worse=tuple(one for one in changes if one.after < one.before),
    )


_REMEDY = "Save one first: nrqa eval PATH --save run.json"


def _run(file: Path, saved: Any) -> Run:
    questions = {
        str(one["id"]): (str(one["question"]), {name: float(value) for name, value in one["measures"].items()})
        for one in saved["questions"]
        if one["answerable"]
    }
    if any(MAIN_MEASURE not in measures for _, measures in questions.values()):
        raise KeyError(MAIN_MEASURE)
    return Run(str(file), str(saved["version"]), str(saved["model"]["name"]), dict(saved["set"]["files"]), questions)


def _differences(run: Run, common: Sequence[QuestionResult]) -> dict[str, Difference]:
    names = dict.fromkeys(name for one in common for name in one.measures)
    differences = {}
    for name in names:
        pairs = [
            (run.questions[one.id][1][name], one.measures[name])
            for one in common
            if name in one.measures and name in run.questions[one.id][1]
        ]
        if pairs:
            before, after = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
            low, high = bootstrap([now - then for then, now in pairs])
            differences[name] = Difference(len(pairs), before, after, low, high)
    return differences
