"""Small PDF files for tests, written by hand: pages of text and pictures, and whatever is odd about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

PICTURE = b"q 612 0 0 792 0 0 cm /Im Do Q\n"
"""A grey picture over the whole page."""
_IMAGE = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
_FONT_WITHOUT_LETTERS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    b" /Subtype /CIDFontType2 /BaseFont /Lost /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
    b" /Supplement 0 >> /DW 600 >>] >>"
)


@dataclass
class Page:
    """What is drawn on a page, and the entries of its dictionary that are not usual."""

    content: bytes
    entries: str = ""


@dataclass
class Pdf:
    """The pages of a file, entries of its catalog and of its information, and further objects from number 8 on.

    ``fonts`` are entries for further fonts, which are among the objects.
    """

    pages: Sequence[Page]
    catalog: str = ""
    information: str = ""
    objects: list[bytes] = field(default_factory=list)
    fonts: str = ""

    def write(self) -> bytes:
        first = 8 + len(self.objects)
        numbers = [first + 2 * at for at in range(len(self.pages))]
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
        kids = " ".join(f"{number} 0 R" for number in numbers)
        objects = [
            f"<< /Type /Catalog /Pages 2 0 R {self.catalog} >>".encode(),
            f"<< /Type /Pages /Kids [{kids}] /Count {len(numbers)} >>".encode(),
            font % b"Helvetica",
            font % b"Helvetica-Bold",
            stream(b"\x80", _IMAGE),
            f"<< {self.information} >>".encode("latin-1"),
            _FONT_WITHOUT_LETTERS,
            *self.objects,
        ]
        for number, page in zip(numbers, self.pages, strict=True):
            box = "" if "/MediaBox" in page.entries else "/MediaBox [0 0 612 792]"
            objects += [
                f"<< /Type /Page /Parent 2 0 R {box} /Resources << /Font << /F 3 0 R /B 4 0 R /L 7 0 R {self.fonts} >>"
                f" /XObject << /Im 5 0 R >> >> /Contents {number + 1} 0 R {page.entries} >>".encode(),
                stream(page.content),
            ]
        out = b"%PDF-1.7\n"
        places = []
        for number, content in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        size = len(objects) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        end = out.rindex(b"xref\n0 ")
        return out + b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, end)


def stream(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def line(text: str, x: float, y: float, *, size: float = 10, font: str = "F", before: str = "") -> bytes:
    """One line of text; ``before`` is what sets colour or mode."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return f"BT {before} /{font} {size} Tf 1 0 0 1 {x} {y} Tm (".encode() + escaped + b") Tj ET\n"


def lines(texts: Sequence[str], x: float = 72, y: float = 720, *, size: float = 10, step: float = 12) -> bytes:
    """Lines one below the other."""
    return b"".join(line(text, x, y - at * step, size=size) for at, text in enumerate(texts))


def pdf(*contents: bytes, catalog: str = "", information: str = "", objects: Sequence[bytes] = ()) -> bytes:
    """A file with a page for each content."""
    return Pdf([Page(one) for one in contents], catalog, information, list(objects)).write()


def meaning(contents: Sequence[bytes], letters: dict[str, str]) -> bytes:
    """A file whose font /T draws Latin letters that mean others: for each the text that its ToUnicode map has."""
    pairs = "".join(
        f"<{ord(one):02X}> <{means.encode('utf-16-be', 'surrogatepass').hex().upper()}>\n"
        for one, means in letters.items()
    )
    mapped = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def"
        f" 1 begincodespacerange <00> <FF> endcodespacerange {len(letters)} beginbfchar\n{pairs}"
        "endbfchar endcmap end end"
    ).encode()
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding /ToUnicode 8 0 R >>"
    return Pdf([Page(one) for one in contents], objects=[stream(mapped), font], fonts="/T 9 0 R").write()


def annotated(content: bytes, annotations: Sequence[str], *, fields: bool = False, entries: str = "") -> bytes:
    """A page with annotations, each given by the entries of its dictionary; ``fields`` makes them fields of a form."""
    kids = " ".join(f"{8 + at} 0 R" for at in range(len(annotations)))
    objects = [f"<< /Type /Annot {one} >>".encode("latin-1") for one in annotations]
    catalog = f"/AcroForm << /Fields [{kids}] /DA (/F 10 Tf 0 g) >>" if fields else ""
    return Pdf([Page(content, f"/Annots [{kids}] {entries}")], catalog=catalog, objects=objects).write()


def text_field(name: str, value: str, box: tuple[int, int, int, int], more: str = "") -> str:
    """The entries of a text field with its value."""
    place = " ".join(map(str, box))
    return f"/Subtype /Widget /FT /Tx /T ({name}) /V ({value}) /F 4 /Rect [{place}] {more}"


def check_box(name: str, box: tuple[int, int, int, int], *, checked: bool) -> str:
    """The entries of a check box."""
    place, state = " ".join(map(str, box)), "Yes" if checked else "Off"
    value = f"/T ({name}) /V /{state} /AS /{state}"
    return f"/Subtype /Widget /FT /Btn {value} /F 4 /Rect [{place}] /AP << /N << /Yes 5 0 R >> >>"


def note(subtype: str, words: str, box: tuple[int, int, int, int], more: str = "") -> str:
    """The entries of a typed note."""
    place = " ".join(map(str, box))
    return f"/Subtype /{subtype} /Contents ({words}) /F 4 /Rect [{place}] {more}"
