"""Each link between the project's pages leads to a file that is there, and to a heading that it has. No network."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

import project

PAGES = sorted([
    *project.ROOT.glob("*.md"),
    *(project.ROOT / "docs").rglob("*.md"),
    *(project.ROOT / "benchmarks").rglob("*.md"),
])  # fmt: skip
DOCS = project.ROOT / "docs"
_CODE = re.compile(
    r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$|(?P<ticks>`+)(?:(?!\n\n).)*?(?P=ticks)", re.DOTALL | re.MULTILINE
)
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def _links(page: Path) -> list[str]:
    return _LINK.findall(_CODE.sub("", page.read_text("utf-8")))


def _anchors(page: Path) -> set[str]:
    """The headings as GitHub names them in addresses."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    words = (
        re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", one).lower()) for one in _HEADING.findall(text)
    )
    return {one.strip().replace(" ", "-") for one in words}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(project.ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for link in _links(page):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(project.ROOT), link
        assert target.is_dir() or target.suffix in (".md", ".svg", ".png") or not page.is_relative_to(DOCS), (
            f"{link}: the site has pages and pictures alone; name a file of code in ticks"
        )
        if anchor and target.suffix == ".md":
            assert anchor in _anchors(target), link


def test_there_are_links_to_look_at() -> None:
    assert sum(len(_links(page)) for page in PAGES) > 100


def test_each_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [project.ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = (unquote(link).partition("#")[0] for link in _links(page) if not re.match(r"[a-z][a-z0-9+.-]*:", link))
        waiting += [(page.parent / link).resolve() for link in links if link]
    assert not {page for page in PAGES if page.is_relative_to(project.ROOT / "docs")} - reached
