from __future__ import annotations

import io

from rich.console import Console

from nrqa.citations.relocating.judging import Judgment
from nrqa.citations.verifying import Verification, Verified
from nrqa.records import Citation, Passage, Skipped
from nrqa.rendering.verification import render_verification, render_word_changes
from nrqa.text.word_changes import differing


def _passage(document: str = "b.txt", line: int = 7) -> Passage:
    return Passage("Some words.", Citation(document, "", ("One", "Two"), 0, 11, line, line, None, "0" * 64))


def _shown(*citations: Verified) -> str:
    console = Console(file=io.StringIO(), width=300, highlight=False)
    found = Verification("corpus", 2, (Skipped("scan.pdf", "no text layer"),), (("memo\x1b.md", citations),))
    console.print(render_verification(found))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_a_citation_is_a_line_with_where_it_stands_now() -> None:
    shown = _shown(
        Verified(3, "a.txt:31 §A heading #a1b2c3d4e5+411", Judgment("intact", _passage("a.txt", 31))),
        Verified(9, "a.txt:5", Judgment("moved", _passage(), notes=("typography changed",)), updated=True),
        Verified(12, "a.txt:6", Judgment("ambiguous", None, (_passage(), _passage("c.txt", 1)), notes=("two places",))),
    )
    assert shown.splitlines()[:5] == [
        "memo␛.md",
        "      3  intact    a.txt:31",
        "      9  moved     a.txt:5  now b.txt:7  § One › Two  updated  typography changed",
        "     12  ambiguous a.txt:6  two places",
        "                   as cited in: b.txt:7, c.txt:1",
    ]
    assert "3 citations: 1 intact, 1 moved, 1 ambiguous  in 2 documents of corpus" in shown
    assert "scan.pdf" in shown


def test_changed_words_stand_between_marks_that_need_no_colour() -> None:
    changes = differing("It was not founded in 1949.", "It was founded in May 1949.")
    assert render_word_changes(changes).plain.split() == "It was [-not-] founded in {+May+} 1949.".split()


def test_what_stayed_is_shortened_and_can_steer_nothing() -> None:
    long = "word " * 200
    shown = render_word_changes(differing(f"{long}red {long}", f"{long}grey\x1b[31m {long}")).plain
    assert len(shown) < 300
    assert "\x1b" not in shown
    assert "[-red-]" in shown
    assert shown.count("…") == 2
