"""Scans are recognised where the user asks for it, and what was recognised says so."""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner

import project
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.citations.line import cite_line
from nrqa.citations.verifying import verify
from nrqa.cli import application
from nrqa.corpus.passages.word_boxes import Word, words_of
from nrqa.corpus.readers.pdf.text_layer import layered
from nrqa.corpus.worker.isolation import reading
from nrqa.corpus.worker.ocr.tesseract import written_languages
from nrqa.errors import CorpusError, ScanError, UnreadableError
from nrqa.indexing.reindexing import reindex
from nrqa.records import Document, Flag
from pdf_writer import PICTURE, Page, Pdf, line, lines, pdf

SENTENCES = ["The harbour was built in the year of the flood.", "Its walls are made of granite from the north."]
SCAN = pdf(PICTURE)
LAYER = pdf(lines(SENTENCES).replace(b"BT ", b"BT 3 Tr "))
TESSERACT = """#!{python}
import shutil, sys
if "--version" in sys.argv:
    print("tesseract 9.8.7")
elif "--list-langs" in sys.argv:
    print("List of available languages (2):", "eng", "deu", sep="\\n")
else:
    picture, place = sys.argv[1:3]
    assert open(picture, "rb").read(3) == b"P5\\n"
    assert sys.argv[3:5] == ["-l", "eng+deu"]
    shutil.copy({layer!r}, place + ".pdf")
"""


