"""What holds for every document, whatever it was read from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document


def assert_blocks_in_order(document: Document, blocks: Sequence[Block]) -> None:
    """Blocks lie in the text one after another, and so do the items of each."""
    at = 0
    for block in blocks:
        assert at <= block.start < block.end <= len(document.text)
        at = block.end
        inside = block.start
        for item in block.items:
            assert inside <= item.start < item.end <= block.end
            inside = item.end


def assert_lawful(document: Document, blocks: Sequence[Block]) -> None:
    """What holds for every document, whatever it was read from."""
    text = document.text
    assert document.title.strip()
    assert text == text.strip()
    assert "\xad" not in text
    assert not re.search(r"[ \t]\n|\n |\n\n\n", text)
    end = 0
    for block in blocks:
        assert end <= block.start < block.end <= len(text)
        end = block.end
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        inner = block.start
        for item in block.items:
            assert inner <= item.start < item.end <= block.end
            inner = item.end
    by_kind = defaultdict(list)
    for place in document.places:
        by_kind[place.kind].append(place)
    for places in by_kind.values():
        for before, after in pairwise(places):
            assert before.start < before.end <= after.start < after.end <= len(text)
    assert all(0 <= flag.start <= flag.end <= len(text) for flag in document.flags)


def read_lawfully_or_refused(name: str, data: bytes) -> None:
    """The file is a document for which everything holds, or it is refused with a reason."""
    try:
        document, blocks = read_document(name, data)
    except UnreadableError:
        return
    assert_lawful(document, blocks)
