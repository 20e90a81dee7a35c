"""Files that were read and split before, found again by their bytes: what a worker did is not done once more.

A record is a message as the process that reads files sends it (module messages), with the drafts in place of the
blocks, or with the reason why the file cannot be read. It is data of others, and checked like such a message.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from nrqa.corpus.passages.splitter import Draft
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.checks import check_flags, check_stretches, check_texts
from nrqa.corpus.worker.messages import packed, receive, send, unpacked
from nrqa.corpus.worker.versions import reading_versions
from nrqa.encoder.protocol import Model
from nrqa.errors import ReadingEndedError, ScanError, UnreadableError
from nrqa.indexing.drafting import Drafted, DraftFile
from nrqa.records import Span
from nrqa.settings import FORMAT, VERSION

Find = Callable[[bytes], bytes | None]
"""What was saved under a key."""


def conditions(model: Model, settings: Settings) -> bytes:
    """A hash of all that a drafted file depends on, beside its name and bytes."""
    its = [VERSION, FORMAT, model.fingerprint, settings.to_dict(), reading_versions(settings.ocr)]
    return hashlib.sha256(json.dumps(its, sort_keys=True).encode()).digest()


def key_of(under: bytes, name: str, sha256: str) -> bytes:
    """The key of a file with that hash, which was drafted under those conditions."""
    return hashlib.blake2b(under + bytes.fromhex(sha256) + name.encode(), digest_size=16).digest()


def record_of(drafted: Drafted) -> bytes:
    """A drafted file as a record: the same one gives the same bytes."""
    content, frames = packed(drafted.document, ())
    drafts = [
        [one.start, one.end, one.heading, [(its.start, its.end) for its in one.sentences], one.context, one.markup]
        for one in drafted.drafts
    ]
    return _message({**content, "drafts": drafts, "script": drafted.script}, frames)


def record_of_error(error: UnreadableError, settings: Settings) -> bytes | None:
    """Why a file cannot be read, as a record; None where that may be otherwise on another machine.

    That is so where reading took too much time or memory, and for scans where their text is recognised.
    """
    if isinstance(error, ReadingEndedError) or (settings.ocr and isinstance(error, ScanError)):
        return None
    return _message({"unreadable": str(error)}, [])


def saved_in(records: dict[bytes, bytes], under: bytes, draft: DraftFile, settings: Settings) -> DraftFile:
    """What drafts a file, and adds its record to these."""

    def drafted(name: str, data: bytes) -> Drafted:
        key = key_of(under, name, hashlib.sha256(data).hexdigest())
        try:
            found = draft(name, data)
        except UnreadableError as error:
            record = record_of_error(error, settings)
            if record is not None:
                records[key] = record
            raise
        records[key] = record_of(found)
        return found

    return drafted


def found_or_drafted(find: Find, under: bytes, draft: DraftFile) -> DraftFile:
    """What takes a file as it was drafted before under those conditions, and drafts it where it was not.

    Only the very bytes that the file has now are found, and a record that is not what a worker writes is not used.
    """

    def found(name: str, data: bytes) -> Drafted:
        sha256 = hashlib.sha256(data).hexdigest()
        record = find(key_of(under, name, sha256))
        drafted = None if record is None else _drafted(record)
        if drafted is None or (drafted.document.name, drafted.document.sha256) != (name, sha256):
            return draft(name, data)
        return drafted

    return found


def _drafted(record: bytes) -> Drafted | None:
    """The drafted file in a record, or None where it is none. UnreadableError with the reason that the record holds."""
    try:
        message = receive(io.BytesIO(record))
        if message is None:
            return None
        content, frames = message
        if "unreadable" not in content:
            return _read_back(content, frames)
        reason = content["unreadable"]
        check_texts([reason])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    raise UnreadableError(reason)


def _read_back(content: Mapping[str, Any], frames: list[bytes]) -> Drafted:
    document, _ = unpacked({**content, "blocks": []}, frames)
    drafts = tuple(
        Draft(start, end, tuple(heading), tuple(Span(*its) for its in sentences), context, markup)
        for start, end, heading, sentences, context, markup in content["drafts"]
    )
    for one in drafts:
        check_texts([*one.heading, one.context])
        check_flags([one.markup])
        check_stretches([(one.start, one.end - 1)], len(document.text) - 1)  # at least one character
        check_stretches([(its.start - one.start, its.end - one.start) for its in one.sentences], one.end - one.start)
    check_texts([content["script"]])
    return Drafted(document, drafts, content["script"])


def _message(content: dict[str, Any], frames: list[bytes]) -> bytes:
    stream = io.BytesIO()
    send(stream, content, frames)
    return stream.getvalue()
