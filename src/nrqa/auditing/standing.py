"""Standing questions: asked again after each reindex, to tell which answers changed and why.

    index/standing/  1.json   2.json         a receipt each, with the texts: the answer that was accepted last
                     corpus-<root>.json      the documents, by name, of a corpus that receipts were made from
                     .lock                   held by the process that writes

They belong to the user and are not derived from the corpus. So no build touches them, and they may be kept
elsewhere (under version control, say). Each file is written whole or not at all.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.answering.opened import folder_of, opened, place_of
from nrqa.auditing.receipts.files import read_receipt
from nrqa.auditing.receipts.model import Receipt
from nrqa.auditing.replaying import ask_again, ask_first
from nrqa.auditing.replaying.results import Replay
from nrqa.errors import QuestionError, ReceiptError
from nrqa.index import STANDING, merkle
from nrqa.index.opening import beside, generations_at, refuse_packed
from nrqa.saving import save
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.encoder.protocol import Encoder
    from nrqa.index.snapshot import Where

Place = str | os.PathLike[str]
_FILE = re.compile(r"([1-9]\d*)\.json")
_CORPUS = "corpus-"
_LOCK = ".lock"
_PATIENCE = 30.0
"""Seconds to wait while another process writes, which takes milliseconds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing question with its number and the answer that was accepted last."""

    number: int
    receipt: Receipt

    def to_dict(self) -> dict[str, Any]:
        """The question as a JSON object."""
        one = self.receipt
        return {
            "number": self.number,
            "question": one.question,
            "k": one.k,
            "where": {key: list(values) for key, values in one.where.items()},
            "only": list(one.only),
            "accepted": one.created,
            "generation": one.generation,
            "verdict": one.verdict,
            "confidence": one.confidence,
        }


@dataclass(frozen=True, slots=True)
class StandingReport:
    """The replay of every standing question, by number; ``accepted`` says that the present answers were accepted."""

    generation: int
    replays: tuple[tuple[int, Replay], ...]
    accepted: bool

    @property
    def changed(self) -> int:
        """How many answers changed."""
        return sum(one.result == "changed" for _, one in self.replays)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa standing --json`` prints."""
        return {
            "generation": self.generation,
            "changed": self.changed,
            "accepted": self.accepted,
            "questions": [{"number": number, **one.to_dict()} for number, one in self.replays],
        }


def add(
    question: str,
    index: Place | Index = DEFAULT_INDEX,
    *,
    folder: Place | None = None,
    k: int = 5,
    where: Where | None = None,
    only: Sequence[str] | None = None,
    encoder: Encoder | None = None,
    announce: Callable[[str], None] | None = None,
) -> tuple[Standing, bool]:
    """Ask the question, keep it with its answer, and return it with True.

    Where the same question is kept already, return that one with False.
    """
    kept = _folder(index, folder)
    _refuse_packed(index, folder)
    receipt = ask_first(
        opened(index, encoder=encoder, announce=announce, one_shot=True), question, k=k, where=where, only=only
    )
    with _writing(kept):
        there = listed(index, folder=folder)
        for one in there:
            if _asks(one.receipt) == _asks(receipt):
                return one, False
        number = 1 + max(_numbers(kept), default=0)
        _save(receipt, kept, number, instead=False)
    return Standing(number, receipt), True


def listed(index: Place | Index = DEFAULT_INDEX, *, folder: Place | None = None) -> tuple[Standing, ...]:
    """All standing questions in order of number.

    Raises ReceiptError where one of their files was altered, or where the index or the given folder does not exist.
    """
    kept = _there(index, folder)
    corpora: dict[str, dict[str, str] | None] = {}
    found = []
    for number in sorted(_numbers(kept)):
        try:
            receipt = read_receipt(_file(kept, number))
        except ReceiptError as error:
            raise ReceiptError(f"{error}. To go on without it: nrqa standing remove {number}") from error
        if receipt.corpus_root not in corpora:
            corpora[receipt.corpus_root] = _corpus(kept, receipt.corpus_root)
        found.append(Standing(number, replace(receipt, documents=corpora[receipt.corpus_root])))
    return tuple(found)


def remove(number: int, index: Place | Index = DEFAULT_INDEX, *, folder: Place | None = None) -> None:
    """Delete a standing question; raises QuestionError where there is none with this number."""
    kept = _there(index, folder)
    _refuse_packed(index, folder)
    if number not in _numbers(kept):
        raise QuestionError(f"There is no standing question {number} in '{kept}'. `nrqa standing list` numbers them")
    with _writing(kept):
        _file(kept, number).unlink(missing_ok=True)
        _sweep(kept)


