"""Reads a bibliography that a draft cites by keys: BibTeX (.bib) or CSL-JSON (.json)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nrqa.corpus.readers.shared.metadata import front_matter
from nrqa.errors import DraftError, UnreadableError
from nrqa.settings import MAX_FILE_BYTES
from nrqa.text.decoding import decode


@dataclass(frozen=True, slots=True)
class Entry:
    """A work in a bibliography; what it does not say is "". ``files`` are the names of the files attached to it."""

    key: str
    title: str
    authors: tuple[str, ...]
    year: str
    doi: str
    url: str
    files: tuple[str, ...]


def read_bibliographies(files: Iterable[Path | bytes]) -> list[Entry]:
    """The entries of all files (or of their bytes), in order. Raises DraftError where one cannot be read."""
    return [
        entry
        for file in files
        for entry in (_entries(file, "that was given") if isinstance(file, bytes) else _read(file))
    ]


def named_bibliographies(draft: str, folder: Path) -> list[Path]:
    """The files that a draft names itself, in its front matter or in LaTeX's words, where they are beside it.

    Others made the draft, so it decides neither on files of other kinds nor on what is no plain file.
    """
    named = front_matter(draft)[0].get("bibliography", [])
    written = [named] if isinstance(named, str) else [*named]
    written += [name.strip() for found in _IN_LATEX.finditer(draft) for name in found["names"].split(",")]
    files = [folder / (name if Path(name).suffix else f"{name}.bib") for name in written if name]
    return [one for one in dict.fromkeys(files) if one.suffix.lower() in (".bib", ".json") and one.is_file()][
        :_MOST_NAMED
    ]


_MOST_NAMED = 20
_IN_LATEX = re.compile(r"\\(?:bibliography|addbibresource)\{(?P<names>[^{}\n]{1,500})\}")
_REMEDY = "Name a BibTeX file (.bib) or a CSL-JSON file (.json)"


def _read(file: Path) -> list[Entry]:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DraftError(f"The bibliography '{file}' is larger than {MAX_FILE_BYTES // 2**20} MiB. {_REMEDY}")
        return _entries(file.read_bytes(), f"'{file}'")
    except OSError as error:
        raise DraftError(f"The bibliography '{file}' cannot be read: {error.strerror}. {_REMEDY}") from error


def _entries(data: bytes, named: str) -> list[Entry]:
    try:
        text = decode(data)[0]
    except UnreadableError as error:
        raise DraftError(f"The bibliography {named} cannot be read: {error}. {_REMEDY}") from error
    entries = list(_csl(named, text) if text.lstrip()[:1] in ("[", "{") else _bibtex(text))
    if not entries:
        raise DraftError(f"The bibliography {named} has no entry. {_REMEDY}")
    return entries


def _bibtex(text: str) -> Iterator[Entry]:
    from bibtexparser.entrypoint import parse_string

    # Blocks that it cannot read are logged, a line each; the others are what the file has.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)
    for one in parse_string(text).entries:
        fields = {field.key.lower(): plain(str(field.value)) for field in one.fields}
        written = str(one.fields_dict["file"].value) if "file" in one.fields_dict else ""
        yield Entry(
            one.key,
            fields.get("title", ""),
            tuple(re.split(r"\s+and\s+", fields.get("author") or fields.get("editor", ""))),
            _year(fields.get("year") or fields.get("date", "")),
            fields.get("doi", ""),
            fields.get("url", ""),
            tuple(_FILE.findall(written)),
        )


_FILE = re.compile(r"[^:;{}/\\]{1,255}\.\w{1,8}(?![^:;{}/\\])")
_ACCENT = re.compile(
    r"\\[\"'`^~=.uvHcdbkrt](?![A-Za-z]{2})\s*\{?\s*\\?([A-Za-z])\s*\}?|\\([\"'`^~=.])\s*\{?([A-Za-z])\}?"
)
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
}
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])\s?(?:\{\})?")
_COMMAND = re.compile(r"\\[A-Za-z]+\s?")


def plain(latex: str) -> str:
    """A field without LaTeX's marks; letters lose their accents, since names are compared without them."""
    if "\\" in latex:
        latex = _ACCENT.sub(lambda found: found[1] or found[3], latex)
        latex = _LETTER.sub(lambda found: _LETTERS[found[1]], latex)
        latex = _COMMAND.sub("", latex).replace("\\", "")
    return " ".join(latex.replace("{", "").replace("}", "").replace("~", " ").split())


def _csl(named: str, text: str) -> Iterator[Entry]:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DraftError(f"The bibliography {named} is not valid JSON. {_REMEDY}") from error
    items = loaded.get("items", []) if isinstance(loaded, Mapping) else loaded
    for one in items if isinstance(items, list) else []:
        if not isinstance(one, Mapping):
            continue
        for key in dict.fromkeys(_text(one.get(name)) for name in ("id", "citation-key", "citekey")):
            if key:
                yield Entry(
                    key,
                    _text(one.get("title")),
                    tuple(_people(one.get("author") or one.get("editor"))),
                    _year(json.dumps(one.get("issued"))),
                    _text(one.get("DOI")),
                    _text(one.get("URL")),
                    (),
                )


def _people(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else []:
        if isinstance(one, Mapping):
            family = " ".join(_text(one.get(name)) for name in ("non-dropping-particle", "family"))
            yield _text(one.get("literal")) or f"{family.strip()}, {_text(one.get('given'))}"


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _year(written: str) -> str:
    found = re.search(r"(?<!\d)\d{4}(?!\d)", written)
    return found.group() if found else ""
