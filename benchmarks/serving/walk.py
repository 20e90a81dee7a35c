"""An analyst walks through the page over 1,000 mixed files, in a browser; each step is checked, timed, some are drawn.

    python -m benchmarks.serving.walk --work .bench [--pictures docs/pictures]

README.md says what is checked. Needs Chromium; the archive and its index are made when they are not there.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from PIL import Image

from benchmarks.documents.mixed import ARTICLES
from benchmarks.serving.archive import AUTHORS, BROKEN, COMMITTEE, FILES, NOTES, PAPERS, built
from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

from browser import Browser, browser
from serving_process import served

QUESTION = "who invented the alternating current motor"
OF_PAPERS = "why does Russia oppose missile defense"
PAPER = PAPERS["latex-two-columns.pdf"]
READABLE = FILES + NOTES + len(PAPERS)
SIZE = (1280, 800)
COLOURS = 128
"""Of a picture in the repository: a page has few, and so it takes a third of the bytes."""
READY = "document.readyState === 'complete'"
HITS = "[...document.querySelectorAll('.hit .where')].map(one => one.innerText)"
SHOWN = "(b => b.top >= 0 && b.bottom <= innerHeight)(document.querySelector('#here').getBoundingClientRect())"


class Walk:
    """The walk so far: the browser, where the server is, and what each step took."""

    def __init__(self, tab: Browser, address: str, pictures: Path | None, downloads: Path) -> None:
        self.tab, self.address, self.pictures, self.downloads = tab, address, pictures, downloads
        self.steps: list[tuple[str, float]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step, timed; what fails in it says which it was."""
        began = time.perf_counter()
        try:
            yield
        except AssertionError as error:
            raise SystemExit(f"{name}: {error}") from error
        self.steps.append((name, time.perf_counter() - began))
        print(f"{self.steps[-1][1]:6.2f} s  {name}", flush=True)

    def drawn(self, name: str) -> None:
        """Keep a picture of the window, with few colours."""
        if self.pictures:
            picture = Image.open(io.BytesIO(self.tab.picture())).convert("RGB")
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(self.pictures / f"{name}.png", optimize=True)

    def ask(self, question: str) -> str:
        """Ask by keys alone; the verdict."""
        self.tab.press("/")
        self.tab.write(question)
        self.tab.press("Enter", 13)
        value = "document.querySelector('#q').value"
        self.tab.wait(f"{READY} && document.querySelector('#verdict') && {value} === {json.dumps(question)}")
        return str(self.tab.evaluate("document.querySelector('#verdict .name').innerText"))

    def follow(self, selector: str) -> None:
        """Click, and wait until another page is there."""
        self.tab.wait(READY)
        self.tab.evaluate("window.old = true")
        self.tab.click(selector)
        self.tab.wait(f"{READY} && !window.old")

    def key(self, key: str) -> None:
        """Press a key that leads to another page, and wait until it is there."""
        self.tab.evaluate("window.old = true")
        self.tab.press(key, 13 if key == "Enter" else 0)
        self.tab.wait(f"{READY} && !window.old")


