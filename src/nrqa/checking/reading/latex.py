r"""Reads the running text of LaTeX: each character knows its place in the draft.

``\enquote{}`` and its kind have quotation marks here, ``\begin{quote}`` is a block quote, ``\footnote{}`` is a note,
and ``\cite[3]{key}`` is a reference to ``@key, p. 3``. Commands that are not known here leave their words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.paragraph import Paragraph
from nrqa.records import Span


def read_latex(text: str) -> list[Prose]:
    """The paragraphs of the document, in order; each note follows the paragraph that has its mark."""
    begin, end = text.find(r"\begin{document}"), text.rfind(r"\end{document}")
    start = begin + len(r"\begin{document}") if begin >= 0 else 0
    reading = _Reading(text)
    reading.read(start, end if end > start else len(text))
    reading.break_off()
    return [prose for one in reading.found if (prose := one.prose())]


_QUOTES = frozenset("quote quotation displayquote displaycquote foreigndisplayquote verse blockquote".split())
_SKIPPED = frozenset(
    "verbatim Verbatim lstlisting minted comment tikzpicture equation align gather multline eqnarray displaymath "
    "filecontents thebibliography".split()
)
_HEADINGS = frozenset("part chapter section subsection subsubsection paragraph subparagraph title".split())
_ENQUOTED = frozenset("enquote say textquote foreignquote hyphenquote textcquote foreigntextquote qq".split())
_BLOCK_QUOTED = frozenset("blockquote blockcquote foreignblockquote".split())
_LANGUAGE_FIRST = frozenset("foreignquote hyphenquote foreigntextquote foreignblockquote foreigndisplayquote".split())
_KEY_FIRST = frozenset(("textcquote", "blockcquote"))
_NOTES = frozenset("footnote footnotetext endnote sidenote marginpar thanks".split())
_CITES = re.compile(r"[A-Za-z]*[cC]ite[A-Za-z]*")
_DROPPED = frozenset(
    "label ref pageref eqref autoref cref nameref index input include includegraphics bibliography bibliographystyle "
    "addbibresource usepackage documentclass newcommand renewcommand providecommand newenvironment vspace hspace "
    "pagestyle thispagestyle setlength setcounter addtocounter color hypersetup graphicspath pagenumbering hyphenation "
    "selectlanguage fontsize phantom vphantom hphantom rule nocite printbibliography geometry date author".split()
)
_SIGNS = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "textquoteleft": "‘", "textquoteright": "’", "lq": "‘", "rq": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«",
    "frqq": "»", "flq": "‹", "frq": "›", "quotedblbase": "„", "quotesinglbase": "‚", "guillemotleft": "«",
    "guillemotright": "»", "guillemetleft": "«", "guillemetright": "»", "og": "«", "fg": "»", "textendash": "–",
    "textemdash": "—", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "euro": "€", "texteuro": "€", "EUR": "€", "pounds": "£", "S": "§", "P": "¶",
    "textbackslash": "\\", "textasciitilde": "~", "quad": " ", "qquad": " ", "newline": " ", "linebreak": " ",
    "dag": "†", "copyright": "©", "degree": "°", "textdegree": "°", "times": "×", "textquotesingle": "'", "space": " ",
    "slash": "/", "LaTeX": "LaTeX", "TeX": "TeX",
}  # fmt: skip
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
# Shorthands of babel's German and other languages.
_MARKS = {"``": "“", "''": "”", ",,": "„", "<<": "«", ">>": "»", "--": "–", "---": "—", "~": " "}
_SHORTHANDS = {'"`': "„", "\"'": "“", '"<': "«", '">': "»", '"-': "", '"=': "-", '"~': "-", '""': ""}
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)\*?|\\(?P<sign>[^A-Za-z])|(?P<comment>%)|(?P<blank>\n[ \t]*\n\s*)|(?P<open>\{)|(?P<close>\})"
    r"|(?P<marks>---?|``|''|,,|<<|>>|~)|(?P<short>\"[`'<>\-=~\"])|(?P<math>\$\$?)"
)
_BIBLIOGRAPHIC = re.compile(r"\s*\d")
_BREAKS = frozenset("par item bigskip medskip smallskip newpage clearpage maketitle".split())
_MOST_NESTED = 200
_LONGEST_CODE = 500


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    text: str
    found: list[Paragraph] = field(default_factory=list)
    here: Paragraph = field(default_factory=Paragraph)
    notes: list[Paragraph] = field(default_factory=list)
    kind: Kind = "text"
    group: int = -1
    depth: int = 0
    nested: int = 0
    braces: dict[int, int] | None = None
    german: bool | None = None

    def read(self, start: int, end: int) -> None:
        """Read a stretch of the draft."""
        at = start
        while at < end:
            token = _TOKEN.search(self.text, at, end)
            stop = token.start() if token else end
            self.here.add(self.text[at:stop], at)
            if token is None:
                return
            at = self._token(token, end)

    def break_off(self) -> None:
        """End the paragraph."""
        here, self.here = self.here, Paragraph(self.kind, self.group if self.kind == "quote" else -1)
        if here.text.strip() or here.marks:
            self.found.append(here)
        self.found += self.notes
        self.notes = []

    def _token(self, token: re.Match[str], end: int) -> int:
        """Read what begins with a token, and return where it ends."""
        start, at = token.span()
        if token["word"]:
            return self._command(token["word"], start, at, end)
        if token["comment"]:
            return self._after_comment(at, end)
        if token["blank"]:
            self.break_off()
        elif token["sign"]:
            return self._sign(token["sign"], start, at, end)
        elif token["marks"]:
            self.here.put(_MARKS[token["marks"]], start, at)
        elif token["short"]:
            if self._german() or token["short"] in ('"`', "\"'"):
                self.here.put(_SHORTHANDS[token["short"]], start, at)
            else:
                self.here.add('"', start)
                return start + 1
        return at

    def _after_comment(self, at: int, end: int) -> int:
        """The place where the text goes on: a comment takes its line end and the next indent with it."""
        line = self.text.find("\n", at, end)
        if line < 0:
            return end
        following = self.text[line + 1 : line + 1 + _MOST_NESTED]
        indent = len(following) - len(following.lstrip(" \t"))
        return line if following[indent : indent + 1] == "\n" else line + 1 + indent

    def _german(self) -> bool:
        """Whether babel's shorthands are in use: otherwise a straight mark is one."""
        if self.german is None:
            self.german = bool(_BABEL.search(self.text, 0, 20_000))
        return self.german

    def _sign(self, sign: str, start: int, at: int, end: int) -> int:
        if sign in _ACCENTS:
            return self._accent(sign, start, at, end)
        if sign in "([":  # a formula stays as it is written
            closing = self.text.find("\\" + ")]"["([".index(sign)], at, end)
            return at if closing < 0 else closing + 2
        if sign == "\\":
            self.here.put(" ", start, at)
            return self._optional(at, end)
        if sign in ",;: \n\t":
            self.here.put(" ", start, at)
        elif sign in "%&_$#{}":
            self.here.put(sign, start, at)
        return at

    def _accent(self, sign: str, start: int, at: int, end: int) -> int:
        letter = _LETTER.match(self.text, at, end)
        if letter is None:
            return at
        base = (letter["braced"] or letter["letter"]).replace("\\i", "i").replace("\\j", "j")
        self.here.put(unicodedata.normalize("NFC", base + _ACCENTS[sign]), start, letter.end())
        return letter.end()

    def _command(self, name: str, start: int, at: int, end: int) -> int:
        """Read a command, and return where it ends with its arguments."""
        if name in ("begin", "end"):
            after = self._environment(name, start, at, end)
        elif name in _BREAKS:
            self.break_off()
            after = self._optional(at, end) if name == "item" else at
        elif name in _ACCENTS and self.text[at : at + 1] in ("{", " "):
            after = self._accent(name, start, at, end)
        elif name in _SIGNS:
            self.here.put(_SIGNS[name], start, at)
            after = self._swallow(at, end)
        elif name == "verb":
            after = self._verbatim(start, at, end)
        elif _CITES.fullmatch(name):
            after = self._cite(start, at, end)
        elif name in _DROPPED:
            after = self._arguments(at, end)
        else:
            options, behind = self._options(at, end)
            argument = self._group(behind, end)
            if argument is None:
                after = self._swallow(at, end)
            else:
                after = self._with_argument(name, Span(start, behind), options, argument, end)
        return after

    def _verbatim(self, start: int, at: int, end: int) -> int:
        closing = self.text.find(self.text[at], at + 1, min(end, at + _LONGEST_CODE)) if at < end else -1
        if closing < 0:
            return at
        begins = self.here.length
        self.here.add(self.text[at + 1 : closing], at + 1)
        self.here.refer(Span(start, closing + 1), "code", (self.text[at + 1 : closing],), begins=begins)
        return closing + 1

    def _with_argument(self, name: str, command: Span, options: Sequence[Span], argument: Span, end: int) -> int:
        """Read a command with the argument that follows it, and return where the last of its arguments ends."""
        after = argument.end + 1
        if name in _ENQUOTED or name in _BLOCK_QUOTED:
            return self._quoted(name, command, options, argument, end)
        if name in _HEADINGS:
            self.break_off()
            self.here.kind = "heading"
            self._inside(argument)
            self.break_off()
        elif name in _NOTES:
            self._note(command, argument)
        elif name == "href":
            words = self._group(after, end)
            begins = self.here.length
            url = self.text[argument.start : argument.end]
            if words:
                self._inside(words)
                after = words.end + 1
            self.here.refer(Span(command.start, after), "link", (url, self.here.text[begins:]), begins=begins)
        elif name in ("url", "path", "nolinkurl"):
            self.here.refer(Span(command.start, after), "link", (self.text[argument.start : argument.end],))
        elif name in ("texttt", "lstinline", "code", "mintinline"):
            begins = self.here.length
            self._inside(argument)
            self.here.refer(Span(command.start, after), "code", (self.here.text[begins:],), begins=begins)
        elif name in ("textcolor", "foreignlanguage", "parbox", "raisebox"):
            words = self._group(after, end)
            if words:
                self._inside(words)
                after = words.end + 1
        else:
            self._inside(argument)
        return after

    def _quoted(self, name: str, command: Span, options: Sequence[Span], argument: Span, end: int) -> int:
        r"""Read ``\enquote{words}``, ``\textquote[source]{words}``, ``\blockcquote[page]{key}{words}`` and the like."""
        key = ""
        place = command
        if name in _LANGUAGE_FIRST or name in _KEY_FIRST:
            following = self._group(self._optional(argument.end + 1, end), end)
            if following:
                key = self.text[argument.start : argument.end] if name in _KEY_FIRST else ""
                place, argument = Span(command.start, following.start), following
        written = [self.text[one.start : one.end] for one in options]
        cited = _keyed(key, written) if key else " ".join(written)
        if name in _BLOCK_QUOTED:
            self.break_off()
            self._open_quote()
            self._inside(argument)
            self._close_quote(cited, command)
        else:
            self.here.put("“", place.start, place.end)
            self._inside(argument)
            self.here.put("”", argument.end, argument.end + 1)
            if cited:
                self.here.refer(Span(command.start, argument.end + 1), "link", (cited,))
        return argument.end + 1

    def _open_quote(self) -> None:
        if not self.depth:
            self.group += 1
        self.depth += 1
        self.kind = "quote"
        self.here = Paragraph("quote", self.group)

    def _close_quote(self, cited: str, place: Span) -> None:
        if cited:
            self.here.refer(place, "link", (cited,))
        self.break_off()
        self.depth = max(0, self.depth - 1)
        if not self.depth:
            self.kind = "text"
            self.here = Paragraph()

    def _environment(self, name: str, start: int, at: int, end: int) -> int:
        group = self._group(at, end)
        if group is None:
            return at
        environment = self.text[group.start : group.end].strip().rstrip("*")
        after = group.end + 1
        if name == "begin" and environment in _SKIPPED:
            closing = self.text.find(rf"\end{{{self.text[group.start : group.end]}}}", after, end)
            self.break_off()
            return after if closing < 0 else closing
        self.break_off()
        if environment in _QUOTES and name == "begin":
            self._open_quote()
            options, after = self._options(after, end)
            key = self._group(after, end) if environment in ("displaycquote", "foreigndisplayquote") else None
            written = [self.text[one.start : one.end] for one in options]
            if key:
                after = key.end + 1
            cited = " ".join(written)
            if key and environment == "displaycquote":
                cited = _keyed(self.text[key.start : key.end], written)
            if cited:
                source = Paragraph("source", self.group)
                source.put(cited, start, after)
                self.found.append(source)
        elif environment in _QUOTES and self.depth:
            self._close_quote("", Span(start, after))
        elif name == "begin":
            after = self._arguments(after, end)
        return after

    def _note(self, command: Span, argument: Span) -> None:
        outer, self.here = self.here, Paragraph("note")
        self._inside(argument)
        note, self.here = self.here, outer
        if note.text.strip():
            self.notes.append(note)
        cited = [text for mark in note.marks for text in mark.texts]
        self.here.refer(Span(command.start, argument.end + 1), "note", (" ".join([note.text.strip(), *cited]).strip(),))

    def _cite(self, start: int, at: int, end: int) -> int:
        options, at = self._options(at, end)
        keys = self._group(at, end)
        if keys is None:
            return at
        written = [self.text[one.start : one.end] for one in options]
        names = self.text[keys.start : keys.end]
        self.here.refer(Span(start, keys.end + 1), "link", (_keyed(names, written),))
        return keys.end + 1

    def _inside(self, argument: Span) -> None:
        if self.nested < _MOST_NESTED:
            self.nested += 1
            self.read(argument.start, argument.end)
            self.nested -= 1

    def _options(self, at: int, end: int) -> tuple[list[Span], int]:
        """The optional arguments that begin here, and where they end."""
        found: list[Span] = []
        while at < end and self.text[at] == "[" and (closing := self.text.find("]", at, min(end, at + 1000))) > 0:
            found.append(Span(at + 1, closing))
            at = closing + 1
        return found, at

    def _optional(self, at: int, end: int) -> int:
        return self._options(at, end)[1]

    def _arguments(self, at: int, end: int) -> int:
        """The place after all arguments that follow."""
        while True:
            after = self._optional(at, end)
            group = self._group(after, end)
            if group is None:
                return after
            at = group.end + 1

    def _group(self, at: int, end: int) -> Span | None:
        """The inside of the braces that begin here."""
        if at >= end or self.text[at] != "{":
            return None
        if self.braces is None:
            self.braces = _braces(self.text)
        closing = self.braces.get(at)
        return None if closing is None or closing > end else Span(at + 1, closing)

    def _swallow(self, at: int, end: int) -> int:
        """The place after the blanks, or the empty braces, that end a command's name."""
        if self.text.startswith("{}", at):
            return at + 2
        while at < end and self.text[at] in " \t":
            at += 1
        return at


_LETTER = re.compile(r"\s{0,3}(?:\{\s{0,3}(?P<braced>\\?[^\W\d_])\s{0,3}\}|(?P<letter>\\[ij](?![A-Za-z])|[^\W\d_]))")
_BABEL = re.compile(
    r"\\(?:usepackage|RequirePackage)\[[^\]]{0,300}german[^\]]{0,300}\]\{babel\}|\\selectlanguage\{n?german"
)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _braces(text: str) -> dict[int, int]:
    """Where each opening brace is closed."""
    pairs: dict[int, int] = {}
    open_ones: list[int] = []
    for found in _BRACE.finditer(text):
        if found.group() == "{":
            open_ones.append(found.start())
        elif found.group() == "}" and open_ones:
            pairs[open_ones.pop()] = found.start()
    return pairs


def _keyed(keys: str, options: Sequence[str]) -> str:
    """A citation by keys as Pandoc's Markdown writes it: @one, p. 3; @other."""
    place = options[-1].strip() if options else ""
    if _BIBLIOGRAPHIC.match(place):
        place = f"p. {place}"
    named = "; ".join(f"@{key.strip()}" for key in keys.split(",") if key.strip())
    return f"{named}, {place}" if place else named
