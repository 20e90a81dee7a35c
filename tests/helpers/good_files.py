"""Good files of every format, made of a title and paragraphs by plain Python."""

from __future__ import annotations

import csv
import html
import io
import json
import textwrap
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

import msg_writer
import office_files
import pdf_writer

Write = Callable[[str, Sequence[str]], bytes]


def write_good(folder: Path, name: str, suffix: str, title: str, paragraphs: Sequence[str]) -> str:
    """A good file of this suffix with these paragraphs; returns its name."""
    file = f"{name}{suffix}"
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(GOOD[suffix](title, paragraphs))
    return file


def _plain(title: str, paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join([title, *paragraphs]).encode()


def _markdown(title: str, paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join([f"# {title}", *paragraphs]).encode()


def _rst(title: str, paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *paragraphs]).encode()


def _adoc(title: str, paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join([f"= {title}", *paragraphs]).encode()


def _latex(title: str, paragraphs: Sequence[str]) -> bytes:
    body = "\n\n".join(paragraphs)
    return f"\\title{{{title}}}\n\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n".encode()


def _org(title: str, paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join([f"#+TITLE: {title}", *paragraphs]).encode()


def _xml(title: str, paragraphs: Sequence[str]) -> bytes:
    body = "".join(f"<para>{escape(one)}</para>" for one in paragraphs)
    return f"<article><title>{escape(title)}</title>{body}</article>".encode()


def _notebook(title: str, paragraphs: Sequence[str]) -> bytes:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [one]} for one in (f"# {title}", *paragraphs)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode()


def _outlook(title: str, paragraphs: Sequence[str]) -> bytes:
    return msg_writer.outlook({0x0037: title, 0x0C1A: "Ann Lee", 0x1000: "\r\n\r\n".join(paragraphs)})


def _html(title: str, paragraphs: Sequence[str]) -> bytes:
    body = "".join(f"<p>{html.escape(one)}</p>\n" for one in paragraphs)
    head = f'<head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
    menu = "<nav><a href='/'>Home</a></nav>"
    main = f"<main><h1>{html.escape(title)}</h1>{body}</main>"
    return f"<!DOCTYPE html><html>{head}<body>{menu}{main}</body></html>".encode()


def _mhtml(title: str, paragraphs: Sequence[str]) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = title, "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://example.org/page"
    message.make_related()
    part = EmailMessage()
    part.set_content(_html(title, paragraphs).decode(), subtype="html", cte="quoted-printable")
    part["Content-Location"] = "https://example.org/page"
    message.attach(part)
    return message.as_bytes()


def _epub(title: str, paragraphs: Sequence[str]) -> bytes:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">i</dc:identifier><dc:title>{escape(title)}'
        "</dc:title><dc:language>en</dc:language></metadata><manifest>"
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine>'
        "</package>",
        "c.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>",
    }
    return office_files.zipped(members)


def _docx(_: str, paragraphs: Sequence[str]) -> bytes:
    return office_files.docx("".join(office_files.paragraph(escape(one)) for one in paragraphs))


def _odt(_: str, paragraphs: Sequence[str]) -> bytes:
    return office_files.odt("".join(f"<text:p>{escape(one)}</text:p>" for one in paragraphs))


def _rtf(title: str, paragraphs: Sequence[str]) -> bytes:
    def escaped(text: str) -> str:
        plain = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
        units = (char.encode("utf-16-le") for char in plain)
        return "".join(
            char if char.isascii() else "".join(f"\\u{int.from_bytes(unit[at : at + 2], 'little', signed=True)}?"
                                                for at in range(0, len(unit), 2))
            for char, unit in zip(plain, units, strict=True)
        )  # fmt: skip

    body = "".join(f"\\pard {escaped(one)}\\par\n" for one in paragraphs)
    return f"{{\\rtf1\\ansi\\uc1{{\\info{{\\title {escaped(title)}}}}}\n{body}}}".encode("ascii")


def _pptx(title: str, paragraphs: Sequence[str]) -> bytes:
    return office_files.pptx(
        *(
            office_files.shape(escape(title), placeholder="title") + office_files.shape(escape(one), y=2000)
            for one in paragraphs
        )
    )


def _pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    def plain(text: str) -> str:
        return text.encode("cp1252", "ignore").decode("cp1252")

    pages = []
    for one in paragraphs:
        wrapped = textwrap.wrap(plain(one), 90)
        pages.append(pdf_writer.lines([plain(title)], y=740, size=16) + pdf_writer.lines(wrapped))
    return pdf_writer.pdf(*pages)


def _csv(_: str, paragraphs: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("number", "text"), *((at, one) for at, one in enumerate(paragraphs))])
    return out.getvalue().encode()


def _jsonl(title: str, paragraphs: Sequence[str]) -> bytes:
    return "".join(json.dumps({"title": title, "text": one}) + "\n" for one in paragraphs).encode()


def _xlsx(_: str, paragraphs: Sequence[str]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t xml:space="preserve">{escape(one)}</t></is></c></row>'
        for at, one in enumerate(["Text", *paragraphs], 1)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": office_files.relations({"officeDocument": "xl/workbook.xml"}),
        "xl/_rels/workbook.xml.rels": office_files.relations({"worksheet": "sheet.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Texts" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/sheet.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return office_files.zipped(members)


def _ods(_: str, paragraphs: Sequence[str]) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    rows = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{escape(one)}</text:p>'
        "</table:table-cell></table:table-row>"
        for one in ["Text", *paragraphs]
    )
    content = (
        f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Texts">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return office_files.zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}, zipfile.ZIP_STORED
    )


def _message(title: str, paragraphs: Sequence[str]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann Lee <ann@example.org>", "bo@example.org", title
    message["Date"] = "Wed, 20 Oct 2021 10:00:00 +0000"
    message.set_content("\n\n".join(paragraphs), cte="quoted-printable")
    return message


def _eml(title: str, paragraphs: Sequence[str]) -> bytes:
    return _message(title, paragraphs).as_bytes()


def _mbox(title: str, paragraphs: Sequence[str]) -> bytes:
    date = "Wed Oct 20 10:00:00 2021"
    return b"".join(b"From ann@example.org " + date.encode() + b"\n" + _eml(title, [one]) + b"\n" for one in paragraphs)


GOOD: Mapping[str, Write] = {
    ".txt": _plain, ".md": _markdown, ".rst": _rst, ".adoc": _adoc, ".html": _html, ".mhtml": _mhtml, ".epub": _epub,
    ".docx": _docx, ".odt": _odt, ".rtf": _rtf, ".pptx": _pptx, ".pdf": _pdf, ".csv": _csv, ".jsonl": _jsonl,
    ".xlsx": _xlsx, ".ods": _ods, ".eml": _eml, ".mbox": _mbox, ".tex": _latex, ".org": _org, ".xml": _xml,
    ".ipynb": _notebook, ".msg": _outlook,
}  # fmt: skip
