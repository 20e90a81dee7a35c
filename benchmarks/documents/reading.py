"""How fast files of each format are read: next to the library alone that takes them apart, and to indexing them."""

import argparse
import csv
import email
import email.policy
import io
import json
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

import nrqa
from benchmarks.documents.mixed import ARTICLES, paragraphs
from good_files import GOOD
from nrqa.corpus.worker.isolation import reading
from nrqa.encoder.opening import open_for_indexing
from nrqa.settings import DEFAULT_MODEL

FILES, EACH, ROUNDS = 20, 60, 3
"""Files of a format, paragraphs of one (some 15 pages), and how often everything is read."""
CHARACTERS_A_PAGE = 2500
_PARTS = ("content.xml", "word/document.xml", "xl/sharedStrings.xml")
"""Where the words of an office file stand, besides slides and sheets."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=Path, default=ARTICLES, help="articles.jsonl of squad_v1_dev")
    options.add_argument("--files", type=int, default=FILES)
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "files": given.files, "formats": {}}
    texts = list(paragraphs(given.articles))
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    for suffix, write in GOOD.items():
        picked = cycle(texts)
        made = {
            f"file{at}{suffix}": write(title, [text for _, text in islice(picked, EACH)])
            for at, (title, _) in enumerate(islice(cycle(texts), given.files))
        }
        results["formats"][suffix] = measured(made, suffix)
        print(suffix, results["formats"][suffix], flush=True)
    results["largest worker, MB"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    results["whole"] = whole(texts, given.files, encoder)
    machine.write("reading", results, [table(results), told(results)])


def measured(made: Mapping[str, bytes], suffix: str) -> dict[str, float]:
    """Medians over rounds, ours and the library's in turn; the worker is started and has its modules before."""
    ours, alone = [], []
    characters = 0
    with reading() as read:
        first, data = next(iter(made.items()))
        read(first, data)
        for _ in range(ROUNDS):
            began = time.perf_counter()
            characters = sum(len(read(name, data)[0].text) for name, data in made.items())
            ours.append(time.perf_counter() - began)
            if suffix in ALONE:
                began = time.perf_counter()
                for data in made.values():
                    ALONE[suffix](data)
                alone.append(time.perf_counter() - began)
    pages = characters / CHARACTERS_A_PAGE
    found = {"seconds": statistics.median(ours), "files/s": len(made) / statistics.median(ours)}
    found["pages/s"] = pages / statistics.median(ours)
    if alone:
        found["alone pages/s"] = pages / statistics.median(alone)
        found["times as long as alone"] = statistics.median(ours) / statistics.median(alone)
    return found


def whole(texts: list[tuple[str, str]], files: int, encoder: Any) -> dict[str, float]:
    """Reading and splitting as a share of indexing files of all formats, one in each."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        picked = iter(texts)
        for at, (suffix, write) in enumerate(islice(cycle(GOOD.items()), max(files, len(GOOD)))):
            (corpus / f"{at}{suffix}").write_bytes(write("A title", [text for _, text in islice(picked, EACH)]))
        began = time.perf_counter()
        read_until = began

        def progress(stage: str, *_: int) -> None:
            nonlocal read_until
            if stage == "reading":
                read_until = time.perf_counter()

        report = nrqa.reindex(corpus, Path(folder) / "index", encoder=encoder, progress=progress)
        took = time.perf_counter() - began
    return {"seconds": took, "reading": (read_until - began) / took, "passages": report.passages_total}


def _pdf(data: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_range()
    document.close()


def _html(data: bytes) -> None:
    from lxml import html

    html.document_fromstring(data).text_content()


def _epub(data: bytes) -> None:
    from lxml import html

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xhtml", ".html")):
                html.document_fromstring(archive.read(name)).text_content()


def _xml(data: bytes) -> None:
    """The words of an office file: zip, lxml."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(_PARTS) or "slides/slide" in name or "worksheets/sheet" in name:
                "".join(etree.fromstring(archive.read(name)).itertext())


def _rtf(data: bytes) -> None:
    from striprtf.striprtf import rtf_to_text

    rtf_to_text(data.decode("cp1252"))  # type: ignore[no-untyped-call]


def _csv(data: bytes) -> None:
    list(csv.reader(io.StringIO(data.decode())))


def _jsonl(data: bytes) -> None:
    [json.loads(line) for line in data.splitlines() if line]


def _eml(data: bytes) -> None:
    body = email.message_from_bytes(data, policy=email.policy.default).get_body()
    assert body is not None
    body.get_content()


def _markdown(data: bytes) -> None:
    from markdown_it import MarkdownIt

    MarkdownIt().parse(data.decode())


ALONE: Mapping[str, Callable[[bytes], None]] = {
    ".md": _markdown, ".html": _html, ".epub": _epub, ".docx": _xml, ".odt": _xml, ".rtf": _rtf, ".pptx": _xml,
    ".pdf": _pdf, ".csv": _csv, ".jsonl": _jsonl, ".xlsx": _xml, ".ods": _xml, ".eml": _eml,
}  # fmt: skip
"""The text, and nothing but the text, by the library that knows the format best."""


def table(results: dict[str, Any]) -> str:
    return machine.table(
        ("format", "files/s", "pages/s", "library alone, pages/s", "times as long"),
        (
            (
                suffix,
                f"{one['files/s']:.0f}",
                f"{one['pages/s']:,.0f}",
                f"{one['alone pages/s']:,.0f}" if "alone pages/s" in one else "",
                f"{one['times as long as alone']:.1f}" if "alone pages/s" in one else "",
            )
            for suffix, one in results["formats"].items()
        ),
    )


def told(results: dict[str, Any]) -> str:
    one = results["whole"]
    return (
        f"Indexing files of all formats ({one['passages']:,} passages): {one['seconds']:.1f} s; reading and splitting "
        f"take {one['reading']:.0%} of it. The largest worker took {results['largest worker, MB']:,} MB."
    )


if __name__ == "__main__":
    main()
