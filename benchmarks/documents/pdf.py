"""PDFs of articles: are annotated answers cited on their page, in rectangles that hold their words? How fast is it?

Where the words truly stand is said by pdfplumber (pdfminer.six), which shares no code with the reader.
"""

import json
import re
import resource
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import pdfplumber
import pypdfium2
import typer

import nrqa
from benchmarks.documents import pdf_files
from benchmarks.shared import machine
from benchmarks.shared.question_sets import ARTICLE_SPANS, ARTICLES, DATA, answers, read
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.worker.isolation import reading
from nrqa.encoder.opening import open_for_indexing
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.records import Hit, Rectangle
from nrqa.settings import DEFAULT_MODEL

K = 5
CONTEXT = 40
"""Letters before or after an answer by which it is found on its page, and in a passage."""
NEAR = 25
"""Letters on one side of an answer that must be in a passage as well: the same words may stand elsewhere."""
EDGE = 0.6
"""Points by which the middle of a letter may be outside: the two libraries round differently."""
_KEPT = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Letters:
    """The letters and digits of a file as pdfplumber reads them, in the order of the file, and where each stands."""

    text: str = ""
    places: list[tuple[int, float, float]] = field(default_factory=list)
    """Page, and the middle of its box in user space."""


@dataclass(slots=True)
class Counts:
    """What became of the answers of one way of making PDFs."""

    answers: int = 0
    unplaced: int = 0
    retrieved: int = 0
    page: int = 0
    cited: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)
    whole: Counter[str] = field(default_factory=Counter)


def main(
    data: Annotated[Path, typer.Option(help="Where the question sets are.")] = DATA,
    work: Annotated[Path | None, typer.Option(help="Keeps PDFs and indexes for the next run.")] = None,
    every: Annotated[int, typer.Option(help="Take every so many articles of squad_v1_dev.")] = 3,
    questions: Annotated[int, typer.Option(help="Questions for each article at most; 0 for all.")] = 0,
) -> None:
    described = machine.describe()
    described["packages"] |= {name: version(name) for name in ("pypdfium2", "pdfplumber")}
    place = work or Path(tempfile.mkdtemp())
    source = data / "squad_v1_dev"
    articles = [(one.id, one.title, one.text) for one in documents_in(source / ARTICLES)][::every]
    asked = list(_asked(source, {name for name, _, _ in articles}, questions))
    corpora = {way: place / f"pdf {every}" / way for way in pdf_files.producers()}
    for way, corpus in corpora.items():
        if not corpus.exists():
            corpus.mkdir(parents=True)
            pdf_files.WAYS[way][1](articles, corpus)
    # First, since a process that is started by a large one is counted as large.
    fast = {way: speed(corpus) for way, corpus in corpora.items()}
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    ways: dict[str, Any] = {}
    for way, corpus in corpora.items():
        counts = measured(corpus, place / f"pdf index {every}" / way, articles, asked, encoder)
        ways[way] = {"speed": fast[way], **shares(counts)}
        print(way, json.dumps({key: value for key, value in ways[way].items() if key != "wrong"}), flush=True)
    missing = sorted(set(pdf_files.WAYS) - set(ways))
    results = {"machine": described, "articles": len(articles), "missing": missing, "ways": ways}
    machine.write("pdf", results, tables(results))


def _asked(source: Path, names: set[str], most: int) -> Iterator[tuple[str, str, list[tuple[int, int]]]]:
    """Article, question, and the spans of its answers in the article."""
    texts = {one["_id"]: one["text"] for one in read(source / "queries.jsonl")}
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for line in (source / ARTICLE_SPANS).read_text("utf-8").splitlines()[1:]:
        query, article, _, _, start, end = line.split("\t")
        if article in names and int(start) >= 0:
            spans.setdefault((article, query), []).append((int(start), int(end)))
    taken: Counter[str] = Counter()
    for (article, query), its in spans.items():
        taken[article] += 1
        if not most or taken[article] <= most:
            yield article, texts[query], its


def measured(
    corpus: Path,
    folder: Path,
    articles: Sequence[tuple[str, str, str]],
    asked: Sequence[tuple[str, str, list[tuple[int, int]]]],
    encoder: Any,
) -> Counts:
    nrqa.reindex(corpus, folder, encoder=encoder)
    index = nrqa.Index.open(folder, encoder=encoder)
    truths = {name: letters_of(corpus / f"{name}.pdf") for name, _, _ in articles}
    texts = {name: text for name, _, text in articles}
    counts = Counts()
    for (article, _, spans), answer in zip(asked, answers(index, [text for _, text, _ in asked], K), strict=True):
        start, end = spans[0]
        counts.answers += 1
        truth = truths[article]
        sought = around(texts[article], start, end)
        at = placed(truth.text, sought)
        if at is None:
            counts.unplaced += 1
            continue
        hit = next((one for one in answer.hits if holds(one, f"{article}.pdf", sought)), None)
        if hit is None:
            continue
        counts.retrieved += 1
        letters = truth.places[slice(*at)]
        rectangles = hit.passage.citation.rectangles
        on_page = {page for page, _, _ in letters} <= {one.page for one in rectangles} and in_pages(hit, letters)
        inside = all(is_inside(one, rectangles) for one in letters)
        counts.page += on_page
        counts.cited += on_page and inside
        counts.whole[exactness(hit, truth)] += 1
        if not (on_page and inside) and len(counts.wrong) < 20:
            counts.wrong.append({"article": article, "answer": texts[article][start:end], "page": on_page})
    return counts


