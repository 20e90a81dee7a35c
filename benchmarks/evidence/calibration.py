"""How far the verdict can be believed: fitted leaving out each group of sets in turn, judged on what was left out."""

import argparse
import json
import random
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nrqa
from benchmarks.evidence.fitting import auroc, balanced, calibration_error, features, fitted, probability, risk
from benchmarks.evidence.untidy import untidy
from benchmarks.shared import machine
from benchmarks.shared.kept_encoder import KeptEncoder
from benchmarks.shared.question_sets import DATA, SEED, Built, build, gibberish, outside, questions_of, timed
from nrqa.answering.verdict import ABSENT, ANSWERED, UNSURE, Evidence
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.beir import DOCUMENTS, documents_in
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.swapped_names import vocabulary
from nrqa.evaluation.verdict_cases import Asked, Case, Kind, cases, near_misses
from nrqa.settings import DEFAULT_MODEL

ALL = (
    *("squad_v1_dev", "squad_v2_cs224n_dev", "nq_oracle", "clapnq_dev", "xquad_en", "xquad_de", "xquad_es"),
    *("legalbench_contractnli", "chunking_eval", "xquad_ru", "xquad_ar", "xquad_hi", "xquad_zh"),
)
OF_SPANS = ("legalbench_contractnli", "chunking_eval")
"""Sets of long documents: the passage must overlap what answers. Hidden are these passages, or the document."""
LANGUAGES = {"xquad_de": "de", "xquad_es": "es", **dict.fromkeys(("xquad_ru", "xquad_ar", "xquad_hi", "xquad_zh"), "")}
UNREAD = ("xquad_ru", "xquad_ar", "xquad_hi", "xquad_zh")
"""Sets in scripts of which the default encoder knows letters at most: judged, but not fitted to."""
KINDS = ("untidy", "outside", "gibberish", "hidden", "elsewhere", "swapped", "unanswerable")
NEGATIVES: dict[str, tuple[str, ...]] = {
    "outside": ("outside",),
    "gibberish": ("gibberish",),
    "hidden": ("hidden", "elsewhere"),
    "hidden, answer not elsewhere": ("hidden",),
    "swapped": ("swapped",),
    "unanswerable": ("unanswerable",),
}
"""What the answerable questions are told from. Where documents were hidden, the first hit of the others may hold the
annotated answer word for word (as open-domain question answering judges, Chen et al., ACL 2017): true answers among
them, and mere coincidences."""
OWN_KINDS: dict[str, Kind] = {"near-miss": "unanswerable", "out-of-domain": "outside", "gibberish": "gibberish"}
OWN = machine.ROOT / "tests" / "questions.jsonl"
AUROC_TITLE = (
    "AUROC of answerable questions against each kind of negatives; calibration error, and the share of wrong first "
    "hits among the surest half, three quarters, and all, at even odds:"
)
ANSWERED_TITLE = (
    f"Called answered (confidence from {ANSWERED}); the last column: how many of the answerable ones called so had the "
    "right passage first:"
)
WEIGHTS_TITLE = "Weights fitted to all (bias, mismatch, margin, cosine, far): "
GROUPS = {
    # Sets of the same articles, or in the same language, are left out together.
    "squad_v1_dev": "squad",
    "squad_v2_cs224n_dev": "squad",
    "xquad_en": "squad",
    "xquad_de": "German",
    "xquad_de to xquad_en": "German",
    "xquad_es": "Spanish",
    "xquad_es to xquad_en": "Spanish",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--sets", default=",".join(ALL), help="the sets, separated by commas")
    options.add_argument("--questions", type=int, default=400, help="questions a set and kind, 0 for all")
    options.add_argument("--work", type=Path, help="where corpora and indexes are kept for the next run")
    options.add_argument("--cases", type=Path, help="file that keeps what was seen: there, nothing is asked again")
    given = options.parse_args()
    if given.cases and given.cases.exists():
        seen = kept(given.cases)
    else:
        seen = asked(given.data, given.work, given.questions, given.sets.split(","))
    if given.cases:
        rows = {name: [[one.kind, one.right, *astuple(one.evidence)] for one in found] for name, found in seen.items()}
        given.cases.write_text(json.dumps(rows), "utf-8")
    results: dict[str, Any] = {"machine": machine.describe(), "questions": given.questions, "seed": SEED, "sets": {}}
    for name, found in seen.items():
        others = [cases for other, cases in seen.items() if is_fitted(other) and group(other) != group(name)]
        results["sets"][name] = judged(found, fitted(others))
    results["weights"] = fitted([cases for name, cases in seen.items() if is_fitted(name)]).tolist()
    results["thresholds"] = {"answered": ANSWERED, "absent": ABSENT}
    machine.write("calibration", results, tables(results))


def kept(file: Path) -> dict[str, list[Case]]:
    rows = json.loads(file.read_text("utf-8"))
    return {name: [Case(one[0], one[1], Evidence(*one[2:])) for one in found] for name, found in rows.items()}


def asked(data: Path, work: Path | None, most: int, sets: Sequence[str]) -> dict[str, list[Case]]:
    with tempfile.TemporaryDirectory() as temporary:
        place = work or Path(temporary)
        encoder = KeptEncoder(open_for_indexing(DEFAULT_MODEL, offline=True, announce=print), place)
        return dict(gather(data, place, most, sets, encoder))


def dice() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - the same cases every time


def is_fitted(name: str) -> bool:
    """Whether a set is fitted to: not questions in another language than the documents, or in letters unread."""
    return name not in UNREAD and " to " not in name


def group(name: str) -> str:
    return GROUPS.get(name, name)


def gather(
    data: Path, work: Path, most: int, sets: Sequence[str], encoder: Encoder
) -> Iterator[tuple[str, list[Case]]]:
    """The cases of every set that is there."""
    elsewhere = [text for name, texts in outside(data).items() if name != "gibberish" for text in texts]
    elsewhere = dice().sample(elsewhere, min(len(elsewhere), most or len(elsewhere)))
    yield "our questions", timed("our questions", partial(own, work / "own", encoder))
    for name in sets:
        source = data / name
        if not source.is_dir():
            continue
        built = timed(f"{name}: building", partial(build, source, work / name, encoder))
        answerable, unanswerable = questions_of(source, most)
        known = vocabulary((one.id, one.text) for one in documents_in(source / DOCUMENTS))
        if name in OF_SPANS:
            put = [of_span(built, one) for one in answerable]
            whole = [replace(judgeable(built, one), kind="hidden") for one in answerable]
        else:
            put, whole = [judgeable(built, one, answers) for one, answers in annotated(source, answerable)], []
        put += [*near_misses(put, known, dice()), *whole, *hasty(put, LANGUAGES.get(name, "en"))]
        put += [Asked(one.text, "unanswerable", never) for one in unanswerable]
        put += [Asked(text, "outside", never) for text in elsewhere]
        put += [Asked(text, "gibberish", never) for text in gibberish(100)]
        yield name, timed(f"{name}: asking", partial(listed, built.index, put))
        if name == "xquad_en":
            for other in ("xquad_de", "xquad_es"):
                if (data / other).is_dir():
                    foreign = [judgeable(built, one) for one in questions_of(data / other, most)[0]]
                    foreign += list(near_misses(foreign, vocabulary(()), dice()))
                    yield f"{other} to {name}", timed(f"{other} to {name}", partial(listed, built.index, foreign))


def hasty(questions: Sequence[Asked], language: str) -> Iterator[Asked]:
    """Each question as it is typed in haste, with its answer and with its answer hidden."""
    chance = dice()
    for one in questions:
        typed = replace(one, text=untidy(one.text, language, chance))
        yield replace(typed, kind="untidy")
        yield replace(typed, kind="hidden")


def of_span(built: Built, question: Question) -> Asked:
    """A question on a long document: the passage must overlap what answers."""
    spans = [(built.files[one.document], one.answer) for one in question.gold]
    places = [(file.name, span.start + file.shift, span.end + file.shift) for file, span in spans]

    def answers(passage: nrqa.Passage) -> bool:
        found = passage.citation
        return any(found.document == name and found.start < end and start < found.end for name, start, end in places)

    return Asked(question.text, "answerable", answers, frozenset(question.relevant))


def annotated(source: Path, questions: Sequence[Question]) -> Iterator[tuple[Question, frozenset[str]]]:
    """Each question with the texts that are marked as its answers."""
    texts = {one.id: one.text for one in documents_in(source / DOCUMENTS)}
    for one in questions:
        yield one, frozenset(texts[gold.document][gold.answer.start : gold.answer.end] for gold in one.gold)


def judgeable(built: Built, question: Question, answers: Collection[str] = ()) -> Asked:
    files = frozenset(built.files[name].name for name in question.relevant if name in built.files)
    wanted = [words for words in map(bare, answers) if words.strip()]

    def elsewhere(passage: nrqa.Passage) -> bool:
        return any(words in bare(passage.text) for words in wanted)

    documents = frozenset(question.relevant)
    return Asked(question.text, "answerable", lambda one: one.citation.document in files, documents, elsewhere)


def bare(text: str) -> str:
    """The words alone, in small letters, a space on either side of each."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(words)} "


def own(place: Path, encoder: Encoder) -> list[Case]:
    """Our questions on the two articles; their near misses were written by hand."""
    nrqa.reindex(machine.ROOT / "corpus", place, encoder=encoder)
    index = nrqa.Index.open(place, encoder=encoder)
    texts = [(file.name, file.read_text("utf-8")) for file in sorted((machine.ROOT / "corpus").glob("*.txt"))]
    known, chance = vocabulary(texts), dice()
    put: list[Asked] = []
    for line in OWN.read_text("utf-8").splitlines():
        one = json.loads(line)
        if one["quotes"]:
            quoted = partial(holds, one["quotes"])
            answerable = Asked(one["question"], "answerable", quoted)
            put += [answerable, *near_misses([answerable], known, chance)]
            put += hasty([answerable], "en") if one["kind"] != "french" else ()
        else:
            put.append(Asked(one["question"], OWN_KINDS[one["kind"]], never))
    return listed(index, put)


def holds(quotes: Sequence[str], passage: nrqa.Passage) -> bool:
    return any(quote in passage.text for quote in quotes)


def never(_: nrqa.Passage) -> bool:
    return False


def listed(index: nrqa.Index, asked: Sequence[Asked]) -> list[Case]:
    return list(cases(index, asked))


def judged(found: Sequence[Case], weights: NDArray[np.float64]) -> dict[str, Any]:
    """How well the confidence tells what is answered from each kind of what is not."""
    sure = probability(features(found), weights)
    sure = np.where([one.evidence.lacks for one in found], np.minimum(sure, UNSURE), sure)
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for one, value in zip(found, sure.tolist(), strict=True):
        by_kind[one.kind].append(value)
    right = np.array([one.right for one in found])
    share = balanced(found)
    answerable = by_kind["answerable"]
    return {
        "cases": {kind: len(values) for kind, values in by_kind.items()},
        "first hit right": float(np.mean([one.right for one in found if one.kind == "answerable"])),
        "AUROC": {
            name: auroc(answerable, negatives)
            for name, kinds in NEGATIVES.items()
            if (negatives := [value for kind in kinds for value in by_kind[kind]])
        },
        "calibration error": calibration_error(sure, right, share),
        "risk": risk(sure, right, share),
        "absent": {kind: float(np.mean(np.array(values) < ABSENT)) for kind, values in by_kind.items() if values},
        "answered": {kind: float(np.mean(np.array(values) >= ANSWERED)) for kind, values in by_kind.items() if values},
        "right where answered": float(right[(sure >= ANSWERED) & of(found, "answerable")].mean()),
    }


def of(found: Sequence[Case], kind: str) -> NDArray[np.bool_]:
    return np.array([one.kind == kind for one in found])


def tables(results: dict[str, Any]) -> list[str]:
    sets = results["sets"]

    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    return [
        AUROC_TITLE,
        machine.table(
            ("set", *NEGATIVES, "calibration error", "risk at 50%", "risk at 75%", "risk at 100%"),
            (
                (
                    name,
                    *(shown(one["AUROC"].get(name)) for name in NEGATIVES),
                    shown(one["calibration error"]),
                    *(shown(one["risk"][part]) for part in ("50%", "75%", "100%")),
                )
                for name, one in sets.items()
            ),
        ),
        f"Called absent (confidence below {ABSENT}):",
        machine.table(
            ("set", "answerable", *KINDS),
            (
                (name, *(shown(one["absent"].get(kind)) for kind in ("answerable", *KINDS)))
                for name, one in sets.items()
            ),
        ),
        ANSWERED_TITLE,
        machine.table(
            ("set", "answerable", *KINDS, "right"),
            (
                (
                    name,
                    *(shown(one["answered"].get(kind)) for kind in ("answerable", *KINDS)),
                    shown(one["right where answered"]),
                )
                for name, one in sets.items()
            ),
        ),
        WEIGHTS_TITLE + ", ".join(f"{one:.2f}" for one in results["weights"]),
    ]


if __name__ == "__main__":
    main()
