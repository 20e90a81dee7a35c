"""Checks of the files that could not be read, grouped by what would mend them."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nrqa.corpus.readers.sniffing import TEXTLESS
from nrqa.corpus.worker.ocr.tesseract import program
from nrqa.errors import installed_as
from nrqa.health.findings import Examined, Finding, counted
from nrqa.records import Skipped

_WHY = "Their words are in no answer."
_NEEDED = re.compile(r"--max-file-size (?P<size>\d+)MiB")


@dataclass(frozen=True, slots=True)
class _Group:
    """Files that the same remedy mends: a pattern of their reasons, what to call them, and what to do.

    In ``command``, ``{index}`` stands for the command `nrqa index`, ``{nrqa}`` for what is installed.
    """

    pattern: str
    what: str
    remedy: str
    command: str = "{index}"


_GROUPS = (
    _Group("no text was recognised", "Scanned, and no text was recognised",
           "Is the language right? See `nrqa index --ocr`.", "tesseract --list-langs"),
    _Group(r"is not installed", "What reads them is not installed", "Install nrqa again.",
           "pip install --force-reinstall {nrqa} && {index}"),
    _Group(r"encrypt|password|protected", "Encrypted", "Save them without a password."),
    _Group(r"^archive", "Archives, which are not opened", "Unpack them into the corpus, or leave them out."),
    _Group(r"^(empty file|no text)", "Empty, or without any text",
           "Delete them, or leave them out by a line in .nrqaignore."),
    _Group(r"link that", "Links that lead out of the corpus or nowhere",
           "Copy the files into the corpus, or name their folder: nrqa index FOLDER FOLDER."),
    _Group(r"permission", "Not allowed to be read", "Mend their permissions.", "chmod u+r {file} && {index}"),
    _Group(r"valid UTF-8; rename", "Named in an encoding that is not UTF-8", "Rename them.",
           "convmv -f latin1 -t utf8 --notest -r {corpus} && {index}"),
    _Group(r"longer than|memory|crashed|killed|exit status", "Too much for the process that reads them",
           "They may be made to break programs, or too large: split them, or leave them out."),
    _Group(r"Windows-1252|is not utf|codec|encoding", "In an encoding that cannot be told",
           "Save them as UTF-8.", "iconv -f ENCODING -t UTF-8 {file} -o {file}.new && mv {file}.new {file} && {index}"),
    _Group(r"sav(e|ed) (it|them) as|convert", "In an old format", "Save them in a newer one.",
           "soffice --headless --convert-to odt {file} && {index}"),
    _Group(r"damaged|cut off|cut short|not a |not an |no zip|binary|lies", "Damaged, or not what their names say",
           "Get them again, or leave them out."),
)  # fmt: skip
_SCAN = "Scanned, without a text layer"
_SCANNED = _Group(
    r"recognise its text|text layer",
    _SCAN,
    "Recognise their text, such as with ocrmypdf; or install tesseract, and then: nrqa index --ocr eng",
    "ocrmypdf {file} {file} && {index}",
)
_RECOGNISABLE = _Group(_SCANNED.pattern, _SCAN, "Recognise their text; name its languages as tesseract does.", "{ocr}")
_OTHER = _Group("", "Not readable", "Their reasons are listed by `nrqa status`.")


def unreadable(examined: Examined) -> Iterator[Finding]:
    """The files that could not be read, by what would mend them."""
    rest = list(examined.snapshot.manifest.unreadable)
    for find in (_unsupported, _too_large):
        found, rest = find(examined, rest)
        yield from found
    groups: dict[_Group, list[Skipped]] = {}
    scanned = _RECOGNISABLE if program() else _SCANNED
    for one in rest:
        group = next((group for group in (scanned, *_GROUPS) if re.search(group.pattern, one.reason)), _OTHER)
        groups.setdefault(group, []).append(one)
    for group, files in groups.items():
        known = examined.corpus.path_of(files[0].document) if examined.corpus else None
        first = shlex.quote(str(known or files[0].document))
        corpus = shlex.quote(str(examined.corpus.roots[0].path)) if examined.corpus else "CORPUS"
        yield Finding(
            "unreadable",
            "warning",
            f"{group.what}: {counted(len(files), 'file')}.",
            f"{_WHY} {group.remedy}",
            tuple(f"{one.document}: {one.reason}" for one in files),
            group.command.format(
                file=first,
                index=examined.command("index"),
                ocr=examined.command("index", "--ocr", examined.snapshot.manifest.settings.ocr or "eng"),
                corpus=corpus,
                nrqa=installed_as(),
            ),
        )


def rules(examined: Examined) -> Iterator[Finding]:
    """Lines of .nrqaignore files that are not a valid pattern."""
    bad = [one for one in examined.snapshot.manifest.excluded if "is no pattern" in one.reason]
    if bad:
        yield Finding(
            "rules",
            "warning",
            f"{counted(len(bad), '.nrqaignore file has', '.nrqaignore files have')} lines that are no pattern.",
            "What they were meant to leave out is in.",
            tuple(f"{one.document}: {one.reason.partition('; ')[2]}" for one in bad),
        )


_Split = tuple[list[Finding], list[Skipped]]


def _unsupported(examined: Examined, files: Sequence[Skipped]) -> _Split:
    """Files of kinds that nrqa does not read: one command leaves them all out; what was left out before stays so."""
    those = [one for one in files if "not supported" in one.reason or one.reason in TEXTLESS]
    if not those:
        return [], list(files)
    suffixes = Counter(PurePosixPath(one.document).suffix.lower() for one in those)
    told = ", ".join(f"{count:,} {suffix or 'without extension'}" for suffix, count in suffixes.most_common())
    bare = [f"/{one.document}" for one in those if not PurePosixPath(one.document).suffix]
    globs = [*examined.snapshot.manifest.selection.exclude, *(f"*{one}" for one in sorted(suffixes) if one), *bare]
    options = [word for glob in dict.fromkeys(globs) for word in ("--exclude", glob)]
    finding = Finding(
        "unreadable",
        "warning",
        f"{counted(len(those), 'file is', 'files are')} of kinds that nrqa does not read: {told}.",
        f"{_WHY} Save them in another format, or leave them out.",
        tuple(one.document for one in those),
        examined.command("index", *options),
    )
    return [finding], [one for one in files if one not in those]


def _too_large(examined: Examined, files: Sequence[Skipped]) -> _Split:
    those = [one for one in files if _NEEDED.search(one.reason)]
    if not those:
        return [], list(files)
    needed = max(int(found["size"]) for one in those if (found := _NEEDED.search(one.reason)))
    finding = Finding(
        "unreadable",
        "warning",
        f"{counted(len(those), 'file is', 'files are')} larger than the limit.",
        _WHY,
        tuple(f"{one.document}: {one.reason}" for one in those),
        examined.command("index", "--max-file-size", f"{needed}MiB"),
    )
    return [finding], [one for one in files if one not in those]
