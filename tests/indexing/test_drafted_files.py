"""What a worker read and split is used for the very bytes that it read, and for nothing else."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

import good_files
from fakes import FakeEncoder
from nrqa.corpus.readers.document import read_document
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker import versions
from nrqa.corpus.worker.messages import receive, send
from nrqa.errors import ReadingEndedError, ScanError, UnreadableError
from nrqa.indexing import drafted_files
from nrqa.indexing.drafted_files import conditions, found_or_drafted, key_of, record_of, saved_in
from nrqa.indexing.drafting import Drafted, DraftFile, drafting
from nrqa.indexing.legibility import Legibility

ENCODER = FakeEncoder()
SETTINGS = Settings()
TITLE = "Report of the harbour"
PARAGRAPHS = [f"The harbour master counted {at} ships and 🙂 wrote it down. Nobody asked him why." for at in range(40)]


def _draft(name: str, data: bytes) -> Drafted:
    read = drafting(read_document, ENCODER, SETTINGS, Legibility(ENCODER))
    return read(name, data)


def _never(name: str, _: bytes) -> Drafted:
    raise AssertionError(f"'{name}' was read once more")


def _saved(name: str, data: bytes, draft: DraftFile = _draft, settings: Settings = SETTINGS) -> dict[bytes, bytes]:
    records: dict[bytes, bytes] = {}
    under = conditions(ENCODER.model, settings)
    with suppress(UnreadableError):
        saved_in(records, under, draft, settings)(name, data)
    return records


def _found(records: dict[bytes, bytes], otherwise: DraftFile = _never) -> DraftFile:
    return found_or_drafted(records.get, conditions(ENCODER.model, SETTINGS), otherwise)


@pytest.mark.parametrize("suffix", good_files.GOOD)
def test_a_file_of_every_format_is_found_as_it_was_drafted(suffix: str) -> None:
    name, data = f"folder/report{suffix}", good_files.GOOD[suffix](TITLE, PARAGRAPHS)
    records = _saved(name, data)
    assert _found(records)(name, data) == _draft(name, data)
    assert records == _saved(name, data)
    assert len(_draft(name, data).drafts) > 1


def test_other_bytes_another_name_and_other_conditions_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"The harbour master counted the ships."
    records = _saved("one.txt", data)
    told: list[tuple[str, bytes]] = []

    def draft(name: str, data: bytes) -> Drafted:
        told.append((name, data))
        return _draft(name, data)

    found = _found(records, draft)
    found("one.txt", data)
    assert told == []
    found("two.txt", data)
    found("one.txt", data + b"!")
    assert told == [("two.txt", data), ("one.txt", data + b"!")]
    its = conditions(ENCODER.model, SETTINGS)
    others = [
        conditions(replace(ENCODER.model, fingerprint="another"), SETTINGS),
        conditions(ENCODER.model, Settings(passage_tokens=90)),
        conditions(ENCODER.model, Settings(columns={"text": ["body"]})),
        conditions(ENCODER.model, Settings(ocr="eng")),
    ]
    monkeypatch.setattr(drafted_files, "reading_versions", lambda _: ("another version of lxml",))
    assert len({its, *others, conditions(ENCODER.model, SETTINGS)}) == 6


def test_versions_of_what_reads_are_known() -> None:
    found = versions.reading_versions("")
    assert all(found[:-1])
    assert found[-1] == ""


def test_a_reason_is_kept_where_every_machine_would_give_it() -> None:
    def failing(error: UnreadableError) -> DraftFile:
        def draft(*_: object) -> Drafted:
            raise error

        return draft

    kept = _saved("one.pdf", b"x", failing(UnreadableError("no text in it")))
    with pytest.raises(UnreadableError, match=r"^no text in it$"):
        _found(kept)("one.pdf", b"x")
    scan = _saved("one.pdf", b"x", failing(ScanError("a scan: 2 pages", 2)))
    with pytest.raises(UnreadableError, match=r"^a scan: 2 pages$"):
        _found(scan)("one.pdf", b"x")
    assert not _saved("one.pdf", b"x", failing(ScanError("a scan", 2)), Settings(ocr="eng"))
    assert not _saved("one.pdf", b"x", failing(ReadingEndedError("reading it takes longer than 120 seconds")))


def _record(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """The record of a file, forged."""
    message = receive(io.BytesIO(record_of(_draft("one.txt", DATA))))
    assert message is not None
    content, frames = message
    change(content)
    stream = io.BytesIO()
    send(stream, content, frames)
    return stream.getvalue()


DATA = b"The harbour master counted the ships. Nobody asked him why. \xf0\x9f\x99\x82"


def _replaced(at: int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["drafts"][0][at] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _replaced(0, -1),
        _replaced(0, "0"),
        _replaced(1, 10**9),
        _replaced(1, 0),
        lambda content: content["drafts"].append([5, 5, [], [], "", False]),
        _replaced(2, [5]),
        _replaced(2, None),
        _replaced(3, [[0, 10**9]]),
        _replaced(3, [[0, 1, 2]]),
        _replaced(3, [[5, 2]]),
        _replaced(4, None),
        _replaced(4, "\udfff"),
        _replaced(5, 0),
        lambda content: content["drafts"].append([]),
        lambda content: content.update(drafts=5),
        lambda content: content.pop("drafts"),
        lambda content: content.update(script=None),
        lambda content: content.update(name="two.txt"),
        lambda content: content.update(sha256="ab" * 32),
        lambda content: content.update(flags=[["kind", 0, 10**9, ""]]),
        lambda content: content.update(metadata=5),
        lambda content: content.update(unreadable=["no", "text"]),
    ],
)
def test_a_forged_record_is_not_used_and_the_file_is_read(change: Callable[[dict[str, Any]], Any]) -> None:
    key = key_of(conditions(ENCODER.model, SETTINGS), "one.txt", hashlib.sha256(DATA).hexdigest())
    assert _found({key: _record(lambda _: None)})("one.txt", DATA) == _draft("one.txt", DATA)
    assert _found({key: _record(change)}, _draft)("one.txt", DATA) == _draft("one.txt", DATA)
    with pytest.raises(AssertionError, match="once more"):
        _found({key: _record(change)})("one.txt", DATA)


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\0" * 8,
        b"\xff" * 40,
        (4).to_bytes(8, "big") + b"{no}",
        (2).to_bytes(8, "big") + b"{}",
        (2).to_bytes(8, "big") + b"[]",
        (100_000).to_bytes(8, "big") + b"[" * 100_000,
        (15).to_bytes(8, "big") + b'{"frames": "a"}',
        (13).to_bytes(8, "big") + b'{"frames": 0}',
        (13).to_bytes(8, "big") + b'{"frames": 1}' + b"\xff" * 20,
    ],
)
def test_what_is_no_record_is_not_used(record: bytes) -> None:
    key = key_of(conditions(ENCODER.model, SETTINGS), "one.txt", hashlib.sha256(DATA).hexdigest())
    assert _found({key: record}, _draft)("one.txt", DATA) == _draft("one.txt", DATA)
