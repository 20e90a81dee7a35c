"""Articles as PDF files, made by real producers: LaTeX, LibreOffice Writer, and Chromium's print."""

import html
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

PART = 4
"""Paragraphs under one heading."""
NOTED = 7
"""Every seventh paragraph has a footnote."""
NOTE = "A remark of those who made this file, not of the article"
_TEX = {**{char: f"\\{char}" for char in "#$%&_{}"}, "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}", "<": r"\textless{}", ">": r"\textgreater{}", "\u200b": "", "\ufeff": ""}  # fmt: skip
_LATEX = r"""\documentclass[%(size)s]{article}
\usepackage[T1]{fontenc}\usepackage{lmodern,textcomp,fancyhdr}%(packages)s
\pagestyle{fancy}\fancyhf{}\fancyhead[L]{%(title)s}\fancyhead[R]{\leftmark}\fancyfoot[C]{\thepage}
\emergencystretch=2em
\title{%(title)s}\author{Several Authors}\date{7 June 2024}
\begin{document}\maketitle
%(body)s
\end{document}
"""
_FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{title}</dc:title><meta:initial-creator>Several Authors</meta:initial-creator></office:meta>
<office:styles><style:default-style style:family="paragraph">
<style:text-properties style:font-name="Liberation Serif" fo:font-size="11pt" fo:language="en" fo:country="GB"/>
</style:default-style>
<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"
 fo:text-align="justify"/></style:style>
<style:style style:name="Heading_20_1" style:family="paragraph" style:default-outline-level="1">
<style:paragraph-properties fo:margin-top="0.4cm" fo:margin-bottom="0.2cm"/>
<style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Title" style:family="paragraph">
<style:text-properties fo:font-size="20pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Footnote" style:family="paragraph"><style:text-properties fo:font-size="8pt"/></style:style>
</office:styles>
<office:automatic-styles><style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21cm"
 fo:page-height="29.7cm" fo:margin="2cm"><style:columns fo:column-count="2" fo:column-gap="0.6cm"/>
</style:page-layout-properties><style:header-style><style:header-footer-properties fo:margin-bottom="0.4cm"/>
</style:header-style><style:footer-style><style:header-footer-properties fo:margin-top="0.4cm"/></style:footer-style>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm1">
<style:header><text:p>{title}, as printed</text:p></style:header>
<style:footer><text:p>Page <text:page-number/></text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>
"""
_HTML = """<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
@page{{margin:2cm}} p{{text-align:justify;hyphens:auto}}
</style></head><body><h1>{title}</h1>{body}</body></html>"""


def latex(articles: Sequence[tuple[str, str, str]], place: Path, *, columns: int) -> None:
    """With running heads and footnotes; two columns in 10 point with bookmarks, or one in 12 without."""
    for name, title, text in articles:
        body = "".join(
            (f"\\section{{Part {number // PART + 1}}}\n" if number % PART == 0 else "")
            + _tex(one)
            + (f"\\footnote{{{NOTE}, number {number}.}}" if number % NOTED == NOTED - 1 else "")
            + "\n\n"
            for number, one in enumerate(_paragraphs(text))
        )
        source = place / f"{name}.tex"
        packages = r"\usepackage{hyperref}" if columns > 1 else ""
        written = {"title": _tex(title), "body": body, "packages": packages}
        size = "10pt,twocolumn" if columns > 1 else "12pt"
        source.write_text(_LATEX % {**written, "size": size}, "utf-8")
        for _ in range(2 if columns > 1 else 1):
            _run("pdflatex", "-interaction=batchmode", "-output-directory", str(place), str(source), check=False)
    _keep_only_pdf(place)


def libreoffice(articles: Sequence[tuple[str, str, str]], place: Path) -> None:
    """Two columns with header, footer and footnotes."""
    for name, title, text in articles:
        body = f'<text:p text:style-name="Title">{html.escape(title)}</text:p>' + "".join(
            (
                f'<text:h text:style-name="Heading_20_1" text:outline-level="1">Part {number // PART + 1}</text:h>'
                if number % PART == 0
                else ""
            )
            + f'<text:p text:style-name="Standard">{html.escape(one)}{_odf_note(number)}</text:p>'
            for number, one in enumerate(_paragraphs(text))
        )
        (place / f"{name}.fodt").write_text(_FODT.format(title=html.escape(title), body=body), "utf-8")
    home = place / "home"
    sources = sorted(str(one) for one in place.glob("*.fodt"))
    profile = f"-env:UserInstallation={home.resolve().as_uri()}"
    _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(place), *sources)
    _keep_only_pdf(place)


def chromium(articles: Sequence[tuple[str, str, str]], place: Path) -> None:
    """As a browser prints it, with its own head and foot, lines divided at syllables."""
    for name, title, text in articles:
        body = "".join(
            (f"<h2>Part {number // PART + 1}</h2>" if number % PART == 0 else "") + f"<p>{html.escape(one)}</p>"
            for number, one in enumerate(_paragraphs(text))
        )
        source = place / f"{name}.html"
        source.write_text(_HTML.format(title=html.escape(title), body=body), "utf-8")
        _run("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={place / 'home'}",
             f"--print-to-pdf={place / name}.pdf", source.resolve().as_uri())  # fmt: skip
    _keep_only_pdf(place)


def _one_column(articles: Sequence[tuple[str, str, str]], place: Path) -> None:
    latex(articles, place, columns=1)


def _two_columns(articles: Sequence[tuple[str, str, str]], place: Path) -> None:
    latex(articles, place, columns=2)


WAYS: dict[str, tuple[str, Callable[[Sequence[tuple[str, str, str]], Path], None]]] = {
    "LaTeX, one column": ("pdflatex", _one_column),
    "LaTeX, two columns": ("pdflatex", _two_columns),
    "LibreOffice, two columns": ("soffice", libreoffice),
    "Chromium, one column": ("chromium", chromium),
}


def producers() -> list[str]:
    """The ways whose program is on this machine."""
    return [name for name, (program, _) in WAYS.items() if shutil.which(program)]


def _paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("\n\n") if one.strip()]


def _odf_note(number: int) -> str:
    if number % NOTED != NOTED - 1:
        return ""
    cited = f"<text:note-citation>{number}</text:note-citation>"
    body = f'<text:p text:style-name="Footnote">{NOTE}, number {number}.</text:p>'
    return f'<text:note text:note-class="footnote">{cited}<text:note-body>{body}</text:note-body></text:note>'


def _tex(text: str) -> str:
    return "".join(
        _TEX.get(char) or (char if _in_latin_fonts(char) else "?") for char in text if char not in "\u200b\ufeff"
    )


def _in_latin_fonts(char: str) -> bool:
    """Whether pdflatex writes the character with its usual Latin fonts."""
    plain = unicodedata.normalize("NFD", char)[0]
    return (
        char < "\u0180" and (char.isascii() or plain.isascii() or char in "£§©«»°±·×÷ßæøåðþÆØÅŁłœŒ¿¡")
    ) or char in "–—‘’“”…€†‡•"


def _run(*words: str, check: bool = True) -> None:
    subprocess.run(words, check=check, capture_output=True, timeout=900)


def _keep_only_pdf(place: Path) -> None:
    for one in place.iterdir():
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        elif one.suffix != ".pdf":
            one.unlink()
