"""Citations verified after their sources were edited by a script that knows what it did.

A corpus of articles is written, passages of it are cited in three forms, and then the files are edited: paragraphs
moved, removed and copied, lines wrapped anew, typography and words changed, files renamed. What has become of each
passage follows from the edits alone: nothing of nrqa's is asked for it.
"""

import argparse
import json
import random
import re
import string
import tempfile
import textwrap
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.shared import machine
from benchmarks.shared.question_sets import ARTICLES, DATA, SEED
from nrqa.citations.annotation import annotation
from nrqa.citations.line import cite_line
from nrqa.citations.verifying import Verified, verify
from nrqa.corpus.passages.splitter import split
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.shaping import Settings
from nrqa.records import Citation, Passage

SETS = (("squad_v1_dev", 36), ("xquad_de", 48), ("xquad_es", 48))
"""Which articles, and how many of each set at most: English, German and Spanish."""
FORMS = ("line", "line with quotation", "JSON")
WIDTH = 72
QUOTATIONS = (("“", "”"), ('"', '"'), ("«\u00a0", "\u00a0»"), ("„", "“"))
TYPOGRAPHY = {
    "'": "’",
    '"': "“",
    "-": "\u2011",
    "–": "—",
    "’": "'",
    "“": '"',
    "”": "»",
    "„": '"',
    "...": "…",
    "…": "...",
}
NEGATIONS = re.compile(r" (?:not|never|nicht|kein|keine|no|nunca)\b")
EXTRA = (
    "Nobody has confirmed any of this so far.",
    "Das wurde bisher von niemandem bestätigt.",
    "Nadie lo ha confirmado.",
)


@dataclass(eq=False)
class Paragraph:
    """A paragraph as it was cited, and the changes to come: stretches of it that are replaced.

    ``words`` of the changes are those that change more than typography.
    """

    text: str
    home: str
    heading: str = ""
    changes: list[tuple[int, int, str]] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    kind: str = "left alone"

    def now(self) -> str:
        parts, at = [], 0
        for start, end, new in sorted(self.changes):
            parts += [self.text[at:start], new]
            at = end
        return "".join([*parts, self.text[at:]])

    def where(self, position: int) -> int:
        """Where a position of the text is after the changes (at the end of what was inserted there)."""
        return position + sum(
            len(new) - (end - start) for start, end, new in self.changes if end <= position and start < position
        )

    def touches(self, start: int, end: int) -> bool:
        # What is put in before or behind the passage is none of it.
        return any(a < end and b > start for a, b in self.words)


@dataclass
class Cited:
    """A passage that is cited: its paragraph, and where it stands in it."""

    paragraph: Paragraph
    start: int
    end: int
    passage: Passage
    document: str


Files = dict[str, list[Paragraph]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--citations", type=int, default=2100, help="how many passages are cited, each in three forms")
    options.add_argument("--keep", type=Path, help="write corpus and citations there")
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 - chance need not be cryptographic
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder)
        files = articles(given.data)
        texts = {name: assembled(paragraphs) for name, paragraphs in files.items()}
        cited = chance.sample(passages(files, texts), given.citations)
        edited, gone, twice = edit(files, cited, chance)
        write(place / "corpus", edited)
        results = {form: judged(form, cited, texts, place) for form in FORMS}
        done = {
            "machine": machine.describe(),
            "seed": given.seed,
            "documents": len(files),
            "characters": sum(map(len, texts.values())),
            "citations": len(cited),
            **tallied(cited, edited, gone, twice, results),
        }
    machine.write("citations", done, tables(done))


