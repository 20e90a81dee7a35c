"""Cuts a corpus into shards: lists of files that one worker reads and encodes in one go."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from nrqa.corpus.files.listing import Source

Shard = tuple[Source, ...]

SHARD = 256 * 1024
"""Bytes of files in a shard, about: 350 passages of plain text, ten seconds of one processor. So much is done again
where a worker dies, and waited for where only the last one is left; smaller ones would only mean more files."""
_FILES = 512
"""Most files of a shard."""
_ENDS = 8
"""One in so many files may end a shard that is not full."""


def cut(sources: Iterable[Source]) -> Iterator[Shard]:
    """The shards of a corpus, in its order.

    From half its size on, a shard ends behind a file whose name says so, and only then because it is full. So one more
    file or one less moves the ends of a few neighbours, and not of all that follow: their pieces may be finished.
    """
    shard: list[Source] = []
    size = 0
    for source in sources:
        shard.append(source)
        size += source.stamp.size
        full = size >= SHARD or len(shard) >= _FILES
        ends = size >= SHARD // 2 and zlib.crc32(source.name.encode()) % _ENDS == 0
        if full or ends:
            yield tuple(shard)
            shard, size = [], 0
    if shard:
        yield tuple(shard)
