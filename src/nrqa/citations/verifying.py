"""The verb ``verify``: what has become of the citations in a file, judged by the sources as they are now."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.answering.inspecting import corpus_of_index
from nrqa.answering.opened import folder_of
from nrqa.citations.finding import Found, citations_in_json, citations_in_text
from nrqa.citations.json_text import Edit
from nrqa.citations.line import cite_line, place_in
from nrqa.citations.relocating.corpus_search import judgments
from nrqa.citations.relocating.judging import STATUSES, Judgment, Status
from nrqa.citations.relocating.source_files import SourceFiles
from nrqa.citations.rewriting import apply, rewritten
from nrqa.corpus.files.listing import reason_of
from nrqa.corpus.files.roots import Corpus, corpus_at
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import CorpusError, QuestionError, UnreadableError
from nrqa.index.opening import generations_at
from nrqa.index.recorded import recorded_columns, recorded_ocr
from nrqa.records import Passage, Skipped, citation_to_dict, skipped_to_list
from nrqa.saving import rewrite
from nrqa.settings import DEFAULT_INDEX
from nrqa.text.decoding import decode

if TYPE_CHECKING:
    from nrqa.answering.asking import Index

Place = str | os.PathLike[str]
_JSON = (".json", ".jsonl", ".ndjson", ".jsonld")
_STDIN = Path("-")
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_EXAMPLE = "nato-russia.txt:31 §Disputes over missile defense systems in Europe #a1b2c3d4e5+411"


@dataclass(frozen=True, slots=True)
class Verified:
    """A citation of a file: the line it stands on, how it is written, and what has become of its passage."""

    line: int
    written: str
    judgment: Judgment
    updated: bool = False

    @property
    def good(self) -> bool:
        """Whether it leads to the words it cites."""
        return self.judgment.status == "intact" or self.updated

    def to_dict(self) -> dict[str, Any]:
        """The citation as a JSON object; ``place`` is null where the passage is not found."""
        found = self.judgment
        return {
            "line": self.line,
            "written": self.written,
            "status": found.status,
            "updated": self.updated,
            "place": _place_to_dict(found.passage) if found.passage else None,
            "others": [_place_to_dict(one) for one in found.others],
            "changes": [one.to_dict() for one in found.changes],
            "notes": list(found.notes),
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """What has become of the citations of some files; ``documents`` counts the sources that were there to look in."""

    corpus: str
    documents: int
    unreadable: tuple[Skipped, ...]
    files: tuple[tuple[str, tuple[Verified, ...]], ...]

    @property
    def good(self) -> bool:
        """Whether every citation leads to the words it cites."""
        return all(one.good for _, citations in self.files for one in citations)

    @property
    def counts(self) -> dict[Status, int]:
        """How many citations there are of each status."""
        found = Counter(one.judgment.status for _, citations in self.files for one in citations)
        return {status: found[status] for status in STATUSES}

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa verify --json`` prints."""
        return {
            "corpus": self.corpus,
            "documents": self.documents,
            "unreadable": skipped_to_list(self.unreadable),
            "counts": dict(self.counts),
            "files": [
                {"file": name, "citations": [one.to_dict() for one in citations]} for name, citations in self.files
            ],
        }


def verify(
    files: Place | Sequence[Place],
    corpus: Place | Sequence[Place] | None = None,
    *,
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    update: bool = False,
    data: bytes | None = None,
    allow_none: bool = False,
) -> Verification:
    """What has become of every citation in the files; with ``update``, the moved ones are rewritten in place.

    A file named - is standard input. With ``data`` these bytes are the file, and ``files`` is only its name. The
    sources are those of ``corpus`` (a folder, a file, or a list of them), else of the corpus that the index was built
    from, else of ./corpus.
    Raises QuestionError where a file cannot be read, or none of them holds a citation, unless ``allow_none``.
    """
    if update and data is not None:
        raise QuestionError("Text that was given cannot be updated. Name the file that holds it")
    folder = folder_of(index)
    sources = _corpus_of(corpus, folder)
    named = [files] if isinstance(files, (str, os.PathLike)) else files
    texts = [_read(file, data) for file in _each_once(named, update=update)]
    citing = {one.file.resolve() for one in texts} if data is None else set()
    content = generations_at(folder).newest_content()
    with reading(columns=recorded_columns(content), ocr=recorded_ocr(content)) as read:
        as_now = SourceFiles(sources, folder, citing, read)
        return _verified(texts, as_now, update=update, allow_none=allow_none)


def _verified(texts: Sequence[_Text], files: SourceFiles, *, update: bool, allow_none: bool) -> Verification:
    found = [_citations_in(one, files) for one in texts]
    if not any(found) and not allow_none:
        names = ", ".join(f"'{one.file}'" for one in texts)
        raise QuestionError(f"There is no citation in {names}. One looks like this: {_EXAMPLE}")
    told = iter(judgments([one.cited for citations in found for one in citations], files))
    judged = [[(one, next(told)) for one in citations] for citations in found]
    if update:
        _update(
            [(text, pairs) for text, pairs in zip(texts, judged, strict=True) if any(map(_has_moved, pairs))], files
        )
    done = []
    for text, pairs in zip(texts, judged, strict=True):
        verified = [
            Verified(
                text.text.count("\n", 0, one.start) + 1,
                _as_written(one, text.text),
                judgment,
                updated=update and judgment.status == "moved",
            )
            for one, judgment in pairs
        ]
        done.append((str(text.file), tuple(verified)))
    return Verification(files.corpus.paths, files.documents_there, files.unreadable(), tuple(done))


