"""Shards are of bounded size, and one file more or less moves few of their ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.files.listing import Source
from nrqa.indexing.shards.cutting import SHARD, cut
from nrqa.records import Stamp

SIZES = st.lists(st.integers(0, SHARD // 2), max_size=60)


def _source(name: str, size: int) -> Source:
    return Source(name, f"/corpus/{name}", Stamp(size, 1, 1), SHARD)


@given(SIZES)
def test_every_file_is_in_one_shard_and_the_order_stays(sizes: list[int]) -> None:
    sources = [_source(f"{at:04}", size) for at, size in enumerate(sizes)]
    shards = [*cut(sources)]
    assert [one for shard in shards for one in shard] == sources
    assert all(shards)
    for shard in shards:
        assert sum(one.stamp.size for one in shard[:-1]) < SHARD


def test_many_small_files_are_several_shards() -> None:
    assert len([*cut(_source(f"{at:05}", 0) for at in range(5000))]) >= 9


def test_a_new_file_leaves_nearly_all_shards_as_they_are() -> None:
    sources = [_source(f"document-{at:05}", 10_000) for at in range(4000)]
    before = set(cut(sources))
    after = set(cut([_source("a-new-one", 10_000), *sources]))
    assert len(before) > 50
    assert len(before - after) <= 3