def letters_of(file: Path) -> Letters:
    found = Letters()
    parts = []
    with pdfplumber.open(file) as document:
        for page in document.pages:
            for char in page.chars:
                for letter in letters(char["text"]):
                    parts.append(letter)
                    found.places.append(
                        (page.page_number, (char["x0"] + char["x1"]) / 2, (char["y0"] + char["y1"]) / 2)
                    )
            page.close()
    found.text = "".join(parts)
    return found


def letters(text: str) -> str:
    """Letters and digits alone, ligatures and accents taken apart."""
    return "".join(_KEPT.findall(unicodedata.normalize("NFKD", text).lower()))


def around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The letters of an answer, and of what is before and after it in its paragraph."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    before, after = letters(text[first:start]), letters(text[end : last if last >= 0 else len(text)])
    return before[-CONTEXT:], letters(text[start:end]), after[:CONTEXT]


def placed(text: str, sought: tuple[str, str, str]) -> tuple[int, int] | None:
    """Where the answer is in the file's letters, if by what is around it there is just one such place."""
    before, answer, after = sought
    for left, right in ((before, after), (before, ""), ("", after)):
        whole = left + answer + right
        if answer and len(whole) >= min(CONTEXT, len(before + answer + after)) and text.count(whole) == 1:
            at = text.index(whole) + len(left)
            return at, at + len(answer)
    return None


def holds(hit: Hit, document: str, sought: tuple[str, str, str]) -> bool:
    """Whether the hit is of that document and has the answer where it was annotated, not just the same words."""
    if hit.passage.citation.document != document:
        return False
    text = letters(hit.passage.text)
    before, answer, after = sought
    near = [side for side in (before[-NEAR:] + answer, answer + after[:NEAR]) if len(side) >= NEAR + len(answer)]
    return any(one in text for one in near or [before + answer + after])


def in_pages(hit: Hit, letters: Sequence[tuple[int, float, float]]) -> bool:
    """Whether the pages that the citation names have the answer's."""
    pages = next((one for one in hit.passage.citation.locators if one.kind == "page"), None)
    return pages is not None and all(int(pages.first) <= page <= int(pages.last) for page, _, _ in letters)


def is_inside(letter: tuple[int, float, float], rectangles: Sequence[Rectangle]) -> bool:
    page, x, y = letter
    return any(
        one.page == page and one.x0 - EDGE <= x <= one.x1 + EDGE and one.y0 - EDGE <= y <= one.y1 + EDGE
        for one in rectangles
    )


def exactness(hit: Hit, truth: Letters) -> str:
    """Whether the rectangles hold the letters of the passage and no others."""
    rectangles = hit.passage.citation.rectangles
    pages = {one.page for one in rectangles}
    marked = Counter(
        letter
        for letter, place in zip(truth.text, truth.places, strict=True)
        if place[0] in pages and is_inside(place, rectangles)
    )
    own = Counter(letters(hit.passage.text))
    if marked == own:
        return "just the passage"
    over = (marked - own).total()
    return "more" if over else "less"


def speed(corpus: Path) -> dict[str, Any]:
    """Pages a second: PDFium's text alone, our reader here, our reader in its own process; in turns, processor time."""
    files = [(one.name, one.read_bytes()) for one in sorted(corpus.glob("*.pdf"))]
    plain, ours, pages = [], [], 0
    for _ in range(3):
        began, pages = time.process_time(), 0
        for _, data in files:
            pages += plain_text(data)
        plain.append(time.process_time() - began)
        began = time.process_time()
        for name, data in files:
            read_document(name, data)
        ours.append(time.process_time() - began)
    began = time.perf_counter()
    with reading() as read_apart:
        for name, data in files:
            read_apart(name, data)
    apart = time.perf_counter() - began
    return {
        "files": len(files),
        "pages": pages,
        "PDFium's text alone": round(pages / min(plain), 1),
        "nrqa": round(pages / min(ours), 1),
        "nrqa, in its process, wall clock": round(pages / apart, 1),
        "peak MiB of the worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def plain_text(data: bytes) -> int:
    document = pypdfium2.PdfDocument(data)
    count = len(document)
    for number in range(count):
        page = document[number]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()
    return count


def shares(counts: Counts) -> dict[str, Any]:
    return {
        "answers": counts.answers,
        "not found by pdfplumber": counts.unplaced,
        "retrieved": counts.retrieved,
        "right page": counts.page,
        "right page and rectangles": counts.cited,
        "rectangles hold": dict(counts.whole),
        "wrong": counts.wrong,
    }


def tables(results: dict[str, Any]) -> list[str]:
    ways = results["ways"]
    said = [f"{results['articles']} articles of squad_v1_dev as PDFs, {K} hits a question."]
    if results["missing"]:
        said.append(f"Not made, for want of its program: {', '.join(results['missing'])}.")
    head = ("PDFs by", "answers", "placed by pdfplumber", "retrieved", "right page", "and rectangles hold its words",
            "rectangles hold just the passage")  # fmt: skip
    rows = [
        (
            way,
            one["answers"],
            one["answers"] - one["not found by pdfplumber"],
            one["retrieved"],
            f"{one['right page'] / one['retrieved']:.2%}",
            f"{one['right page and rectangles'] / one['retrieved']:.2%}",
            f"{one['rectangles hold'].get('just the passage', 0) / one['retrieved']:.1%}",
        )
        for way, one in ways.items()
    ]
    fast = [(way, *one["speed"].values()) for way, one in ways.items()]
    columns = ("PDFs by", *next(iter(ways.values()))["speed"]) if ways else ()
    return ["\n\n".join(said), machine.table(head, rows), "Pages a second:", machine.table(columns, fast)]


if __name__ == "__main__":
    typer.run(main)
