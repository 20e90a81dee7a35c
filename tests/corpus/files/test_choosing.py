"""One language of globs for what is indexed and what is asked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.files.choosing import chooser
from nrqa.corpus.files.listing import list_corpus
from nrqa.corpus.files.patterns import Patterns
from nrqa.corpus.files.roots import corpus_at
from nrqa.corpus.files.selecting import Selection
from nrqa.errors import QuestionError

NAMES = ["a.md", "b.txt", "reports/a.md", "reports/2025/c.txt", "reports [x].txt", "#one.txt", "old/reports/d.md"]


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (["*.md"], {"a.md", "reports/a.md", "old/reports/d.md"}),
        (["reports"], {"reports/a.md", "reports/2025/c.txt", "old/reports/d.md"}),
        (["reports/"], {"reports/a.md", "reports/2025/c.txt", "old/reports/d.md"}),
        (["/reports/"], {"reports/a.md", "reports/2025/c.txt"}),
        (["reports/*"], {"reports/a.md", "reports/2025/c.txt"}),
        (["reports/*.md"], {"reports/a.md"}),
        (["./reports/*.md"], {"reports/a.md"}),
        (["library/reports/*.md"], {"reports/a.md"}),
        (["./library/reports/*.md"], {"reports/a.md"}),
        (["library"], set(NAMES)),
        (["library/"], set(NAMES)),
        (["*.md", "!old/"], {"a.md", "reports/a.md"}),
        (["!*.md"], {"b.txt", "reports/2025/c.txt", "reports [x].txt", "#one.txt"}),
        (["*.md", "!library/old/"], {"a.md", "reports/a.md"}),
        (["reports [x].txt"], {"reports [x].txt"}),
        (["#one.txt"], {"#one.txt"}),
        (["B.TXT"], set()),
    ],
)
def test_globs_choose_what_gitignore_would_match(globs: list[str], expected: set[str]) -> None:
    chosen = chooser(globs, "library")
    assert {name for name in NAMES if chosen(name)} == expected


@pytest.mark.parametrize("glob", ["!", "[", "/", "", "ends with\\"])
def test_what_is_no_glob_is_an_error(glob: str) -> None:
    with pytest.raises(QuestionError, match="is no glob"):
        chooser(["*.md", glob] if glob else [glob])


@given(st.text(alphabet="ab*?./[]\n$|", min_size=1, max_size=8), st.text(alphabet="ab./$\n|", min_size=1, max_size=8))
def test_names_are_chosen_as_files_are(glob: str, name: str) -> None:
    patterns = Patterns.of([glob])
    if glob.startswith((".", "/")) or patterns.bad or not patterns.lines or not name.strip("./"):
        return
    found = patterns.decide(name)
    if not name.startswith(("/", "./")):  # no document has such a name
        assert chooser([glob])(name) == (name == glob or bool(found and found[0]))


def test_time_does_not_grow_with_the_stars() -> None:
    began = time.process_time()
    for glob in ("*a*a*a*a*a*a*a*b", "*a*b", "**/a/**/a/**/b"):
        chosen = chooser([glob])
        assert not any(chosen(name) for name in ("a" * 250 + ".md", "/".join("a" * 100) + "/x"))
    assert time.process_time() - began < 2


@pytest.mark.parametrize("glob", ["library/reports/", "reports/", "./library/reports"])
def test_what_is_indexed_may_be_named_with_the_folder_of_the_corpus(tmp_path: Path, glob: str) -> None:
    library = tmp_path / "library"
    (library / "reports").mkdir(parents=True)
    (library / "reports" / "a.md").write_text("x")
    (library / "b.md").write_text("x")
    for selection, expected in ((Selection(include=(glob,)), ["reports/a.md"]), (Selection(exclude=(glob,)), ["b.md"])):
        found = list_corpus(corpus_at([library], selection))
        assert [one.name for one in found.sources] == expected
