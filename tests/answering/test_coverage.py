"""What makes a verdict of *absent* unsure: anything that could hold an answer and was not searched as it is now."""

from __future__ import annotations

import pytest

from nrqa.answering.coverage import is_complete
from nrqa.index.freshness import ADDED
from nrqa.records import Searched, Skipped


@pytest.mark.parametrize(
    ("unreadable", "stale", "complete"),
    [
        ([], [], True),
        (["photo.JPG", "old.zip"], [], True),
        (["photo.jpg", "scan.pdf"], [], False),
        (["README.xyz"], [], False),
        ([], [("photo.png", f"{ADDED}; .png files are not supported")], True),
        ([], [("a.txt", ADDED)], False),
        ([], [("a.txt", "changed since the index was built")], False),
        ([], [("/corpus.zip", "not there now; its documents (2) are in the index as they were")], False),
    ],
)
def test_pictures_and_archives_alone_leave_the_coverage_complete(
    unreadable: list[str], stale: list[tuple[str, str]], *, complete: bool
) -> None:
    searched = Searched(
        1, 1, tuple(Skipped(name, "not read") for name in unreadable), tuple(Skipped(*one) for one in stale)
    )
    assert is_complete(searched) == complete