@dataclass(frozen=True, slots=True)
class _Text:
    """A file with citations: its bytes, its text, and the encoding that turns one into the other."""

    file: Path
    data: bytes
    text: str
    encoding: str


def _citations_in(text: _Text, files: SourceFiles) -> list[Found]:
    if text.file.suffix.lower() in _JSON:
        try:
            found = citations_in_json(text.text, files.names)
        except ValueError as error:
            raise QuestionError(f"'{text.file}' is no JSON: {error}. Mend it, or give it another suffix") from error
    else:
        found = citations_in_text(text.text, files.names)
    return [_within_corpus(one, text.text, files) for one in found]


def _within_corpus(found: Found, text: str, files: SourceFiles) -> Found:
    """The citation with its document's name inside the corpus, where the file has ``corpus/file.txt`` or a URL."""
    if found.cited.addresses:
        document = files.addressed(found.cited)
        return replace(found, cited=replace(found.cited, document=document)) if document else found
    written = found.cited.document
    name = written.replace("\\", "/")
    folder = files.corpus.folder
    ways = [root.path if folder else root.path.parent for root in files.corpus.roots]
    before = next((one for one in ("./", *(f"{way.as_posix()}/" for way in ways)) if name.startswith(one)), "")
    before += f"{folder.name}/" if folder and name.startswith(f"{folder.name}/", len(before)) else ""
    name = name[len(before) :]
    if written in files.names or name not in files.names:
        return found
    # The folder stays in the text when the citation is rewritten.
    stays = len(before) if text.startswith(written[: len(before)], found.start) and not found.node else 0
    return replace(found, cited=replace(found.cited, document=name), start=found.start + stays)


def _corpus_of(corpus: Place | Sequence[Place] | None, index: Place) -> Corpus:
    if corpus is not None:
        paths = [corpus] if isinstance(corpus, (str, os.PathLike)) else corpus
        return corpus_at([Path(one) for one in paths])
    try:
        found = corpus_of_index(index)
    except CorpusError:
        if not Path("corpus").is_dir():
            raise
        found = None
    return found or corpus_at([Path("corpus")])


def _each_once(files: Sequence[str | os.PathLike[str]], *, update: bool) -> list[Path]:
    if update and str(_STDIN) in map(str, files):
        raise QuestionError("Standard input cannot be updated. Name the file instead of -")
    return list({Path(file).resolve(): Path(file) for file in reversed(files)}.values())[::-1]


def _read(file: Path, data: bytes | None) -> _Text:
    try:
        if data is None:
            data = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
        text, encoding = decode(data)
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else reason_of(error)
        raise QuestionError(f"'{file}' cannot be read: {reason}. Name a file that holds citations") from error
    except UnreadableError as error:
        raise QuestionError(f"'{file}' cannot be read: {error}. Name a text or JSON file") from error
    return _Text(file, data, text, encoding)


def _has_moved(one: tuple[Found, Judgment]) -> bool:
    return one[1].status == "moved"


def _update(texts: Sequence[tuple[_Text, Sequence[tuple[Found, Judgment]]]], files: SourceFiles) -> None:
    """Rewrite the files. All are prepared first: a citation that cannot be rewritten leaves every file as it is."""
    drafts = [(text, _draft(text, filter(_has_moved, pairs), files)) for text, pairs in texts]
    for text, data in drafts:
        try:
            rewrite(data, text.file.resolve())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise QuestionError(f"'{text.file}' cannot be written: {reason}. It is as it was; try it again") from error


def _draft(text: _Text, moved: Iterable[tuple[Found, Judgment]], files: SourceFiles) -> bytes:
    """The new content of the file: these citations changed, and every other byte as it was."""
    changes: list[Edit] = []
    for found, judgment in moved:
        assert judgment.passage is not None
        source = files.document(judgment.passage.citation.document)
        assert source is not None
        changes += rewritten(found, judgment.passage, source.document.text, text.text)
    try:
        before = text.text.encode(text.encoding)
        after = apply(text.text, changes).encode(text.encoding)
    except (LookupError, UnicodeEncodeError) as error:
        raise QuestionError(
            f"'{text.file}' cannot be written in its encoding, {text.encoding}. Make it UTF-8"
        ) from error
    file = text.file.resolve()
    if not text.data.endswith(before) or not file.is_file() or file.read_bytes() != text.data:
        raise QuestionError(f"'{text.file}' cannot be written back as it was read, so it was left alone. Try it again")
    if not os.access(file, os.W_OK) or not file.stat().st_mode & _WRITABLE:
        raise QuestionError(f"'{text.file}' is read-only, so it was left alone. Make it writable: chmod u+w")
    return text.data[: len(text.data) - len(before)] + after


def _as_written(found: Found, text: str) -> str:
    if found.node is None and not found.escaped:
        # In a block quote the citation may continue after the mark of the next line.
        return " ".join(re.sub(r"\n[ \t>]*", " ", text[found.start : found.end]).split())
    cited = found.cited
    return place_in(replace(cited, document=cited.addresses[0]) if cited.addresses else cited)


def _place_to_dict(passage: Passage) -> dict[str, Any]:
    return {"cite": cite_line(passage), "text": passage.text, "citation": citation_to_dict(passage.citation)}
