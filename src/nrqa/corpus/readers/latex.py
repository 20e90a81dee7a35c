r"""Reads the structure of LaTeX line by line, as positions in the file's own text.

Commands inside the text stay, as markup does in Markdown; formulas are text. The preamble, comments, drawings and lines
that only steer the typesetting are not passages. Nothing is ever included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.line_markup import Row, by_lines, outline_of, rows_of, section_of
from nrqa.corpus.readers.shared.outline import Outline, Section
from nrqa.records import Span
from nrqa.text.decoding import decode

_LEVELS = {
    name: level
    for level, name in enumerate("part chapter section subsection subsubsection paragraph subparagraph".split(), 1)
}
_HEADING = re.compile(rf"\\(?P<name>{'|'.join(_LEVELS)})\*?\s*(?:\[[^\]\n]{{0,200}}\]\s*)?(?=\{{)")
_FACT = re.compile(r"\\(?P<name>title|author|date)\s*(?:\[[^\]\n]{0,200}\]\s*)?(?=\{)")
_BEGIN = re.compile(r"\\begin\s*\{(?P<name>[A-Za-z]+\*?)\}")
_ITEM = re.compile(r"\\(?:item|bibitem)\b")
# Lines that say nothing to a reader of the document: commands alone with their arguments, and definitions.
_STEERING = re.compile(
    r"\\(?:begin|end|maketitle|tableofcontents|listof\w+|label|newpage|clearpage|cleardoublepage|pagebreak|linebreak"
    r"|bibliography\w*|printbibliography|addbibresource|usepackage|documentclass|input|include|includegraphics|centering"
    r"|noindent|vspace|hspace|vfill|hfill|bigskip|medskip|smallskip|pagestyle|thispagestyle|setcounter|addtocounter"
    r"|appendix|hline|toprule|midrule|bottomrule|cline|small|footnotesize|large|Large|normalsize|raggedright|raggedleft"
    r"|frontmatter|mainmatter|backmatter|index|glossary|nocite|hypersetup|geometry|makeindex|printindex|phantomsection"
    r"|addcontentsline|tableofcontents|newblock)(?![A-Za-z])\*?(?:\s*(?:\[[^\]]*+\]|\{[^{}]*+\}))*+\s*+(?:%.*)?"
    r"|\\(?:(?:re)?newcommand|providecommand|[eg]?def|let|newtheorem|newenvironment|DeclareMathOperator|setlength)"
    r"(?![A-Za-z]).*"
)
_CODE = frozenset(
    ("verbatim", "lstlisting", "minted", "Verbatim", "alltt", "tabular", "tabularx", "longtable", "array")
)
_DROPPED = frozenset(("comment", "tikzpicture", "picture", "pgfpicture", "filecontents"))
_MOST_ARGUMENT = 1000
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*+%")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s?|\\(?=[&%$#_{}])|[{}]|\$(?=[^$]*\$)")


def read(_: str, data: bytes) -> Reading:
    """Reads a LaTeX file."""
    text, encoding = decode(data)
    return Reading(text, read_latex(text), encoding)


def read_latex(text: str) -> Outline:
    """The outline of a text; its blocks are spans of exactly this text, commands included."""
    rows = [_without_comment(row) for row in rows_of(text)]
    first, last = _body(rows)
    metadata: dict[str, str | list[str]] = {}
    for found in _FACT.finditer(text, 0, rows[last - 1].end if last else len(text)):
        value = _argument(text, found.end())
        if value is not None and (words := _words(text[value.start : value.end])):
            metadata.setdefault(found["name"], words)
    outline = outline_of(list(_sections(text, rows[first:last])), text, _with_authors(metadata))
    return Outline(outline.title, outline.metadata, outline.notices, outline.blocks)


def _without_comment(row: Row) -> Row:
    """The line up to a comment at its end; a line that is only a comment stays one."""
    found = _COMMENT.search(row.text)
    if found is None or not row.text[: found.start()].strip():
        return row
    kept = row.text[: found.start()].rstrip()
    return Row(row.start, row.start + len(kept), row.indent, kept)


def _with_authors(metadata: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    written = metadata.get("author")
    if isinstance(written, str):
        names = [" ".join(one.split()) for one in re.split(r"\\and\b|\s+\u0001\s+", written)]
        metadata["author"] = names[0] if len(names) == 1 else [name for name in names if name]
    if metadata.get("date") in ("today", ""):
        del metadata["date"]
    return metadata


def _body(rows: Sequence[Row]) -> tuple[int, int]:
    """The lines [first, last) of the document; of a file without a preamble, all of them."""
    begins = [at for at, row in enumerate(rows) if r"\begin{document}" in row.text]
    first = begins[0] + 1 if begins else 0
    ends = (at for at in range(first, len(rows)) if rows[at].text.startswith(r"\end{document}"))
    return first, next(ends, len(rows))


def _sections(text: str, rows: Sequence[Row]) -> Iterator[Section]:
    held: list[Row] = []
    items: list[Row] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        begin = _BEGIN.match(row.text)
        name = begin["name"].rstrip("*") if begin else ""
        heading = _HEADING.match(row.text)
        fact = _FACT.match(row.text)
        ends = not row.text or row.text.startswith("%") or heading or fact or name in _CODE | _DROPPED
        if held and (ends or _STEERING.fullmatch(row.text) or (_ITEM.match(row.text) and not items)):
            yield _block(held, items)
            held, items = [], []
        if heading or fact:
            end = _argument(text, row.start + (heading or fact).end())  # type: ignore[union-attr]
            if heading and end is not None:
                words = _words(text[end.start : end.end])
                yield Section(Span(row.start, end.end + 1), _LEVELS[heading["name"]] if words else 0, title=words)
            at = _after(rows, at, end.end if end else row.end)
            continue
        if name in _CODE | _DROPPED:
            end_at = _end(rows, at, name)
            code = [one for one in rows[at + 1 : end_at] if one.text and not _STEERING.fullmatch(one.text)]
            if code and name not in _DROPPED:
                yield by_lines(code)
            at = end_at + 1
            continue
        if row.text and not row.text.startswith("%") and not _STEERING.fullmatch(row.text):
            items += [row] if _ITEM.match(row.text) else []
            held.append(row)
        at += 1
    if held:
        yield _block(held, items)


def _block(held: Sequence[Row], items: Sequence[Row]) -> Section:
    """A paragraph, or the items of a list."""
    if not items:
        return section_of(held)
    firsts = {row.start for row in items}
    spans: list[Span] = []
    for row in held:
        if row.start in firsts:
            spans.append(Span(row.start, row.end))
        elif spans:
            spans[-1] = Span(spans[-1].start, row.end)
    return section_of(held, items=spans)


def _after(rows: Sequence[Row], at: int, position: int) -> int:
    """The index of the first line that begins after a position."""
    while at < len(rows) and rows[at].start <= position:
        at += 1
    return at


def _end(rows: Sequence[Row], at: int, name: str) -> int:
    end = re.compile(rf"\\end\s*\{{{name}\*?\}}")
    while at < len(rows) and not end.search(rows[at].text):
        at += 1
    return at


def _argument(text: str, at: int) -> Span | None:
    """What stands in the braces that open at this position; None if they are not closed soon."""
    depth = 0
    for place in range(at, min(len(text), at + _MOST_ARGUMENT)):
        char = text[place]
        if char in "{}" and text[place - 1] != "\\":
            depth += 1 if char == "{" else -1
            if not depth:
                return Span(at + 1, place)
    return None


def _words(written: str) -> str:
    """The words of a title or name without commands."""
    plain = re.sub(r"\\thanks\s*\{[^{}]*\}|\\(?:footnote|label)\s*\{[^{}]*\}|(?<!\\)%.*", "", written)
    plain = plain.replace(r"\and", " \u0001 ").replace("~", " ").replace(r"\\", " ").replace("---", "—")
    return " ".join(_COMMAND.sub("", plain).replace("--", "–").split())
