"""Which files are read, by which reader."""

from __future__ import annotations

import sys
from posixpath import splitext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nrqa.corpus.readers.kinds import BARE, KINDS, MANUAL, Kind, has_lines, kind_of, reader_of
from nrqa.errors import UnreadableError


def test_a_kind_is_told_by_the_suffix_in_any_case() -> None:
    kind = kind_of("a/b.c/Report.PDF")
    assert kind is not None
    assert kind.name == "PDF"
    assert kind_of("a.pages") is None
    assert kind_of("a.pdf/b") is BARE


@example(["a", ".", "é"])
@given(st.lists(st.sampled_from(["a", ".", "..", "/", "x.txt", ".txt", ".PDF", "b.Md", "txt", "é", "...html"])))
def test_a_suffix_is_what_the_standard_library_calls_one(parts: list[str]) -> None:
    name = "".join(parts)
    suffix = splitext(name)[1].lower()
    known = next((kind for kind in KINDS if suffix in kind.suffixes), None)
    found = kind_of(name)
    # What no extension looks like ends a name without one: Café no.é
    extension = suffix.strip(".").isascii() and suffix.strip(".")
    assert found == known if known or extension else found in (BARE, None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LICENSE", BARE),
        ("Letter of 12.03.2021", BARE),
        ("Minutes. Final draft", BARE),
        ("a.b/README", BARE),
        ("ls.1", MANUAL),
        ("printf.3p", MANUAL),
        ("app.log.1", MANUAL),
        ("a.7z", None),
        ("a.c", None),
        ("report.pages", None),
        ("...", None),
        ("", None),
    ],
)
def test_what_follows_a_date_or_a_full_stop_is_no_extension(name: str, kind: Kind | None) -> None:
    assert kind_of(name) is kind


def test_no_suffix_means_two_kinds_and_every_kind_has_its_reader() -> None:
    suffixes = [suffix for kind in KINDS for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(callable(reader_of(kind, {})) for kind in (*KINDS, BARE, MANUAL))


def test_lines_are_those_of_the_file_where_its_text_is() -> None:
    assert has_lines("a.rst")
    assert not has_lines("a.html")
    assert not has_lines("a.unknown")


def test_a_reader_whose_library_is_not_there_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kind_of("a.pdf")
    assert kind is not None
    for name in [name for name in sys.modules if name.startswith("nrqa.corpus.readers.pdf")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setitem(sys.modules, "pypdfium2.raw", None)
    with pytest.raises(UnreadableError, match=r"what reads PDF is not installed \(pypdfium2.*pip install .*nrqa"):
        reader_of(kind, {})
