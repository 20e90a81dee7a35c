"""Sizes as people write them, and globs that are kept until others take their place."""

from __future__ import annotations

import pytest

from nrqa.corpus.files.selecting import Selection, changed, selection_of, size_of
from nrqa.errors import CorpusError
from nrqa.settings import MAX_FILE_BYTES


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("20MB", 20_000_000),
        ("20 MiB", 20 * 1024 * 1024),
        ("1.5g", 1_500_000_000),
        ("500k", 500_000),
        ("1kib", 1024),
        ("4096", 4096),
        ("12b", 12),
        (7, 7),
        ("none", MAX_FILE_BYTES),
    ],
)
def test_sizes(written: str | int, size: int) -> None:
    assert size_of(written) == size


@pytest.mark.parametrize("written", ["", "large", "MB", "-1", "0", "3 TB", "1i", "1ib", "3GB", "1e9", "²"])
def test_what_is_no_size_is_an_error_that_shows_one(written: str) -> None:
    with pytest.raises(CorpusError, match=r"--max-file-size 20MB|cannot be read"):
        size_of(written)


def test_what_is_not_said_stays_and_none_takes_it_back() -> None:
    kept = Selection(("*.pdf",), ("old/",), 5)
    assert changed(kept, include=None, exclude=None, max_file_size=None) == kept
    assert changed(kept, include=["*.md"], exclude=None, max_file_size="10") == Selection(("*.md",), ("old/",), 10)
    for none in ([], ["none"], "none"):
        assert changed(kept, include=none, exclude=none, max_file_size="none") == Selection()


def test_one_glob_may_be_given_alone() -> None:
    assert changed(Selection(), include="*.pdf", exclude=None, max_file_size=None).include == ("*.pdf",)


@pytest.mark.parametrize("glob", ["!", "[", "/", "ends with\\"])
def test_what_is_no_glob_is_an_error_that_names_it(glob: str) -> None:
    with pytest.raises(CorpusError, match="is no glob"):
        changed(Selection(), include=None, exclude=["*.md", glob], max_file_size=None)


def test_a_selection_survives_its_record() -> None:
    kept = Selection(("*.pdf",), ("old/",), 5)
    assert selection_of(kept.to_dict()) == kept
