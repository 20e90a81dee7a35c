"""Which files that are not searchable could hold text that a question asks for."""

from __future__ import annotations

import pytest

from nrqa.corpus.files.textless import could_hold_text, unsupported_reason
from nrqa.errors import EMPTY_FILE
from nrqa.records import Skipped


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a/Map.PNG", "a picture"),
        ("b.tar.gz", "archive: not opened"),
        ("talk.mp3", "a sound"),
        ("talk.mkv", "a film"),
        ("run.exe", "a program"),
        ("site.url", "a shortcut"),
    ],
)
def test_pictures_archives_sound_and_programs_hold_no_text(name: str, reason: str) -> None:
    assert reason in unsupported_reason(name)
    assert not could_hold_text(Skipped(name, unsupported_reason(name)))


@pytest.mark.parametrize("name", ["a.pages", "a.gdoc", "b.pdf", "poetry.lock", "c", "example.com", ".png/notes"])
def test_other_files_could(name: str) -> None:
    assert could_hold_text(Skipped(name, unsupported_reason(name)))


def test_an_empty_file_of_any_kind_holds_none() -> None:
    assert not could_hold_text(Skipped("a.docx", EMPTY_FILE))
    assert could_hold_text(Skipped("a.png.docx", "damaged"))
