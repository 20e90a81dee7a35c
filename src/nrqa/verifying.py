"""The verb ``verify``: what has become of the citations in a file, by the sources as they are now."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nrqa.citing.cited import Cited
from nrqa.citing.finding import Found, citations_in_json, citations_in_text
from nrqa.citing.line import cite_line
from nrqa.citing.rewriting import apply, rewritten
from nrqa.corpus.decoding import decode
from nrqa.corpus.document import read_document
from nrqa.corpus.listing import list_corpus, read_source, reason_of
from nrqa.corpus.roots import Corpus, corpus_at
from nrqa.errors import CorpusError, QuestionError, UnreadableError
from nrqa.index.layout import recorded_columns
from nrqa.inspecting import corpus_of_index
from nrqa.records import Passage, Skipped, citation_to_dict, skipped_to_list
from nrqa.relocating.judging import STATUSES, Judgment, Likeness, Status, in_place, judged, likeness
from nrqa.relocating.sights import Sight, sights
from nrqa.relocating.source import Source
from nrqa.settings import DEFAULT_INDEX

Place = str | os.PathLike[str]
_JSON = (".json", ".jsonl", ".ndjson", ".jsonld")
_STDIN = Path("-")
_KEPT = 50_000_000
"""Characters of sources that are kept in memory; what is beyond is read again for each pass."""
_ALIKE = 0.8
"""Share of the words from which what is left of a passage in its own document is not sought elsewhere."""
_ALIKE_ELSEWHERE = 0.65
"""Share of the words that a stretch of another document must have. Half of them, all names, two articles on one subject
may share."""
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
    files: Sequence[str | os.PathLike[str]],
    corpus: Place | Sequence[Place] | None = None,
    *,
    index: str | os.PathLike[str] = DEFAULT_INDEX,
    update: bool = False,
) -> Verification:
    """What has become of every citation in the files; with ``update``, the moved ones are written anew in place.

    A file named - is standard input. The sources are those of ``corpus`` (a folder, a file, or a list of them), else of
    the corpus that the index was built from, else of ./corpus.
    Raises QuestionError where a file cannot be read, or none of them holds a citation.
    """
    sources = _corpus_of(corpus, index)
    texts = [_read(Path(file)) for file in files]
    shelf = _Shelf(sources, Path(index), {one.file.resolve() for one in texts})
    found = [_citations_in(one, shelf) for one in texts]
    if not any(found):
        names = ", ".join(f"'{one.file}'" for one in texts)
        raise QuestionError(f"There is no citation in {names}. One looks like this: {_EXAMPLE}")
    judgments = iter(_judgments([one.cited for citations in found for one in citations], shelf))
    done = []
    for text, citations in zip(texts, found, strict=True):
        here = [(one, next(judgments)) for one in citations]
        moved = [one for one in here if one[1].status == "moved"] if update else []
        if moved:
            _write(text, moved, shelf)
        verified = [
            Verified(
                text.text.count("\n", 0, one.start) + 1,
                _as_written(one, text.text),
                judgment,
                updated=update and judgment.status == "moved",
            )
            for one, judgment in here
        ]
        done.append((str(text.file), tuple(verified)))
    return Verification(
        ", ".join(str(root.path) for root in sources.roots), len(shelf.names), shelf.unreadable(), tuple(done)
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A file with citations: its bytes, its text, and the encoding that makes the one of the other."""

    file: Path
    data: bytes
    text: str
    encoding: str


class _Shelf:
    """The sources of a corpus, read when they are asked for; as many are kept as memory should hold."""

    def __init__(self, corpus: Corpus, index: Path, citing: set[Path]) -> None:
        listing = list_corpus(corpus, index=index if index.exists() else None)
        self._sources = {source.name: source for source in listing.sources}
        # A text is no source of its own quotations, wherever it lies.
        self._citing = {name for name, source in self._sources.items() if source.path.resolve() in citing}
        self._unreadable = {one.document: one for one in listing.unreadable}
        self._columns = recorded_columns(index)
        self._kept: dict[str, Source] = {}
        self._room = _KEPT
        self.folder = corpus.folder.name if corpus.folder else ""

    @property
    def names(self) -> frozenset[str]:
        """The names of all documents."""
        return frozenset(self._sources)

    def unreadable(self) -> tuple[Skipped, ...]:
        """The files that could not be looked in, and why."""
        return tuple(self._unreadable[name] for name in sorted(self._unreadable))

    def reason(self, name: str) -> str:
        """Why a document cannot be read; "" where it can, or is not there."""
        skipped = self._unreadable.get(name)
        return skipped.reason if skipped else ""

    def document(self, name: str) -> Source | None:
        """The document of this name; None where there is none that can be read."""
        if name in self._kept:
            return self._kept[name]
        if name not in self._sources or name in self._unreadable:
            return None
        try:
            data, _ = read_source(self._sources[name])
            source = Source(*read_document(name, data, self._columns))
        except UnreadableError as error:
            self._unreadable[name] = Skipped(name, str(error))
            return None
        if len(source.document.text) <= self._room:
            self._room -= len(source.document.text)
            self._kept[name] = source
        return source

    def documents(self) -> Iterator[Source]:
        """All that a passage may have moved to, in order of name."""
        for name in sorted(set(self._sources) - self._citing):
            source = self.document(name)
            if source:
                yield source