def articles(data: Path) -> Files:
    """Files of paragraphs, each paragraph once in the whole corpus; the names are such as people give."""
    files: Files = {}
    seen: set[str] = set()
    for source, most in SETS:
        lines = (data / source / ARTICLES).read_text("utf-8").splitlines()[:most]
        for number, line in enumerate(lines):
            one = json.loads(line)
            name = f"{source}/{one['title'].replace('/', '-')}.{'md' if number % 2 else 'txt'}"
            if number % 7 == 3:
                name = f"{source}/{number}: notes #{number} § (draft) {one['title'][:20]}.txt"
            paragraphs = [text.strip("\ufeff \n") for text in one["text"].split("\n\n")]
            files[name] = [Paragraph(text, name) for text in paragraphs if len(text) > 80 and text not in seen]
            seen.update(paragraphs)
    for file in sorted((machine.ROOT / "corpus").glob("*.txt")):
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
        files[file.name] = [Paragraph(text, file.name) for text in lines if len(text) > 80]
    for name, paragraphs in files.items():
        for number in range(2, len(paragraphs), 4):
            words = re.findall(r"[^\W\d_]{4,}", paragraphs[number].text)[:3]
            title = " ".join(words).capitalize()
            paragraphs[number].heading = f"## {title}" if name.endswith("md") else title
    return {name: paragraphs for name, paragraphs in files.items() if paragraphs}


def assembled(paragraphs: Sequence[Paragraph]) -> str:
    return "".join(f"{one.heading}\n\n{one.now()}\n\n" if one.heading else f"{one.now()}\n\n" for one in paragraphs)


def passages(files: Files, texts: dict[str, str]) -> list[Cited]:
    """The passages that nrqa would cut, those within one paragraph."""
    found = []
    for name, paragraphs in files.items():
        document, blocks = read_document(name, texts[name].encode())
        drafts = split(document.text, blocks, title="", count_tokens=count_words, most_tokens=254, settings=Settings())
        for draft in drafts:
            words = document.text[draft.start : draft.end]
            home = next((one for one in paragraphs if words in one.text), None)
            if home is None:
                continue
            begin = texts[name].count("\n", 0, draft.start) + 1
            end = texts[name].count("\n", 0, draft.end) + 1
            citation = Citation(
                name, document.title, draft.heading, draft.start, draft.end, begin, end, None, document.sha256
            )
            start = home.text.index(words)
            found.append(Cited(home, start, start + len(words), Passage(words, citation), name))
    return found


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text) // 5 for text in texts]


# What is done to the corpus. Each paragraph is changed in one way; paragraphs that are not cited stay as they are.