def report(
    index: Place | Index = DEFAULT_INDEX,
    *,
    folder: Place | None = None,
    accept: bool = False,
    encoder: Encoder | None = None,
    announce: Callable[[str], None] | None = None,
) -> StandingReport:
    """Ask all standing questions again, in one batch, and compare; ``accept`` keeps the present answers as accepted.

    What another process has accepted or removed meanwhile is not overwritten.
    """
    if accept:
        _refuse_packed(index, folder)
    asked = opened(index, encoder=encoder, announce=announce)
    kept = _there(index, folder)
    there = listed(index, folder=folder)
    replays = ask_again(asked, [one.receipt for one in there])
    numbered = tuple(zip((one.number for one in there), replays, strict=True))
    if accept and any(map(_is_new, replays)):
        with _writing(kept):
            for number, one in numbered:
                _accept(one, kept, number)
            _sweep(kept)
    generations = [one.now.generation for one in replays if one.now]
    return StandingReport(max(generations, default=asked.snapshot.manifest.generation), numbered, accept)


def _folder(index: Place | Index, folder: Place | None) -> Path:
    return Path(folder) if folder is not None else beside(folder_of(index)) / STANDING


def _refuse_packed(index: Place | Index, folder: Place | None) -> None:
    """Nothing is written beside a packed index; standing questions about it may be kept in a folder of their own."""
    if folder is None:
        refuse_packed(place_of(index), "Standing questions are not kept")


def _there(index: Place | Index, folder: Place | None) -> Path:
    """The folder of the questions; an error if it does not exist: a misspelt name must not look like an empty one."""
    kept = _folder(index, folder)
    wanted = kept if folder is not None else beside(folder_of(index))
    if folder is None and not wanted.exists() and generations_at(folder_of(index)).newest_number() is not None:
        wanted.mkdir(parents=True, exist_ok=True)  # a server keeps the index, and nothing was kept here yet
    if not wanted.is_dir():
        raise ReceiptError(
            f"There is no folder '{wanted}', so there are no standing questions in it. Name another "
            f"({'--folder' if folder is not None else '--index'} DIR), or add a question: nrqa standing add"
        )
    return kept


@contextmanager
def _writing(kept: Path) -> Iterator[None]:
    """Hold the lock of the folder, which is created if it does not exist."""
    from filelock import FileLock, Timeout

    try:
        kept.mkdir(parents=True, exist_ok=True)
        if (kept / _LOCK).is_symlink() or (kept.name == STANDING and kept.is_symlink()):
            # The index may be somebody else's: what it links to must not be written to.
            raise ReceiptError(
                f"'{kept}' or its lock is a link, so nothing is written there. Name a folder: --folder DIR"
            )
        with FileLock(kept / _LOCK, timeout=_PATIENCE):
            yield
    except Timeout:
        raise ReceiptError(
            f"Another process is writing to '{kept}', and does not finish. Try again when it has"
        ) from None
    except OSError as error:
        raise ReceiptError(
            f"No question can be kept in '{kept}': {error.strerror}. Name another folder: --folder DIR"
        ) from error


def _file(kept: Path, number: int) -> Path:
    return kept / f"{number}.json"


def _numbers(kept: Path) -> list[int]:
    try:
        names = [path.name for path in kept.iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ReceiptError(
            f"The standing questions in '{kept}' cannot be read: {error.strerror}. Name another folder: --folder DIR"
        ) from error
    return [int(found[1]) for found in map(_FILE.fullmatch, names) if found]


def _asks(receipt: Receipt) -> tuple[Any, ...]:
    where = {key.lower(): sorted(values) for key, values in receipt.where.items()}
    return receipt.question, receipt.k, where, sorted(receipt.only)


def _is_new(replay: Replay) -> bool:
    """Whether there is something to accept. Else nothing is written: a folder under version control is not changed."""
    same = replay.result == "identical" and replay.same_corpus and not replay.differences
    return replay.now is not None and not same


def _accept(replay: Replay, kept: Path, number: int) -> None:
    if replay.now is None or not _is_new(replay):
        return
    with suppress(ReceiptError):  # another process has removed or altered it
        if read_receipt(_file(kept, number)).sha256 == replay.before.sha256:
            _save(replay.now, kept, number, instead=True)


def _save(receipt: Receipt, kept: Path, number: int, *, instead: bool) -> None:
    root = receipt.corpus_root
    if receipt.documents is not None and _corpus(kept, root) is None:
        save(receipt.documents, _corpus_file(kept, root), instead=True)
    save(replace(receipt, documents=None).to_dict(), _file(kept, number), instead=instead)


def _corpus_file(kept: Path, root: str) -> Path:
    return kept / f"{_CORPUS}{root}.json"


def _corpus(kept: Path, root: str) -> dict[str, str] | None:
    """The documents of the corpus with this root; None where they are not kept, or do not have this root."""
    try:
        documents = json.loads(_corpus_file(kept, root).read_text("utf-8"))
        return documents if merkle.root(documents.items()) == root else None
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def _sweep(kept: Path) -> None:
    """Remove lists of documents that no receipt needs any more, and unfinished files of processes that died."""
    used = set()
    for number in _numbers(kept):
        with suppress(OSError, ValueError, KeyError, TypeError):
            used.add(json.loads(_file(kept, number).read_text("utf-8"))["corpus"]["root"])
    lists = [path for path in kept.glob(f"{_CORPUS}*.json") if path.stem.removeprefix(_CORPUS) not in used]
    for path in [*lists, *kept.glob(".*.json.*")]:
        path.unlink(missing_ok=True)