def question_to_filters(walk: Walk) -> None:
    """Question, verdict, coverage, filters by folder and by one of many authors."""
    tab = walk.tab
    with walk.step("a question, typed after / and sent by Enter"):
        verdict = walk.ask(QUESTION)
        assert verdict == "Answered", verdict
        first = tab.evaluate("document.querySelector('.hit blockquote').innerText")
        assert "Tesla" in first, first
        assert len(tab.evaluate(HITS)) == 5
    walk.drawn("walk-question")
    with walk.step("what was searched, and what was not"):
        tab.click(".coverage > summary")
        told = tab.evaluate("document.querySelector('.coverage').innerText")
        assert f"{READABLE:,} documents" in told, told
        assert f"Not searchable: {BROKEN} files" in told, told
        tab.click(".coverage .files summary")
        reasons = tab.evaluate("[...document.querySelectorAll('.coverage .files .why')].map(one => one.innerText)")
        assert sum(int(one.split(" × ")[0]) if " × " in one else 1 for one in reasons) == BROKEN, reasons
    with walk.step("the filters: folders, and values of the metadata"):
        tab.click(".filters > summary")
        legends = tab.evaluate("[...document.querySelectorAll('.facets legend')].map(one => one.innerText)")
        assert {"folder", "author", "topic"} <= {*legends}, legends
        assert tab.evaluate("document.documentElement.scrollWidth") <= SIZE[0]
        tab.evaluate("scrollTo(0, 0)")
    walk.drawn("walk-filters")
    with walk.step("one of many authors, looked for by a part of the name"):
        author = "[...document.querySelectorAll('.facets fieldset')].find(one => one.innerText.startsWith('author'))"
        tab.evaluate(f"{author}.querySelector('a').id = 'all'")
        walk.follow("#all")
        assert tab.evaluate("document.querySelectorAll('.values li').length") > AUTHORS
        tab.evaluate("document.getElementById('holding').focus()")
        tab.write("KOWAL")
        walk.key("Enter")
        assert 0 < tab.evaluate("document.querySelectorAll('.values li').length") < 20
        walk.follow(".values a")
        chosen = tab.evaluate("document.querySelector('.chosen bdi').innerText")
        assert re.fullmatch("author=.* kowalski", chosen), chosen
        searched = tab.evaluate("document.querySelector('.coverage summary').innerText")
        assert re.match(r"\d passages? of \d documents? searched within the filters", searched), searched
    with walk.step("the filter taken away, a folder with a long name chosen"):
        walk.follow(".chosen a")
        tab.click(".filters > summary")
        tab.evaluate(
            "[...document.querySelectorAll('.facets label')].find(one => one.innerText.includes("
            f"{json.dumps(COMMITTEE)})).querySelector('input').click()"
        )
        walk.follow("button.go")
        found = tab.evaluate(HITS)
        assert found, "no hit"
        assert all(one.startswith(COMMITTEE) for one in found), found
        assert tab.evaluate("document.documentElement.scrollWidth") <= SIZE[0]


def reader(walk: Walk) -> None:
    """A PDF's page with its marks, the next hit, and a citation that can be verified."""
    tab = walk.tab
    with walk.step("a question to a PDF of some pages, chosen by its name"):
        tab.go(f"{walk.address}/?only=*NATO*.pdf&k=10")
        walk.ask(OF_PAPERS)
        assert all(".pdf" in one for one in tab.evaluate(HITS))
    with walk.step("the first hit on its page, marked"):
        tab.press("j")
        walk.key("Enter")
        tab.wait("[...document.querySelectorAll('image')].every(one => one.getBBox().height > 0)")
        tab.wait(SHOWN)
        assert tab.evaluate("decodeURI(location.pathname)") == f"/read/{PAPER}"
        marks, best = tab.evaluate("['mark', 'answer'].map(one => document.querySelectorAll('rect.' + one).length)")
        assert marks > best > 0, (marks, best)
        words = tab.evaluate("[...document.querySelectorAll('.words')].map(one => one.textContent).join(' ')")
        assert "missile" in words, words[:200]
        ticks = tab.evaluate("document.querySelectorAll('.ticks a').length")
        assert ticks > 1, ticks
    walk.drawn("walk-pdf")
    with walk.step("the next hit in this document, by n"):
        before = tab.evaluate("document.querySelector('.ticks [aria-current] rect.tick').getAttribute('y')")
        walk.key("n")
        tab.wait(SHOWN)
        after = tab.evaluate("document.querySelector('.ticks [aria-current] rect.tick').getAttribute('y')")
        assert float(after.rstrip("%")) > float(before.rstrip("%")), (before, after)
    with walk.step("its citation, copied by c, stands in the corpus"):
        tab.press("c")
        tab.wait("document.getElementById('said').innerText.includes('Copied: citation')")
        cite = tab.evaluate("navigator.clipboard.readText()")
        assert unquote(cite).startswith(PAPER), cite
        body = json.dumps({"text": f"It is so ({cite}).", "name": "note.md"})
        sent = f"{{method: 'POST', headers: {{'content-type': 'application/json'}}, body: {json.dumps(body)}}}"
        verified = tab.evaluate(f"fetch('/v1/verify', {sent}).then(one => one.json())")
        assert verified["counts"]["intact"] == 1, verified
    with walk.step("why a document is not among the hits"):
        tab.go(f"{walk.address}/read/folder0/file0.txt?q={OF_PAPERS.replace(' ', '+')}")
        walk.follow(".whynot button")
        told = tab.evaluate("document.querySelector('.told').innerText")
        assert "folder0/file0.txt" in tab.evaluate("document.querySelector('#document').value")
        assert len(told) > 100, told
    walk.drawn("walk-why-not")


