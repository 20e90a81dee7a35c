"""What is told of a worker that fails: one sentence, which names the files that it had."""

from __future__ import annotations

from nrqa.errors import NrqaError
from nrqa.indexing.shards.cutting import Shard

_MOST = 300
"""Characters of an error's own words: some libraries print what they were given."""


def told_of(error: Exception, shard: Shard) -> str:
    """An error of a worker: nrqa's own in its words, others with their name and the files of the shard."""
    if isinstance(error, NrqaError):
        return str(error)
    where = f"over {span_of(shard)}" if shard else "before its first shard"
    return f"A worker failed {where}: {first_line(error)}. What is finished is kept: run it again when that is mended"


def span_of(shard: Shard) -> str:
    """The files of a shard, for people."""
    first, last = shard[0].name, shard[-1].name
    return f"the files '{first}' to '{last}'" if len(shard) > 1 else f"the file '{first}'"


def first_line(error: BaseException) -> str:
    """The kind of an error, and the first thing that it says."""
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {said}"[:_MOST].rstrip(" .:")
