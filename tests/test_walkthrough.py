"""docs/walkthrough.md and the pages in docs/start are true: their commands are run and print what stands there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import project
from walking import steps, walk

DOCS = project.ROOT / "docs"
PAGES = [DOCS / "walkthrough.md", *sorted((DOCS / "start").glob("*.md"))]
DRAFT = """Russia sees the installations as “a direct threat to its nuclear deterrent” (nato-russia.txt:29).

The alliance calls them “primarily aimed at countering real threats from states such as Iran”.
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the pages are written for a POSIX shell")
@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_walk_goes_as_it_is_written(page: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(DRAFT)
    walk(page, tmp_path)


def test_there_is_something_to_walk() -> None:
    assert [page.stem for page in PAGES] == ["walkthrough", "agent", "developer", "journalist", "researcher"]
    for page, least in zip(PAGES, (20, 8, 8, 12, 10), strict=True):
        assert len(list(steps(page.read_text("utf-8")))) >= least, page.stem


def test_a_file_stands_under_its_name() -> None:
    first, second = steps("`a.md`:\n\n```markdown\nwords\n```\n\n```console\n$ cat a.md\nwords\n[1]\n```\n")
    assert (first.file, first.contents) == ("a.md", "words\n")
    assert (second.command, second.expected, second.status) == ("cat a.md", ["words"], 1)