def _judgments(cited: Sequence[Cited], shelf: _Shelf) -> list[Judgment]:
    """What has become of each: first by its own document, and only where it does not stand there, by all."""
    found: list[list[Sight]] = []
    for one in cited:
        own = shelf.document(one.document)
        found.append(sights(one, own) if own else [])
    lost = [at for at, one in enumerate(cited) if not in_place(one, found[at])]
    for source in shelf.documents() if lost else ():
        for at in lost:
            if source.document.name != cited[at].document:
                found[at] += sights(cited[at], source)
    like = _likenesses(cited, found, lost, shelf)
    return [_readably(judged(one, found[at], like.get(at)), one, shelf) for at, one in enumerate(cited)]


def _likenesses(
    cited: Sequence[Cited], found: Sequence[Sequence[Sight]], lost: Iterable[int], shelf: _Shelf
) -> dict[int, Likeness]:
    """What is most like the words of those that do not stand in their place."""
    like: dict[int, Likeness] = {}
    nowhere: list[int] = []
    for at in lost:
        own = shelf.document(cited[at].document)
        near = likeness(cited[at], own) if own else None
        if near:
            like[at] = near
        if not found[at] and (cited[at].exact or cited[at].part) and not (near and near.share >= _ALIKE):
            nowhere.append(at)
    for source in shelf.documents() if nowhere else ():
        for at in nowhere:
            if source.document.name != cited[at].document:
                other = likeness(cited[at], source)
                if other and other.share >= _ALIKE_ELSEWHERE and (at not in like or other.share > like[at].share):
                    like[at] = other
    return like


def _readably(judgment: Judgment, cited: Cited, shelf: _Shelf) -> Judgment:
    """The judgment, unless the document could not be looked in: then nothing is said that it might contradict."""
    reason = shelf.reason(cited.document)
    if reason and judgment.status in ("gone", "edited", "unchecked"):
        return Judgment("unchecked", notes=(f"the document could not be read: {reason}",))
    return judgment


def _citations_in(text: _Text, shelf: _Shelf) -> list[Found]:
    if text.file.suffix.lower() in _JSON:
        try:
            found = citations_in_json(text.text, shelf.names)
        except ValueError as error:
            raise QuestionError(f"'{text.file}' is no JSON: {error}. Mend it, or give it another suffix") from error
    else:
        found = citations_in_text(text.text, shelf.names)
    return [replace(one, cited=_within_corpus(one.cited, shelf)) for one in found]


def _within_corpus(cited: Cited, shelf: _Shelf) -> Cited:
    """The citation with its document named from inside the corpus, where a person wrote ``corpus/file.txt``."""
    name = cited.document.removeprefix("./")
    name = name.removeprefix(f"{shelf.folder}/") if shelf.folder else name
    return replace(cited, document=name) if cited.document not in shelf.names and name in shelf.names else cited


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


def _read(file: Path) -> _Text:
    try:
        data = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
        text, encoding = decode(data)
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else reason_of(error)
        raise QuestionError(f"'{file}' cannot be read: {reason}. Name a file that holds citations") from error
    except UnreadableError as error:
        raise QuestionError(f"'{file}' cannot be read: {error}. Name a text or JSON file") from error
    return _Text(file, data, text, encoding)


def _write(text: _Text, moved: Iterable[tuple[Found, Judgment]], shelf: _Shelf) -> None:
    """Write the file anew, all at once, with these citations changed and every other byte as it was."""
    changes = []
    for found, judgment in moved:
        assert judgment.passage is not None
        source = shelf.document(judgment.passage.citation.document)
        assert source is not None
        changes += list(rewritten(found, judgment.passage, source.document.text, text.text))
    file = text.file.resolve()
    try:
        before = text.text.encode(text.encoding)
        after = apply(text.text, changes).encode(text.encoding)
    except (LookupError, UnicodeEncodeError) as error:
        raise QuestionError(
            f"'{text.file}' cannot be written in its encoding, {text.encoding}. Make it UTF-8"
        ) from error
    if not file.is_file() or not text.data.endswith(before) or file.read_bytes() != text.data:
        raise QuestionError(f"'{text.file}' cannot be written back as it was read, so it was left alone. Try it again")
    _replace(file, text.data[: len(text.data) - len(before)] + after)


def _replace(file: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name[:50]}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
        Path(name).chmod(file.stat().st_mode & 0o7777)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _as_written(found: Found, text: str) -> str:
    if found.node is None and not found.escaped:
        return " ".join(text[found.start : found.end].split())
    cited = found.cited
    if cited.lines:
        more = f"-{cited.lines[1]}" if cited.lines[1] > cited.lines[0] else ""
        return f"{cited.document}:{cited.lines[0]}{more}"
    return f"{cited.document}@{cited.span.start}-{cited.span.end}" if cited.span else cited.document


def _place_to_dict(passage: Passage) -> dict[str, Any]:
    return {"cite": cite_line(passage), "text": passage.text, "citation": citation_to_dict(passage.citation)}
