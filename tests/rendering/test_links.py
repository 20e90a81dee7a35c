"""Deep links: exact addresses, whatever stands in names and texts."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.rendering.links import EDITORS, editor_link, file_url, name_link, passage_fragment, text_fragment, web_address

URL = "https://example.org/page"


def directive(address: str) -> dict[str, str]:
    """The parts of the text directive, read as the specification reads them."""
    fragment = address.split("#", 1)[1]
    terms = fragment.split(":~:text=", 1)[1].split(",")
    parts = {}
    if terms[0].endswith("-"):
        parts["prefix"] = unquote(terms.pop(0)[:-1])
    if terms[-1].startswith("-"):
        parts["suffix"] = unquote(terms.pop()[1:])
    assert 1 <= len(terms) <= 2
    return parts | dict(zip(("start", "end"), map(unquote, terms), strict=False))


def test_a_page_is_linked_as_viewers_of_pdf_read_it() -> None:
    assert name_link("reports/a b#1.pdf", 7) == "reports/a%20b%231.pdf#page=7"
    assert name_link("a:b.txt") == "a%3Ab.txt"
    assert file_url(Path("/home/ann/100% räson.pdf"), 7) == "file:///home/ann/100%25%20r%C3%A4son.pdf#page=7"


def test_a_file_url_of_a_posix_path_is_python_s_own() -> None:
    for name in ("/a/b c.txt", "/a/ü?.txt", "/a/#x;y.txt", "/a/q&r=1+2.txt"):
        assert unquote(urlsplit(file_url(Path(name))).path) == name
        assert urlsplit(file_url(Path(name))).fragment == ""


def test_editor_links_open_at_the_line() -> None:
    assert editor_link(Path("/a/b c.txt"), 29) == "vscode://file/a/b%20c.txt:29:1"
    assert editor_link(Path("/a/b.txt"), 29, 4, editor="idea") == "idea://open?file=/a/b.txt&line=29&column=4"
    windows: Path = PureWindowsPath("C:\\a\\b.txt")  # type: ignore[assignment]
    assert editor_link(windows, 2) == "vscode://file/C%3A/a/b.txt:2:1"
    for editor in EDITORS:
        assert "7" in editor_link(Path("/x&y=z.txt"), 7, editor=editor)
        assert "/x%26y%3Dz.txt" in editor_link(Path("/x&y=z.txt"), 7, editor=editor)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"),
        ("  http://example.org/100%25 ", "http://example.org/100%25"),
        ('https://example.org/a b<c>"{}\\^`|', "https://example.org/a%20b%3Cc%3E%22%7B%7D%5C%5E%60%7C"),
        ("https://example.org/\u202eevil\n", "https://example.org/%E2%80%AEevil"),
        ("javascript:alert(1)", None), ("data:text/html,x", None), ("file:///etc/passwd", None), ("Reuters", None),
        ("https://", None), ("http://[bad", None), ("", None),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_addresses(written: str, address: str | None) -> None:
    assert web_address(written) == address


def test_the_parts_of_a_text_directive_stand_in_the_order_of_the_specification() -> None:
    address = text_fragment(URL, "first words", "last", prefix="before", suffix="after")
    assert address == f"{URL}#:~:text=before-,first%20words,last,-after"
    assert text_fragment(f"{URL}#part", "x") == f"{URL}#part:~:text=x"
    assert text_fragment(f"{URL}#part:~:text=old&text=older", "x") == f"{URL}#part:~:text=x"


def test_hyphens_commas_and_ampersands_of_the_text_divide_nothing() -> None:
    address = text_fragment(URL, "-well-known, A&B-", prefix="a-", suffix="-b,")
    assert address == f"{URL}#:~:text=a%2D-,%2Dwell%2Dknown%2C%20A%26B%2D,-%2Db%2C"


@given(*[st.text(st.characters(codec="utf-8"), min_size=1).map(lambda one: " ".join(one.split())).filter(bool)] * 4)
def test_whatever_the_words_are_the_directive_is_read_back(start: str, end: str, prefix: str, suffix: str) -> None:
    address = text_fragment(URL, start, end, prefix=prefix, suffix=suffix)
    assert directive(address) == {"start": start, "end": end, "prefix": prefix, "suffix": suffix}
    assert re.fullmatch(r"[A-Za-z0-9_.~%,\-:/#=]*", address)


def test_a_short_passage_is_named_whole_and_a_long_one_by_its_ends() -> None:
    short = "The otter builds no dam."
    assert directive(passage_fragment(URL, short, 0, len(short))) == {"start": short}
    long = " ".join(f"word{at}" for at in range(100))
    found = directive(passage_fragment(URL, long, 0, len(long)))
    assert found == {
        "start": " ".join(f"word{at}" for at in range(8)),
        "end": " ".join(f"word{at}" for at in range(92, 100)),
    }


def test_a_passage_of_several_lines_is_never_one_exact_match() -> None:
    text = "- The first item stands here.\n- The second item."
    assert directive(passage_fragment(URL, text, 0, len(text))) == {
        "start": "The first item stands here.",
        "end": "The second item.",
    }


def test_cells_of_a_table_are_never_one_exact_match() -> None:
    text = "Year\tMember\n1999\tPoland"
    assert directive(passage_fragment(URL, text, text.index("1999"), len(text))) == {"start": "1999", "end": "Poland"}
    assert directive(passage_fragment(URL, text, 0, len(text))) == {"start": "Year", "end": "Poland"}


def test_words_that_stand_elsewhere_too_are_told_apart_by_what_is_before_them() -> None:
    text = "No dam.\nIt was the beaver.\nNo dam.\nThe end."
    second = text.rindex("No dam.")
    found = directive(passage_fragment(URL, text, second, second + 7))
    assert found == {"prefix": "It was the beaver.", "start": "No dam."}
    assert directive(passage_fragment(URL, text, 0, 7)) == {"start": "No dam.", "suffix": "It was the beaver."}


def test_scripts_without_spaces_are_cut_at_their_stops() -> None:
    text = "北约与俄罗斯的关系，" + "历史上塑造了欧洲的安全格局。" * 40
    found = directive(passage_fragment(URL, text, 0, len(text)))
    assert text.startswith(found["start"])
    assert text.endswith(found["end"])
    assert len(found["start"]) <= 80


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_any_stretch_of_any_text_has_an_address(text: str, start: int, length: int) -> None:
    text = text.encode("utf-8", "replace").decode()
    start = min(start, len(text))
    address = passage_fragment(URL, text, start, min(len(text), start + length))
    assert address == URL or directive(address)["start"]