def draft(walk: Walk) -> None:
    """A draft with one quotation that stands, one that was changed, one that nobody said; its annotated copy."""
    tab = walk.tab
    with walk.step("a draft, pasted and checked"):
        found = tab.evaluate(f"fetch('/v1/search?question={QUESTION.replace(' ', '+')}').then(one => one.json())")
        hit = next(one["text"] for one in found["hits"] if "induction motor" in one["text"])
        sentence = next(one for one in hit.split(". ") if "induction motor" in one).strip().rstrip(".")
        wrong = sentence.replace("induction motor", "diesel engine")
        tab.go(f"{walk.address}/check")
        tab.evaluate("document.getElementById('text').focus()")
        tab.write(f"# The motor\n\nThe source says “{sentence}”.\n\nIt also says “{wrong}”.\n\n"
                  "And “nobody at all ever spoke of electric bananas in Zanzibar”.\n")  # fmt: skip
        walk.follow("button.go")
        labels = tab.evaluate("[...document.querySelectorAll('.findings .label-of')].map(one => one.innerText)")
        assert labels[:3] == ["Wrong", "Wrong", "Stands"], labels
        changed = tab.evaluate("['del', 'ins'].map(one => document.querySelector(one).innerText.trim())")
        assert changed == ["induction motor", "diesel engine"] or "motor" in changed[0], changed
    walk.drawn("walk-draft")
    with walk.step("the annotated copy"):
        tab.click("form.again button")
        until = time.monotonic() + 60
        while not (saved := [*walk.downloads.glob("annotated.md")]):
            assert time.monotonic() < until, "nothing is saved"
            time.sleep(0.05)
        assert "**misquoted**" in saved[0].read_text("utf-8")


def holdings(walk: Walk) -> None:
    """What could not be read, by reason; the list of documents to its end."""
    tab = walk.tab
    with walk.step("the status: what could not be read, by reason"):
        tab.go(f"{walk.address}/status")
        reasons = tab.evaluate("[...document.querySelectorAll('.reasons summary')].map(one => one.innerText)")
        assert sum(int(one.split()[0]) for one in reasons) == BROKEN, reasons
        assert len(reasons) > 20, reasons
    walk.drawn("walk-status")
    with walk.step("all documents, page after page"):
        tab.go(f"{walk.address}/documents")
        count = "document.querySelectorAll('table tbody tr').length"
        met = tab.evaluate(count)
        while tab.evaluate("document.querySelector('a[rel=next]') !== null"):
            walk.follow("a[rel=next]")
            met += tab.evaluate(count)
        assert met == READABLE, met
        assert tab.evaluate("document.documentElement.scrollWidth") <= SIZE[0]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", type=Path, default=machine.ROOT / ".bench", help="where the archive is kept")
    options.add_argument("--articles", type=Path, default=ARTICLES, help="articles.jsonl of squad_v1_dev")
    options.add_argument("--pictures", type=Path, help="folder for the pictures; without it none are drawn")
    given = options.parse_args()
    place = given.work / "archive"
    built(place, given.articles)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(place / "index") as (address, once),
        browser(Path(folder) / "profile") as tab,
    ):
        downloads = Path(folder) / "downloads"
        downloads.mkdir()
        tab.show(*SIZE)
        tab.allow_copying(address)
        tab.save_into(downloads)
        walk = Walk(tab, address, given.pictures, downloads)
        with walk.step("the address with the one-time token"):
            tab.go(once)
            holds = tab.evaluate("document.querySelector('.holds').innerText")
            assert holds == f"archive: {READABLE:,} documents, {BROKEN} not searchable", holds
        tab.wait("fetch('/readyz').then(one => one.ok)")
        for part in (question_to_filters, reader, draft, holdings):
            part(walk)
    results: dict[str, Any] = {"machine": machine.describe(), "steps": [(name, round(s, 2)) for name, s in walk.steps]}
    rows = [(name, f"{seconds:.2f}") for name, seconds in walk.steps]
    machine.write("walk", results, [machine.table(("step, all of it checked", "s"), rows)])


if __name__ == "__main__":
    main()