@dataclass
class Fake:
    """A tesseract that finds the same on every page."""

    layer: Path


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    if sys.platform == "win32":
        pytest.skip("a script is no program there")
    folder = tmp_path / "programs"
    folder.mkdir()
    fake = Fake(folder / "layer.pdf")
    fake.layer.write_bytes(LAYER)
    (folder / "tesseract").write_text(TESSERACT.format(python=sys.executable, layer=str(fake.layer)))
    (folder / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return fake


@pytest.fixture
def none_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def _read(data: bytes, languages: str = "eng+deu") -> Document:
    with reading(ocr=languages) as read:
        return read("scan.pdf", data)[0]


def _word(document: Document, text: str) -> Word:
    """Where the word first stands."""
    found = (one for page in document.pages for one in words_of(page))
    return next(one for one in found if document.text[one.start : one.end].strip(".,") == text)


@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
def test_a_scan_is_read_by_its_recognised_text_and_says_so() -> None:
    document = _read(SCAN)
    assert document.text.startswith(" ".join(SENTENCES))
    assert [one.label for one in document.places] == ["1"]
    assert document.sha256 == hashlib.sha256(SCAN).hexdigest()
    assert document.flags == (Flag("recognised text", 0, len(document.text), "by tesseract 9.8.7, eng+deu"),)


@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
def test_a_pdf_with_text_is_read_as_it_is() -> None:
    document = _read(pdf(lines(["Words of its own."]), PICTURE))
    assert document.text == "Words of its own."
    assert [one.kind for one in document.flags] == ["lost text"]


@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
def test_without_being_asked_a_scan_stays_one() -> None:
    with reading() as read, pytest.raises(ScanError, match="a scan: 1 page"):
        read("scan.pdf", SCAN)


@pytest.mark.slow
def test_a_scan_on_which_nothing_is_recognised_says_so(tesseract: Fake) -> None:
    tesseract.layer.write_bytes(pdf(b""))
    with pytest.raises(UnreadableError, match=r"no text was recognised on its 1 page \(by tesseract 9.8.7, eng\+deu"):
        _read(SCAN)


@pytest.mark.slow
def test_what_is_no_pdf_of_tesseract_s_is_no_text(tesseract: Fake) -> None:
    tesseract.layer.write_bytes(b"not a PDF")
    with pytest.raises(UnreadableError, match="no text was recognised"):
        _read(SCAN)


@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
def test_the_document_s_own_properties_stay() -> None:
    scan = pdf(PICTURE, information="/Title (On the harbour) /Author (Ann Smith)")
    document = _read(scan)
    assert (document.title, document.metadata["author"]) == ("On the harbour", "Ann Smith")


@pytest.mark.parametrize("entries", ["", "/Rotate 90", "/Rotate 180", "/Rotate 270", "/MediaBox [-50 20 562 812]"])
def test_a_layer_lies_where_the_page_is_seen(entries: str) -> None:
    # On the picture of the page, whatever its turn, the word stands in the same place.
    scan = Pdf([Page(PICTURE, entries)]).write()
    document = pypdfium2.PdfDocument(scan)
    width, height = document[0].get_size()
    layer = Pdf([Page(line("Harbour", 100, 200, size=20, before="3 Tr"), f"/MediaBox [0 0 {width} {height}]")]).write()
    out = pypdfium2.PdfDocument(layered(scan, lambda _picture, _dots: layer))
    page = out[0]
    assert (page.get_size(), page.get_rotation()) == ((width, height), document[0].get_rotation())
    text = page.get_textpage()
    assert text.get_text_range().strip() == "Harbour"
    left, bottom, right, top = text.get_charbox(0, loose=True)
    corners = [_seen(page, x, y, width, height) for x, y in ((left, bottom), (right, top))]
    assert min(x for x, _ in corners) == pytest.approx(100, abs=1)
    assert min(y for _, y in corners) == pytest.approx(200, abs=6)


def _seen(page: pypdfium2.PdfPage, x: float, y: float, width: float, height: float) -> tuple[float, float]:
    """A point of user space from the lower left of the page as it is seen."""
    fine = 100
    across, down = ctypes.c_int(), ctypes.c_int()
    pypdfium2.raw.FPDF_PageToDevice(
        page, 0, 0, round(width * fine), round(height * fine), 0, x, y, ctypes.byref(across), ctypes.byref(down)
    )
    return across.value / fine, height - down.value / fine


@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
def test_an_index_keeps_the_languages_until_none(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "a.txt").write_text("Words about something else.")
    (corpus / "scan.pdf").write_bytes(SCAN)
    assert len(reindex(corpus, index, encoder=fake).unreadable) == 1
    report = reindex(corpus, index, encoder=fake, ocr="eng+deu")
    assert report.unreadable == ()
    hit = Index.open(index, encoder=fake).ask("walls made of granite", k=1, only=["scan.pdf"]).hits[0]
    citation = hit.passage.citation
    assert (citation.document, citation.page, citation.flags[0].kind) == ("scan.pdf", 1, "recognised text")
    assert citation.rectangles[0].y1 == pytest.approx(730, abs=4)
    assert reindex(corpus, index, encoder=fake).generation == report.generation
    assert len(reindex(corpus, index, encoder=fake, ocr="none").unreadable) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
def test_a_citation_of_recognised_text_is_verified(
    corpus: Path, index: Path, fake: FakeEncoder, tmp_path: Path
) -> None:
    (corpus / "scan.pdf").write_bytes(SCAN)
    reindex(corpus, index, encoder=fake, ocr="eng+deu")
    hit = Index.open(index, encoder=fake).ask("walls made of granite", k=1).hits[0]
    (tmp_path / "memo.md").write_text(f"{cite_line(hit.passage)}\n")
    ((_, found),) = verify([tmp_path / "memo.md"], index=index).files
    assert [one.judgment.status for one in found] == ["intact"]


@pytest.mark.usefixtures("none_installed")
def test_without_tesseract_nothing_is_read_and_the_remedy_is_told(corpus: Path, index: Path) -> None:
    (corpus / "scan.pdf").write_bytes(SCAN)
    done = CliRunner().invoke(application(), ["index", str(corpus), "--index", str(index), "--ocr", "deu"])
    assert done.exit_code == 2
    assert "apt install tesseract-ocr tesseract-ocr-deu" in " ".join(done.output.split())
    assert not index.exists()


@pytest.mark.usefixtures("tesseract")
def test_a_language_that_tesseract_does_not_know_is_told(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    with pytest.raises(CorpusError, match=r"'chi_sim'.*apt install tesseract-ocr-eng tesseract-ocr-chi-sim"):
        reindex(corpus, index, encoder=fake, ocr="eng+chi_sim")


@pytest.mark.parametrize(
    ("written", "languages"), [("eng", "eng"), ("eng + deu+eng", "eng+deu"), ("none", ""), ("script/Latin",) * 2]
)
def test_languages_are_written_as_tesseract_does(written: str, languages: str) -> None:
    assert written_languages(written) == languages


@pytest.mark.parametrize("written", ["eng,deu", "-l", "../x", "eng+", "e g"])
def test_what_is_no_language_is_refused(written: str) -> None:
    with pytest.raises(CorpusError, match="names no languages"):
        written_languages(written)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
@pytest.mark.parametrize("turn", [0, 90])
def test_words_of_a_real_scan_stand_where_they_stand(turn: int) -> None:
    source = project.DOCUMENTS / "pdf/latex-one-column.pdf"
    printed = pypdfium2.PdfDocument(source)
    picture = printed[0].render(scale=200 / 72, grayscale=True).to_pil().rotate(turn, expand=True)
    written = BytesIO()
    picture.save(written, "PDF", resolution=200)
    scan = pypdfium2.PdfDocument(written.getvalue())
    scan[0].set_rotation(turn)
    turned = BytesIO()
    scan.save(turned)
    found = _read(turned.getvalue(), "eng")
    with reading() as read:
        there = read("a.pdf", source.read_bytes())[0]
    height = printed[0].get_height()
    for text in ("Persistence", "Alliance", "Indeed", "espionage", "Moscow"):
        one, other = _word(found, text), _word(there, text)
        box = (one.x0, one.y0, one.x1, one.y1)
        if turn:
            # The picture was turned to the left, so what ran to the right runs up.
            box = (one.y0, height - one.x1, one.y1, height - one.x0)
        assert box == pytest.approx((other.x0, other.y0, other.x1, other.y1), abs=4)