def edit(files: Files, cited: Sequence[Cited], chance: random.Random) -> tuple[Files, set[int], set[int]]:
    """The files after the edits; which paragraphs (by identity) were removed, and which were copied to two places."""
    by_paragraph: dict[int, list[Cited]] = defaultdict(list)
    for one in cited:
        by_paragraph[id(one.paragraph)].append(one)
    gone: set[int] = set()
    twice: set[int] = set()
    names = list(files)
    # In some files nothing moves: lines stay where they are.
    calm = set(chance.sample(names, len(names) // 4))
    edited = {name: list(paragraphs) for name, paragraphs in files.items()}
    vocabulary = [word for paragraphs in files.values() for word in re.findall(r"[^\W\d_]{5,}", paragraphs[0].text)]
    for name in names:
        others = [other for other in names if other != name and other not in calm]
        for paragraph in files[name]:
            aims = by_paragraph.get(id(paragraph))
            if aims:
                if chance.random() < 0.55:
                    rewrite(paragraph, aims, chance, vocabulary)
                if name not in calm:
                    rearrange(paragraph, edited, name, others, chance, gone, twice)
    renamed = set(chance.sample([name for name in names if name not in calm], len(names) // 8))
    return {f"archive/{name}" if name in renamed else name: one for name, one in edited.items()}, gone, twice


def rewrite(paragraph: Paragraph, aims: Sequence[Cited], chance: random.Random, vocabulary: Sequence[str]) -> None:
    """Changes the paragraph in one of the ways that it can be changed in."""
    while not paragraph.changes:
        paragraph.kind, way = chance.choice(WAYS)
        way(paragraph, chance.choice(aims), chance, vocabulary)


def rearrange(  # noqa: PLR0917
    paragraph: Paragraph,
    edited: Files,
    name: str,
    others: Sequence[str],
    chance: random.Random,
    gone: set[int],
    twice: set[int],
) -> None:
    """Moves, removes or copies the paragraph, or leaves it where it is."""
    lot = chance.random()
    if lot < 0.12:
        move(paragraph, edited, name, name, chance)
    elif lot < 0.27:
        move(paragraph, edited, name, chance.choice(others), chance)
    elif lot < 0.36:
        edited[name].remove(paragraph)
        gone.add(id(paragraph))
        paragraph.kind = "removed"
    elif lot < 0.39 and paragraph.words:
        paragraph.kind = f"{paragraph.kind}, but copied before"
        target = edited[chance.choice(others)]
        target.insert(chance.randrange(len(target) + 1), Paragraph(paragraph.text, paragraph.home))
    elif lot < 0.42 and not paragraph.changes:
        edited[name].remove(paragraph)
        twice.add(id(paragraph))
        paragraph.kind = "removed, and copied to two places"
        for other in chance.sample(others, 2):
            edited[other].insert(chance.randrange(len(edited[other]) + 1), paragraph)


def move(one: Paragraph, edited: Files, source: str, target: str, chance: random.Random) -> None:
    edited[source].remove(one)
    edited[target].insert(chance.randrange(len(edited[target]) + 1), one)
    one.kind = f"moved {'within' if source == target else 'between'}, {one.kind}"


def typography(one: Paragraph, aim: Cited, chance: random.Random, _: Any) -> None:
    found = [match.span() for match in re.finditer(r"\.\.\.|['\"\-–’“”„…]", one.text)]
    one.changes = [(start, end, TYPOGRAPHY[one.text[start:end]]) for start, end in found]
    spaces = [match.start() for match in re.finditer(r"(?<=\w) (?=\w)", one.text[aim.start : aim.end])]
    if spaces:
        at = aim.start + chance.choice(spaces)
        one.changes.append((at, at + 1, "\u00a0"))


def wrapped(one: Paragraph, *_: Any) -> None:
    """Lines of so many characters; a space becomes a line end, and nothing else changes."""
    at = 0
    for line in textwrap.wrap(one.text, WIDTH, break_long_words=False, break_on_hyphens=False)[:-1]:
        at = one.text.index(line.split()[-1], at + len(line) - len(line.split()[-1])) + len(line.split()[-1])
        space = re.compile(r"\s+").match(one.text, at)
        if space:
            one.changes.append((space.start(), space.end(), "\n"))


def both(one: Paragraph, aim: Cited, chance: random.Random, vocabulary: Any) -> None:
    wrapped(one)
    breaks = {start for start, _, _ in one.changes}
    other = Paragraph(one.text, one.home)
    typography(other, aim, chance, vocabulary)
    one.changes += [change for change in other.changes if change[0] not in breaks]


def one_word(one: Paragraph, aim: Cited, chance: random.Random, vocabulary: Sequence[str]) -> None:
    replace_word(one, chance.choice(list(words_of(aim))), chance, vocabulary)


def first_word(one: Paragraph, aim: Cited, chance: random.Random, vocabulary: Sequence[str]) -> None:
    replace_word(one, next(words_of(aim)), chance, vocabulary)


def last_word(one: Paragraph, aim: Cited, chance: random.Random, vocabulary: Sequence[str]) -> None:
    """The last word replaced, or made longer by a letter."""
    *_, (start, end) = words_of(aim)
    if chance.random() < 0.5:
        replace_word(one, (start, end), chance, vocabulary)
    else:
        change(one, start, end, one.text[start:end] + "s")


def digit(one: Paragraph, aim: Cited, chance: random.Random, _: Any) -> None:
    found = [aim.start + match.start() for match in re.finditer(r"[0-9]", one.text[aim.start : aim.end])]
    if found:
        at = chance.choice(found)
        change(one, at, at + 1, chance.choice([one_ for one_ in string.digits if one_ != one.text[at]]))


def negation(one: Paragraph, aim: Cited, chance: random.Random, _: Any) -> None:
    found = [match.span() for match in NEGATIONS.finditer(one.text, aim.start, aim.end)]
    if found:
        change(one, *chance.choice(found), "")
        return
    *_, (start, _) = list(words_of(aim))[: max(2, len(list(words_of(aim))) // 2)]
    change(one, start, start, "not ")


def added(one: Paragraph, aim: Cited, chance: random.Random, _: Any) -> None:
    found = [match.end() for match in re.finditer(r"\. ", one.text[aim.start : aim.end - 1])]
    if found:
        at = aim.start + chance.choice(found)
        change(one, at, at, chance.choice(EXTRA) + " ")


def left_out(one: Paragraph, aim: Cited, chance: random.Random, _: Any) -> None:
    words = list(words_of(aim))
    count = chance.randint(1, max(1, len(words) // 5))
    if len(words) > count + 4:
        first = chance.randrange(1, len(words) - count)
        change(one, words[first][0], words[first + count][0], "")


def mark(one: Paragraph, aim: Cited, chance: random.Random, _: Any) -> None:
    found = [aim.start + match.start() for match in re.finditer(r"[,;()%€$]", one.text[aim.start : aim.end])]
    if found:
        at = chance.choice(found)
        change(one, at, at + 1, "")


WAYS: tuple[tuple[str, Callable[[Paragraph, Cited, random.Random, Sequence[str]], None]], ...] = (
    ("typography", typography),
    ("wrapped", wrapped),
    ("wrapped, typography", both),
    ("word", one_word),
    ("first word", first_word),
    ("last word", last_word),
    ("digit", digit),
    ("negation", negation),
    ("sentence added", added),
    ("words left out", left_out),
    ("mark", mark),
)


def replace_word(one: Paragraph, span: tuple[int, int], chance: random.Random, vocabulary: Sequence[str]) -> None:
    old = one.text[slice(*span)]
    change(one, *span, chance.choice([word for word in chance.sample(vocabulary, 20) if word.lower() != old.lower()]))


def change(one: Paragraph, start: int, end: int, new: str) -> None:
    one.changes = [(start, end, new)]
    one.words = [(start, end)]


def words_of(aim: Cited) -> Iterator[tuple[int, int]]:
    return (
        match.span()
        for match in re.finditer(r"\w+", aim.paragraph.text)
        if aim.start <= match.start() < match.end() <= aim.end
    )


def write(corpus: Path, files: Files) -> None:
    for name, paragraphs in files.items():
        file = corpus / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(assembled(paragraphs), "utf-8", newline="")


# What has become of each, by the edits.


def truths(cited: Sequence[Cited], edited: Files, gone: set[int], twice: set[int]) -> list[tuple[str, str, int]]:
    """For each: status, document and line; ("", 0) for those that stand nowhere or at no one place."""
    lines: dict[int, tuple[str, int]] = {}
    for name, paragraphs in edited.items():
        line = 1
        for paragraph in paragraphs:
            line += 2 if paragraph.heading else 0
            lines[id(paragraph)] = (name, line)
            line += paragraph.now().count("\n") + 2
    found = []
    for one in cited:
        paragraph = one.paragraph
        if id(paragraph) in gone:
            found.append(("gone", "", 0))
        elif id(paragraph) in twice:
            found.append(("ambiguous", "", 0))
        else:
            name, line = lines[id(paragraph)]
            line += paragraph.now().count("\n", 0, paragraph.where(one.start))
            here = (one.document, one.passage.citation.line_start) == (name, line)
            status = "edited" if paragraph.touches(one.start, one.end) else "intact" if here else "moved"
            found.append((status, name, line))
    return found


def judged(form: str, cited: Sequence[Cited], texts: dict[str, str], place: Path) -> tuple[list[Verified], float]:
    """What `nrqa verify` says of a file with all citations in one form, and how many seconds it took."""
    if form == "JSON":
        file = place / "citations.json"
        file.write_text(json.dumps([annotation(one.passage, texts[one.document]) for one in cited], indent=1), "utf-8")
    else:
        file = place / f"{form}.md"
        write_one = quoted if "quotation" in form else alone
        file.write_text("\n\n".join(write_one(number, one.passage) for number, one in enumerate(cited)), "utf-8")
    begun = time.perf_counter()
    ((_, found),) = verify([file], place / "corpus", index=place / "no index").files
    assert len(found) == len(cited), (form, len(found), len(cited))
    return list(found), time.perf_counter() - begun


def alone(number: int, passage: Passage) -> str:
    return f"Point {number} rests on {cite_line(passage)}, as do others."


def quoted(number: int, passage: Passage) -> str:
    """A block quote, or a quotation in its sentence, with the citation behind it."""
    opening, closing = QUOTATIONS[number % len(QUOTATIONS)]
    if number % 2:
        lines = "\n".join(f"> {line}" for line in textwrap.wrap(passage.text, WIDTH, break_on_hyphens=False))
        return f"Point {number}:\n\n{lines}\n>\n> — {cite_line(passage)}"
    return f"As to point {number}: {opening}{passage.text}{closing} ({cite_line(passage)})."


def tallied(
    cited: Sequence[Cited],
    edited: Files,
    gone: set[int],
    twice: set[int],
    results: dict[str, tuple[list[Verified], float]],
) -> dict[str, Any]:
    truth = truths(cited, edited, gone, twice)
    tables: dict[str, Any] = {}
    wrong: list[dict[str, Any]] = []
    by_kind: dict[str, dict[str, list[int]]] = defaultdict(lambda: {form: [0, 0] for form in FORMS})
    for form, (found, seconds) in results.items():
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for one, (status, name, line), verified in zip(cited, truth, found, strict=True):
            said = verified.judgment.status
            passage = verified.judgment.passage
            place = (passage.citation.document, passage.citation.line_start) if passage else ("", 0)
            # A line alone has no words: it says "gone", and that it cannot tell edited from removed. A copy tells it.
            copied = one.paragraph.kind.endswith("copied before")
            expected = "gone" if form == "line" and status == "edited" and not copied else status
            right = said == expected and (status not in ("intact", "moved") or place == (name, line))
            counts[status][said if said != expected or right else f"{said}, wrong place"] += 1
            kind = f"{one.paragraph.kind}: {status}"
            by_kind[kind][form][0] += right
            by_kind[kind][form][1] += 1
            if not right:
                wrong.append({
                    "form": form, "kind": kind, "said": said, "truth": [status, name, line], "place": place,
                    "cite": cite_line(one.passage).split(" ")[0],
                })  # fmt: skip
        tables[form] = {"said": {status: dict(one) for status, one in counts.items()}, "seconds": round(seconds, 1)}
    return {"forms": tables, "kinds": dict(sorted(by_kind.items())), "wrong": wrong}


def tables(done: dict[str, Any]) -> list[str]:
    size = f"{done['documents']} documents, {done['characters'] / 1e6:.1f} million characters, seed {done['seed']}"
    lines = [f"{done['citations']:,} citations in each form, {size}."]
    for form, one in done["forms"].items():
        total = sum(sum(said.values()) for said in one["said"].values())
        wrong = sum(found["form"] == form for found in done["wrong"])
        false = sum(said.get("intact", 0) for status, said in one["said"].items() if status in ("edited", "gone"))
        lines.append(
            f"**{form}**: {(total - wrong) / total:.2%} right ({wrong} of {total:,} wrong), {false} edited or gone "
            f"called intact, {one['seconds']} s."
        )
        columns = sorted({said for counts in one["said"].values() for said in counts})
        lines.append(
            machine.table(
                ("truth", *columns),
                [
                    (status, *(counts.get(said, "") for said in columns))
                    for status, counts in sorted(one["said"].items())
                ],
            )
        )
    rows = [(kind, *(f"{right}/{total}" for right, total in one.values())) for kind, one in done["kinds"].items()]
    lines += [
        "What was done to the paragraph, and what became of the passage; right of all:",
        machine.table(("", *FORMS), rows),
    ]
    return lines


if __name__ == "__main__":
    main()
