"""Office files for tests: the packages that hand-made XML goes into, and the laws that hold for whatever is read."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import project

DOCUMENTS = project.DOCUMENTS
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "r": RELATIONS,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def relations(targets: Mapping[str, str]) -> str:
    """The relationships of a part: from kind to target; the identifier is the kind too."""
    inner = "".join(
        f'<Relationship Id="{kind}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for kind, target in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def docx(body: str, *, properties: str = "", **parts: str) -> bytes:
    """A Word document with this body; ``parts`` are styles, numbering, footnotes and so on, from the inside."""
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    members = {
        "_rels/.rels": relations({"officeDocument": "word/document.xml"}),
        "word/document.xml": f"<w:document {_NAMES}>{properties}<w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations({name: f"{name}.xml" for name in parts}),
    }
    for name, inner in parts.items():
        root = roots.get(name, name)
        members[f"word/{name}.xml"] = f"<w:{root} {_NAMES}>{inner}</w:{root}>"
    return zipped(members)


def paragraph(text: str, properties: str = "", of_run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text, of_run)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def pptx(*slides: str, **shared: str) -> bytes:
    """A presentation of slides whose shapes these are; ``shared`` are parts that each slide may refer to."""
    ids = "".join(f'<p:sldId id="{256 + at}" r:id="slide{at}"/>' for at in range(len(slides)))
    members = {
        "_rels/.rels": relations({"officeDocument": "ppt/presentation.xml"}),
        "ppt/presentation.xml": f"<p:presentation {_NAMES}><p:sldIdLst>{ids}</p:sldIdLst>"
        '<p:sldSz cx="12192000" cy="6858000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations({f"slide{at}": f"slides/{at}.xml" for at in range(len(slides))}),
    }
    for at, shapes in enumerate(slides):
        members[f"ppt/slides/{at}.xml"] = f"<p:sld {_NAMES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        members[f"ppt/slides/_rels/{at}.xml.rels"] = relations({name: f"../{name}.xml" for name in shared})
    members |= {f"ppt/{name}.xml": content.replace("NAMES", _NAMES) for name, content in shared.items()}
    return zipped(members)


def shape(text: str, x: int = 0, y: int = 0, placeholder: str = "", properties: str = "") -> str:
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    place = f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="900" cy="900"/></a:xfrm>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="s" {properties}/><p:cNvSpPr/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>'
        f"<p:spPr>{place}</p:spPr><p:txBody>{paragraphs}</p:txBody></p:sp>"
    )


def odt(body: str, *, styles: str = "", meta: str = "", manifest: str = "", kind: str = "text") -> bytes:
    members = {
        "content.xml": f"<office:document-content {_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {_NAMES}><office:meta>{meta}</office:meta></office:document-meta>",
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
    }
    return zipped(members)


def real_files(*kinds: str) -> list[Path]:
    return [file for kind in kinds for file in sorted((DOCUMENTS / kind).iterdir()) if file.suffix != ".md"]


def damaged(data: bytes, seed: int) -> bytes:
    """The file with something wrong in it: in the bytes as they are, or inside what is packed."""
    chance = random.Random(seed)
    is_packed = data.startswith(b"PK")
    if not is_packed or chance.random() < 0.3:
        return _mutated(data, chance)
    members = unzipped(data)
    name = chance.choice([name for name in members if name.endswith((".xml", ".rels"))])
    way = chance.random()
    if way < 0.1:
        del members[name]
    else:
        members[name] = _mutated(members[name], chance) if way < 0.4 else _with_other_values(members[name], chance)
    return zipped(members, zipfile.ZIP_STORED)


def _mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        way = chance.randrange(6)
        if way == 0:
            del changed[at:]
        elif way == 1:
            changed[at] = chance.randrange(256)
        elif way == 2:
            other = chance.randrange(len(changed))
            changed[at:at] = changed[other : other + chance.randint(1, 400)]
        elif way == 3:
            del changed[at : at + chance.randint(1, 200)]
        else:
            changed = bytearray(_with_other_values(bytes(changed), chance))
    return bytes(changed)


def _with_other_values(data: bytes, chance: random.Random) -> bytes:
    """The same with other numbers, or other values of XML's attributes, or a piece of XML twice or not at all."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(max(1, len(data)))
        if chance.random() < 0.3:
            element = re.compile(rb"<(\w+:\w+)(?: [^<>]*)?(?:/>|>[^<>]*</\1>)").search(data, at)
            if element:
                new = chance.choice([b"", element[0] * 2, b"text"])
                data = data[: element.start()] + new + data[element.end() :]
            continue
        value = re.compile(rb'(?<==)"[^"<>]{0,40}"|(?<=[a-z])-?\d+').search(data, at)
        if value:
            new = chance.choice([b"-1", b"0", b"1", b"9", b"99999999999", b"", b"x", b"1.5", "²".encode(), b"true"])
            if value[0].startswith(b'"'):
                new = b'"' + new + b'"'
            data = data[: value.start()] + new + data[value.end() :]
    return data
