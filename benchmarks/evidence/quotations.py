"""Quotations made by script, placed into drafts, and what `nrqa check` finds of each.

From the articles of squad (English), xquad (German, Spanish) and the paragraphs of nq_oracle: every fourth document
stays out of the index, and what is quoted from it is invented as far as the corpus goes. Each quotation is of one kind:

* exact, block (exact, in a block quote)
* typography (other apostrophes or dashes, another first letter's case, a comma of the draft's own)
* changed (one word replaced), dropped (one to three words gone), negated (a negation put in or taken out)
* elided, bracketed (rightly), elided wrongly (a word replaced as well, or the parts in another order), negation elided
  or bracketed (a sign of omission where the negation was, or "[not]" where none was)
* elsewhere (exact, and another document is cited), invented

A quotation that happens to be of another kind as well is not made: an invented one whose words stand in the corpus, a
changed one that is exact elsewhere. Time: a draft of 20 pages on the index --index.
"""

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nrqa
from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, SEED
from nrqa.checking.checking import check
from nrqa.checking.results import Checked, CheckedQuotation
from nrqa.encoder.opening import open_for_indexing
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.settings import DEFAULT_MODEL
from nrqa.text.sentences import language_of, sentence_spans

SOURCES = (
    ("squad", "squad_v1_dev/articles.jsonl"),
    ("xquad_de", "xquad_de/articles.jsonl"),
    ("xquad_es", "xquad_es/articles.jsonl"),
    ("nq", "nq_oracle/corpus.jsonl"),
)
KINDS = (
    "exact", "block", "typography", "changed", "dropped", "negated", "elided", "bracketed", "elided wrongly",
    "negation elided", "negation bracketed", "elsewhere", "invented",
)  # fmt: skip
CLASSES = {
    "exact": "exact",
    "block": "exact",
    "typography": "typography",
    "changed": "misquoted",
    "dropped": "misquoted",
    "negated": "misquoted",
    "elided": "elided rightly",
    "bracketed": "elided rightly",
    "elided wrongly": "elided wrongly",
    "negation elided": "elided wrongly",
    "negation bracketed": "elided wrongly",
    "elsewhere": "another document",
    "invented": "not in the corpus",
}
MARKS = {
    "en": (("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("«", "»")),
    "de": (("„", "“"), ("»", "«"), ('"', '"'), ("‚", "‘"), ("›", "‹")),
    "es": (("«", "»"), ("“", "”"), ('"', '"'), ("„", "”"), ("‹", "›")),
}
SAYS = {
    "en": ("The report says", "As one source puts it,", "It has been noted that", "According to the archive,"),
    "de": ("Im Bericht heißt es", "Eine Quelle schreibt", "Dazu steht im Archiv:", "Man liest dort"),
    "es": ("El informe dice", "Una fuente escribe", "En el archivo se lee", "Según el texto,"),
}
FILLER = {
    "en": "This paragraph was written by the author of the draft and quotes nobody. It isn't the authors' habit.",
    "de": "Diesen Absatz hat die Verfasserin selbst geschrieben, ohne jemanden anzuführen.",
    "es": "Este párrafo lo escribió la autora del borrador y no cita a nadie.",
}
NEGATIONS = {"en": "not", "de": "nicht", "es": "no"}
WORD = re.compile(r"\d+(?:[.,’']\d+)+|\w+(?:[-'’]\w+)*")
NEGATION = re.compile(
    r"\b(?:not|never|no(?!\.)|none|nor|neither|nobody|nothing|cannot|without|\w+n['’]t"
    r"|nicht|nie|niemals|kein\w*|ohne|weder|nichts|niemand\w*|kaum"
    r"|nunca|jamás|ning\w+|nada|nadie|sin(?! embargo)|ni|tampoco|apenas|hardly|barely|scarcely|rarely|seldom"
    r"|non|nowhere|(?:fail|refus)\w* to)(?!\w)",
    re.IGNORECASE,
)
LEAST, MOST = 6, 45
"""Words of a quotation before it is changed."""


@dataclass(frozen=True, slots=True)
class Made:
    """A quotation as it stands in a draft: its truth, and the document it was made from and cites."""

    kind: str
    text: str
    language: str
    document: str
    cited: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--each", type=int, default=400, help="quotations of each kind")
    options.add_argument("--index", type=Path, help="a large index for the time; none: no time is taken")
    options.add_argument("--work", type=Path, help="keep corpus and index of the quotations here")
    options.add_argument("--failures", type=int, default=5, help="failures of each kind to print")
    given = options.parse_args()
    facts = machine.describe()
    dice = random.Random(SEED)  # noqa: S311 - the same quotations every time
    with tempfile.TemporaryDirectory() as place:
        work = given.work or Path(place)
        work.mkdir(parents=True, exist_ok=True)
        indexed, outside = texts_of(given.data)
        index = build(indexed, work)
        made = quotations(indexed, outside, given.each, dice)
        began = time.perf_counter()
        pairs = [pair for at in range(0, len(made), 120) for pair in checked(made[at : at + 120], index, work, dice)]
        seconds = time.perf_counter() - began
        taken = timed(given.index, indexed, outside, work, dice) if given.index else None
    results: dict[str, Any] = {
        "machine": facts,
        "documents": len(indexed),
        "quotations": len(pairs),
        "languages": dict(Counter(one.language for one, _ in pairs)),
        "drafts_seconds": seconds,
        "kinds": kinds(pairs),
        "classes": classes(pairs),
    }
    failures(pairs, given.failures)
    if taken:
        results["time"] = taken
    machine.write("quotations", results, tables(results))


def texts_of(data: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The documents that are indexed, and those that are not."""
    indexed: dict[str, str] = {}
    outside: dict[str, str] = {}
    for folder, file in SOURCES:
        for at, document in enumerate(documents_in(data / file)):
            text = document.text.lstrip("\ufeff")
            (outside if at % 4 == 3 else indexed)[f"{folder}/{document.id}.txt"] = text
    return indexed, outside


def build(indexed: dict[str, str], work: Path) -> nrqa.Index:
    for name, text in indexed.items():
        file = work / "corpus" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    nrqa.reindex(work / "corpus", work / "index", encoder=encoder)
    return nrqa.Index.open(work / "index", encoder=encoder)


def quotations(indexed: dict[str, str], outside: dict[str, str], each: int, dice: random.Random) -> list[Made]:
    """So many of each kind, of all folders in turn, in random order."""
    known = "\n".join(map(plain, indexed.values()))
    written = "\n".join(indexed.values())
    inside, invented = by_folder(indexed), by_folder(outside)
    made: list[Made] = []
    for kind in KINDS:
        found: list[Made] = []
        while len(found) < each:
            folder = SOURCES[len(found) % len(SOURCES)][0]
            name, text = dice.choice((invented if kind == "invented" else inside)[folder])
            one = make(kind, name, text, [other for other, _ in inside[folder]], indexed, dice)
            if one and true(one, known, written) and one.text not in {other.text for other in found}:
                found.append(one)
        made += found
    dice.shuffle(made)
    return made


def by_folder(texts: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, text in texts.items():
        found.setdefault(name.partition("/")[0], []).append((name, text))
    return found


def true(one: Made, known: str, written: str) -> bool:
    """Whether the quotation is of its kind only, the corpus being what it is."""
    if one.kind in ("changed", "dropped", "negated", "invented"):
        return plain(one.text) not in known
    return one.kind != "typography" or one.text not in written


def plain(text: str) -> str:
    return " ".join(WORD.findall(text.casefold().replace("’", "'")))


def make(
    kind: str, name: str, text: str, others: Sequence[str], indexed: dict[str, str], dice: random.Random
) -> Made | None:
    language = language_of(text)
    if language not in MARKS:
        return None
    stretch = stretch_of(text, language, dice)
    if stretch is None or not LEAST <= len(WORD.findall(stretch)) <= MOST:
        return None
    cited = name
    if kind == "elsewhere":
        cited = dice.choice(others)
        if plain(stretch) in plain(indexed[cited]):
            return None
    elif kind == "invented":
        cited = dice.choice(others)
    quoted = change(kind, stretch, text, language, dice)
    if quoted is None or any(mark in quoted for mark in '"„“”«»‹›‚‘\n'):
        return None  # marks within marks would make another text of it
    return Made(kind, quoted, language, name, cited)


def stretch_of(text: str, language: str, dice: random.Random) -> str | None:
    """A sentence, or a part of one that begins and ends at words."""
    at = dice.randrange(max(1, len(text) - 400))
    sentences = sentence_spans(text, at, min(len(text), at + 1200), language)[1:-1]
    if not sentences:
        return None
    span = dice.choice(sentences)
    sentence = text[span.start : span.end]
    if dice.random() < 0.5:
        words = list(WORD.finditer(sentence))
        if len(words) > LEAST + 2:
            first = dice.randrange(len(words) - LEAST)
            last = dice.randrange(first + LEAST, len(words))
            sentence = sentence[words[first].start() : words[last].end()]
    return sentence


def change(kind: str, stretch: str, text: str, language: str, dice: random.Random) -> str | None:
    words = list(WORD.finditer(stretch))
    changed: str | None = stretch
    if kind == "typography":
        changed = other_typography(stretch, dice)
    elif kind == "changed":
        changed = replaced(stretch, dice.choice(words[1:-1]), text, dice)
    elif kind == "dropped":
        first = dice.randrange(1, len(words) - 3)
        last = first + dice.randint(1, min(3, len(words) // 4))
        changed = stretch[: words[first].start()] + stretch[words[last].start() :]
    elif kind == "negated":
        changed = negated(stretch, dice.choice(words[1:-1]).start(), language)
    elif kind == "negation elided":
        changed = negation_elided(stretch, dice)
    elif kind == "negation bracketed":
        at = dice.choice(words[1:-1]).start()
        changed = f"{stretch[:at]}[{NEGATIONS[language]}] {stretch[at:]}"
    elif kind in ("elided", "elided wrongly"):
        changed = elided(kind, stretch, text, words, dice)
    elif kind == "bracketed":
        changed = None if NEGATION.search(stretch) else bracketed(stretch, words, dice)
    return changed


def negated(stretch: str, at: int, language: str) -> str:
    """Without the negation in it, or with one put in there."""
    found = re.search(r"\b(?:not|nicht|no|never|nie|nunca)\s+", stretch)
    if found and found.start():
        return stretch[: found.start()] + stretch[found.end() :]
    return f"{stretch[:at]}{NEGATIONS[language]} {stretch[at:]}"


def negation_elided(stretch: str, dice: random.Random) -> str | None:
    """With a sign where the negation was, and up to two words after it."""
    found = NEGATION.search(stretch)
    if found is None:
        return None
    words = list(WORD.finditer(stretch))
    at = next(number for number, word in enumerate(words) if word.end() >= found.end())
    last = at + dice.randint(1, 3)
    before, after = stretch[: found.start()], stretch[words[last].start() :] if last < len(words) else ""
    if len(WORD.findall(before)) < 2 or len(WORD.findall(after)) < 2:
        return None
    return f"{before.rstrip()} {dice.choice(('[...]', '[…]', '…', '...', '(...)'))} {after}"


def replaced(stretch: str, one: re.Match[str], text: str, dice: random.Random) -> str | None:
    """With another word of the same document in its place."""
    other: str = dice.choice(WORD.findall(text))
    if plain(other) == plain(one.group()):
        return None
    return stretch[: one.start()] + other + stretch[one.end() :]


def other_typography(stretch: str, dice: random.Random) -> str | None:
    changed = [
        stretch.replace("'", "’") if "'" in stretch else stretch.replace("’", "'"),
        re.sub("[–—]", "-", stretch),
        re.sub(r"(?<=\w)-(?=\w)", "‐", stretch),
        stretch if stretch[-1] in ".,;" else f"{stretch},",
        stretch[0].swapcase() + stretch[1:],
    ]
    other = [one for one in changed if one != stretch]
    return dice.choice(other) if other else None


def elided(kind: str, stretch: str, text: str, words: Sequence[re.Match[str]], dice: random.Random) -> str | None:
    if len(words) < 10:
        return None
    first = dice.randrange(3, len(words) - 6)
    last = dice.randrange(first + 1, len(words) - 4)
    before, after = stretch[: words[first].start()].rstrip(" ,;"), stretch[words[last].start() :]
    if NEGATION.search(stretch[words[first].start() : words[last].start()]):
        return None
    if kind == "elided wrongly":
        if dice.random() < 0.3:
            before, after = after.rstrip("."), before
        else:
            one = dice.choice(list(WORD.finditer(after))[1:-1])
            wrong = replaced(after, one, text, dice)
            if wrong is None:
                return None
            after = wrong
    sign = dice.choice(("[...]", "[…]", "…", "...", "(...)", ". . ."))
    return f"{before} {sign} {after}"


def bracketed(stretch: str, words: Sequence[re.Match[str]], dice: random.Random) -> str:
    at = dice.choice(words[2:-1])
    way = dice.randrange(4)
    if way == 0 and stretch[0].isalpha():
        return f"[{stretch[0].swapcase()}]{stretch[1:]}"
    if way == 1:
        return f"{stretch[: at.end()]} [sic]{stretch[at.end() :]}"
    if way == 2:
        return f"{stretch[: at.start()]}[they]{stretch[at.end() :]}"
    return f"{stretch[: at.end()]} [of that time]{stretch[at.end() :]}"


def checked(
    made: Sequence[Made], index: nrqa.Index, work: Path, dice: random.Random
) -> Iterator[tuple[Made, CheckedQuotation | None]]:
    """Each quotation with what was found of it in a draft that holds them all; None where it was not seen as one."""
    file = work / "draft.md"
    text, places = draft_of(made, dice)
    file.write_text(text, "utf-8", newline="")
    found = check(file, index)
    for one, place in zip(made, places, strict=True):
        there = [seen for seen in found.quotations if seen.place.start <= place < seen.place.end]
        yield one, there[0] if there and found_whole(one, there[0]) else None


def found_whole(one: Made, seen: CheckedQuotation) -> bool:
    return plain(seen.text) == plain(one.text)


def draft_of(made: Sequence[Made], dice: random.Random) -> tuple[str, list[int]]:
    """A draft with the quotations in it, in running text and block quotes, and where each one's first word stands."""
    text = "# A draft\n\n"
    places = []
    for one in made:
        file = f"{one.cited}:1" if dice.random() < 0.5 else one.cited
        if one.kind == "block":
            text += f"{dice.choice(SAYS[one.language])}\n\n> "
            places.append(len(text))
            text += f"{one.text}\n>\n> — {file}\n\n"
        else:
            opening, closing = dice.choice([pair for pair in MARKS[one.language] if usable(pair, one.text)])
            text += f"{dice.choice(SAYS[one.language])} {opening}"
            places.append(len(text))
            cited = one.kind == "elsewhere" or dice.random() < 0.7
            text += f"{one.text}{closing}{f' ({file})' if cited else ''}. "
        if dice.random() < 0.5:
            text += f"{FILLER[one.language]}\n\n"
    return text, places


def usable(marks: tuple[str, str], text: str) -> bool:
    """Single marks are no sane choice around a text with apostrophes at the ends of words."""
    return marks[1] not in ("'", "’", "‘") or not re.search(r"['’‘](?!\w)", text)


def class_of(seen: CheckedQuotation | None) -> str:
    if seen is None:
        return "not seen"
    if seen.finding == "elided":
        name = "elided rightly" if seen.right else "elided wrongly"
    else:
        name = {"absent": "not in the corpus"}.get(seen.finding, seen.finding)
    return "another document" if seen.attribution == "wrong" and seen.right else name


def kinds(pairs: Sequence[tuple[Made, CheckedQuotation | None]]) -> dict[str, dict[str, int]]:
    return {kind: dict(Counter(class_of(seen) for one, seen in pairs if one.kind == kind)) for kind in KINDS}


def classes(pairs: Sequence[tuple[Made, CheckedQuotation | None]]) -> dict[str, dict[str, float]]:
    found = {}
    for name in dict.fromkeys(CLASSES.values()):
        truly = sum(CLASSES[one.kind] == name for one, _ in pairs)
        called = sum(class_of(seen) == name for _, seen in pairs)
        both = sum(CLASSES[one.kind] == name and class_of(seen) == name for one, seen in pairs)
        found[name] = {"quotations": truly, "precision": both / called if called else 0.0, "recall": both / truly}
    return found


def failures(pairs: Sequence[tuple[Made, CheckedQuotation | None]], most: int) -> None:
    for kind in KINDS:
        wrong = [(one, seen) for one, seen in pairs if one.kind == kind and class_of(seen) != CLASSES[kind]]
        for one, seen in wrong[:most]:
            source = f"{seen.source.document}: {seen.source_text!r} {seen.notes}" if seen and seen.source else ""
            print(f"{kind} ({one.document}, cites {one.cited}) called {class_of(seen)}\n  {one.text!r}\n  {source}")


def timed(folder: Path, indexed: dict[str, str], outside: dict[str, str], work: Path, dice: random.Random) -> Any:
    """Seconds for a draft of 20 pages (some 10,000 words): every fifth sentence is a quotation."""
    index = nrqa.Index.open(folder)
    index.ask("warm")
    sentences: list[str] = []
    while sum(len(one.split()) for one in sentences) < 10_000:
        _, text = dice.choice(list((indexed if dice.random() < 0.5 else outside).items()))
        stretch = stretch_of(text, language_of(text), dice)
        if stretch and len(stretch.split()) >= LEAST:
            quoted = len(sentences) % 5 == 0 and not set(stretch) & set('“”"')
            sentences.append(f"They say “{stretch.rstrip('.')}”." if quoted else f"{stretch.rstrip('.')}.")
    work.mkdir(exist_ok=True)
    file = work / "long.md"
    file.write_text("\n\n".join(" ".join(sentences[at : at + 6]) for at in range(0, len(sentences), 6)), "utf-8")
    runs: list[tuple[float, float]] = []
    found: Checked | None = None
    for _ in range(3):
        began = time.perf_counter()
        spent = time.process_time()
        found = check(file, index)
        runs.append((time.perf_counter() - began, time.process_time() - spent))
    assert found is not None
    return {
        "passages": found.searched.passages,
        "documents": found.searched.documents,
        "words": sum(len(one.split()) for one in sentences),
        "quotations": len(found.quotations),
        "sentences": len(found.sentences),
        "seconds": sorted(seconds for seconds, _ in runs)[1],
        "processor_seconds": sorted(seconds for _, seconds in runs)[1],
    }


def tables(results: dict[str, Any]) -> list[str]:
    names = [*dict.fromkeys(CLASSES.values()), "not seen"]
    parts = [
        (
            f"{results['quotations']:,} quotations from {results['documents']:,} indexed documents "
            f"({', '.join(f'{name} {count:,}' for name, count in results['languages'].items())})."
        ),
        machine.table(
            ("class", "quotations", "precision", "recall"),
            (
                (name, f"{one['quotations']:,.0f}", f"{one['precision']:.4f}", f"{one['recall']:.4f}")
                for name, one in results["classes"].items()
            ),
        ),
        "What each kind was called:",
        machine.table(
            ("made", *names), ((kind, *(one.get(name, 0) for name in names)) for kind, one in results["kinds"].items())
        ),
    ]
    if "time" in results:
        one = results["time"]
        parts.append(
            f"A draft of {one['words']:,} words with {one['quotations']} quotations and {one['sentences']} sentences "
            f"without a citation, on an index of {one['passages']:,} passages of {one['documents']:,} documents: "
            f"{one['seconds']:.1f} s, {one['processor_seconds']:.1f} s of processor time (median of 3; the load above "
            "tells how free the machine was)."
        )
    return parts


if __name__ == "__main__":
    main()
