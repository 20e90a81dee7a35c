"""Books: chapters in reading order under the titles of the table of contents, paragraphs counted in each."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pytest

import project
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document

DOCUMENTS = project.DOCUMENTS / "epub"
CONTAINER = '<container><rootfiles><rootfile full-path="OPS/p%20q.opf"/></rootfiles></container>'
SENTENCE = "The harbour was closed for a week, and nobody was told why."


def package(spine: str, manifest: str = "", metadata: str = "", guide: str = "") -> str:
    pages = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in dict.fromkeys(spine.split())
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine.split())
    return (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        f"<manifest>{pages}{manifest}</manifest>"
        f"<spine>{order}</spine><guide>{guide}</guide></package>"
    )


def book(files: dict[str, str], *, container: str = CONTAINER) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def pages(texts: dict[str, str]) -> dict[str, str]:
    return {f"OPS/{name}.xhtml": f"<html><body>{text}</body></html>" for name, text in texts.items()}


def contents(nav: str) -> tuple[str, dict[str, str]]:
    item = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    page = f'<html xmlns:epub="x"><body><nav epub:type="toc">{nav}</nav></body></html>'
    return item, {"OPS/nav.xhtml": page}


def read(data: bytes) -> tuple[Document, tuple[Block, ...]]:
    return read_document("book.epub", data)


def labels(document: Document, kind: str = "chapter") -> list[str]:
    return [place.label for place in document.places if place.kind == kind]


def texts(document: Document, blocks: tuple[Block, ...]) -> list[str]:
    return [document.text[block.start : block.end] for block in blocks]


@pytest.mark.parametrize("name", ["pandoc-epub2.epub", "pandoc-epub3.epub", "libreoffice.epub"])
def test_books_that_other_programs_write(name: str) -> None:
    document, blocks = read((DOCUMENTS / name).read_bytes())
    assert document.title == "NATO and Russia"
    assert document.metadata["language"] == "en"
    assert "Part one" in labels(document)
    assert "Historical Foundations of NATO-Russia Relations" in labels(document)
    found = {document.text[block.start : block.end]: block for block in blocks}
    block = next(
        block for words, block in found.items() if words.startswith("Recent decades have seen significant shifts")
    )
    assert block.heading == ("Part one",)
    paragraph = next(place for place in document.places if place.kind == "paragraph" and place.start == block.start)
    assert paragraph.label == "2"
    assert any(words.endswith("1999\tPoland\n2004\tLatvia") for words in found)
    assert "A. Writer" not in found
    assert "Part one" not in found
    if name.startswith("pandoc"):
        assert document.metadata["author"] == ["A. Writer", "B. Scribe"]
        assert document.metadata["rights"] == "own words"
        assert document.metadata["date"] == "2021-11-05"
        assert ("Historical Foundations of NATO-Russia Relations", "Political and Strategic Divergences") in {
            one.heading for one in blocks
        }


def test_places_of_a_kind_are_in_order_and_apart() -> None:
    for file in sorted(DOCUMENTS.glob("*.epub")):
        document, blocks = read(file.read_bytes())
        for kind in ("chapter", "paragraph"):
            of_kind = [place for place in document.places if place.kind == kind]
            assert all(one.end <= other.start for one, other in pairwise(of_kind))
        assert [(one.start, one.end) for one in document.places if one.kind == "paragraph"] == [
            (block.start, block.end) for block in blocks
        ]


LINKS = '<p><a href="#c1">Chapter I</a></p><p><a href="b.xhtml">Chapter II</a></p>'
CHAPTER = f'<h2 id="c1">Chapter I</h2><p>{SENTENCE} In the first chapter the keeper finds a brass key.</p>'


@pytest.mark.parametrize(
    ("page", "href"),
    [
        (f'<h2 id="toc">Contents</h2>{LINKS}{CHAPTER}', "a.xhtml#toc"),
        (f'<h2><a id="toc"></a>Contents</h2>{LINKS}{CHAPTER}', "a.xhtml#toc"),
        (f'<div id="toc"><h2>Contents</h2>{LINKS}</div>{CHAPTER}', "a.xhtml#toc"),
        (f"<h2>Contents</h2>{LINKS}{CHAPTER}", "a.xhtml"),
        (f"<h2>Contents</h2>{LINKS}{CHAPTER}", "a.xhtml#nowhere"),
        (f'<div epub:type="toc"><h2>Contents</h2>{LINKS}</div>{CHAPTER}', ""),
        (f'<div epub:type="toc"><h2>Contents</h2>{LINKS}{CHAPTER}</div>', ""),
        (f"<nav><h2>Contents</h2>{LINKS}</nav>{CHAPTER}", ""),
        (f'{CHAPTER}<section epub:type="toc"><h2>Contents</h2>{LINKS}</section>', ""),
    ],
)
def test_of_a_page_with_contents_and_a_chapter_only_the_contents_are_left_out(page: str, href: str) -> None:
    guide = f'<reference type="toc" title="Contents" href="{href}"/>' if href else ""
    document, blocks = read(book({"OPS/p q.opf": package("a", guide=guide), **pages({"a": page})}))
    assert texts(document, blocks) == [f"{SENTENCE} In the first chapter the keeper finds a brass key."]
    assert blocks[0].heading == ("Chapter I",)


def test_the_text_of_a_book_whose_only_page_is_also_its_contents_is_read() -> None:
    item = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    page = f'<html xmlns:epub="x"><body><nav epub:type="toc">{LINKS}</nav>{CHAPTER}</body></html>'
    opf = package("nav", item).replace('<item id="nav" href="nav.xhtml" media', "<x media")
    document, blocks = read(book({"OPS/p q.opf": opf, "OPS/nav.xhtml": page}))
    assert texts(document, blocks) == [f"{SENTENCE} In the first chapter the keeper finds a brass key."]


def test_the_spine_gives_the_order_and_contents_the_titles() -> None:
    item, nav = contents('<ol><li><a href="b.xhtml">The Sea</a></li><li><a href="a.xhtml">The Land</a></li></ol>')
    files = pages({"a": "<p>Of land.</p>", "b": "<h1>1. The Sea</h1><p>Of sea.</p>", "c": "<p>More of land.</p>"})
    document, blocks = read(book({"OPS/p q.opf": package("b a c", item), **files, **nav}))
    assert labels(document) == ["The Sea", "The Land"]
    assert texts(document, blocks) == ["Of sea.", "Of land.", "More of land."]
    assert [block.heading for block in blocks] == [("1. The Sea",), ("The Land",), ("The Land",)]
    assert labels(document, "paragraph") == ["1", "1", "2"]


def test_parts_stand_above_chapters() -> None:
    item, nav = contents(
        '<ol><li><span>Part I</span><ol><li><a href="a.xhtml">One</a>'
        '<ol><li><a href="a.xhtml#s">Inner</a></li></ol></li>'
        '<li><a href="b.xhtml">Two</a></li></ol></li></ol>'
    )
    files = pages({"a": "<h2>One</h2><p>First.</p><h3 id='s'>Inner</h3><p>Second.</p>", "b": "<p>Third.</p>"})
    document, blocks = read(book({"OPS/p q.opf": package("a b", item), **files, **nav}))
    assert labels(document) == ["One", "Two"]
    assert [block.heading for block in blocks] == [("Part I", "One"), ("Part I", "One", "Inner"), ("Part I", "Two")]


def test_several_chapters_in_one_file() -> None:
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>'
        '<navPoint><navLabel><text>One</text></navLabel><content src="a.xhtml#c1"/></navPoint>'
        '<navPoint><navLabel><text>Two</text></navLabel><content src="a.xhtml#c2"/></navPoint></navMap></ncx>'
    )
    item = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    files = pages(
        {"a": "<p>Before.</p><h2><a id='c1'/>One</h2><p>First.</p><div id='c2'><p>Second.</p><p>Third.</p></div>"}
    )
    document, blocks = read(book({"OPS/p q.opf": package("a", item), "OPS/toc.ncx": ncx, **files}))
    assert labels(document) == ["1", "One", "Two"]
    assert [block.heading for block in blocks] == [(), ("One",), ("Two",), ("Two",)]
    assert labels(document, "paragraph") == ["1", "1", "1", "2"]


def test_without_contents_chapters_are_the_files_own_headings() -> None:
    document, blocks = read(book({"OPS/p q.opf": package("a"), **pages({"a": "<h1>The Sea</h1><p>Of sea.</p>"})}))
    assert labels(document) == ["The Sea"]
    assert blocks[0].heading == ("The Sea",)


def test_cover_contents_and_title_page_are_no_passages() -> None:
    item, nav = contents('<h1>Contents</h1><ol><li><a href="b.xhtml">The Sea</a></li></ol>')
    files = pages(
        {
            "a": '<section epub:type="cover"><p>Cover words.</p></section>',
            "t": "<h1>The Book</h1><p>Ann Lee</p>",
            "b": "<p>Of sea.<span epub:type='pagebreak'>7</span></p>",
            "g": "<p>Guide words.</p>",
        }
    )
    metadata = "<dc:title>The Book</dc:title><dc:creator>Ann Lee</dc:creator>"
    guide = '<reference type="toc" href="g.xhtml#x"/>'
    opf = package("a t nav b g", item, metadata, guide).replace('<item id="nav" href="nav.xhtml" media', "<x media")
    document, blocks = read(book({"OPS/p q.opf": opf, **files, **nav}))
    assert texts(document, blocks) == ["Of sea."]
    assert document.title == "The Book"


def test_metadata_is_the_packages() -> None:
    metadata = (
        "<dc:title>The Book</dc:title><dc:title>Second</dc:title><dc:creator>Ann Lee</dc:creator>"
        "<dc:creator>Bo</dc:creator><dc:language>de</dc:language><dc:publisher>The House</dc:publisher>"
        '<dc:date opf:event="creation">1999</dc:date><dc:date opf:event="publication">2021-05</dc:date>'
        "<dc:identifier>urn:isbn:9780000000000</dc:identifier><dc:subject>Sea</dc:subject><dc:subject></dc:subject>"
    )
    document, _ = read(book({"OPS/p q.opf": package("a", "", metadata), **pages({"a": "<p>Words.</p>"})}))
    assert document.title == "The Book"
    assert document.metadata == {
        "author": ["Ann Lee", "Bo"],
        "language": "de",
        "publisher": "The House",
        "date": "2021-05",
        "identifier": "urn:isbn:9780000000000",
        "subject": "Sea",
    }


def test_hidden_text_and_missing_pages_are_told() -> None:
    opf = package("a b", '<item id="b" href="gone.xhtml" media-type="application/xhtml+xml"/>')
    files = pages({"a": f"<p>{SENTENCE}</p><p hidden=''>Not for you to read at all.</p>"})
    document, _ = read(book({"OPS/p q.opf": opf, **files}))
    assert [(flag.kind, flag.detail) for flag in document.flags] == [
        ("hidden text", "Not for you to read at all."),
        ("lost text", "OPS/gone.xhtml: it is missing"),
    ]


def encryption(algorithm: str, name: str) -> str:
    return (
        '<encryption xmlns="x"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
        f'<EncryptionMethod Algorithm="{algorithm}"/><CipherData><CipherReference URI="{name}"/></CipherData>'
        "</EncryptedData></encryption>"
    )


def test_a_protected_book_is_named_and_garbled_fonts_do_not_matter() -> None:
    files = {"OPS/p q.opf": package("a"), **pages({"a": f"<p>{SENTENCE}</p>"})}
    locked = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/a.xhtml")
    with pytest.raises(UnreadableError, match="protected by DRM"):
        read(book({**files, "META-INF/encryption.xml": locked}))
    fonts = encryption("http://www.idpf.org/2008/embedding", "OPS/font.otf")
    assert read(book({**files, "META-INF/encryption.xml": fonts}))[0].text == SENTENCE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"%PDF-1.7 and so on", "not a zip archive"),
        ((DOCUMENTS / "pandoc-epub3.epub").read_bytes()[:3000], "cut off or damaged"),
        (book({"x.txt": "words"}), "not an EPUB"),
        (book({"OPS/p q.opf": "no xml"}), "not an EPUB"),
        (book({"OPS/p q.opf": package("")}), "names no page"),
        (book({"OPS/p q.opf": package("a")}), "a.xhtml: it is missing"),
        (book({"OPS/p q.opf": package("a"), **pages({"a": "<img src='x'/>"})}), "its pages are pictures"),
    ],
)
def test_what_is_no_book_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(data)


def test_an_external_entity_is_never_fetched() -> None:
    entity = '[<!ENTITY e SYSTEM "file:///etc/passwd">]'
    opf = package("a", "", "<dc:title>The &e; Book</dc:title>").replace("<package", f"<!DOCTYPE p {entity}><package")
    page = f"<!DOCTYPE html {entity}><html><body><p>{SENTENCE} &e;</p></body></html>"
    document, _ = read(book({"OPS/p q.opf": opf, "OPS/a.xhtml": page}))
    assert SENTENCE in document.text
    assert "root:" not in document.text + document.title
    assert document.title.endswith("Book")


def test_an_entity_bomb_does_not_go_off() -> None:
    bomb = "".join(f'<!ENTITY a{at + 1} "&a{at};&a{at};&a{at};&a{at};&a{at};">' for at in range(16))
    opf = package("a", "", "<dc:title>The &a16; Book</dc:title>")
    opf = opf.replace("<package", f'<!DOCTYPE p [<!ENTITY a0 "boom">{bomb}]><package')
    with pytest.raises(UnreadableError, match="names no page"):
        read(book({"OPS/p q.opf": opf, **pages({"a": f"<p>{SENTENCE}</p>"})}))


def test_paths_that_leave_the_book_lead_nowhere() -> None:
    opf = package("a b", '<item id="b" href="../../../etc/passwd" media-type="application/xhtml+xml"/>')
    document, _ = read(book({"OPS/p q.opf": opf, **pages({"a": f"<p>{SENTENCE}</p>"})}))
    assert document.text == SENTENCE


@pytest.mark.slow
def test_a_book_of_many_chapters_is_read_in_good_time() -> None:
    names = [f"c{at}" for at in range(1500)]
    item, nav = contents("<ol>" + "".join(f'<li><a href="{name}.xhtml">{name}</a></li>' for name in names) + "</ol>")
    files = pages({name: f"<p>{SENTENCE}</p><p>{name}</p>" * 5 for name in names})
    document, blocks = read(book({"OPS/p q.opf": package(" ".join(names), item), **files, **nav}))
    assert labels(document) == names
    assert len(blocks) == 7500
