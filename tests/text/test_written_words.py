from __future__ import annotations

import pytest

from nrqa.text.written_words import word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("the firm’s well-known plan", 4),
        ("有朋自远方来，不亦乐乎？", 5),
        ("国際社会", 2),
        ("NATO と 国際社会 2014", 4),
        ("हिन्दी में लिखा", 3),
        ("ประเทศไทย", 2),
        ("한국어 문장 하나", 3),
        ("…", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert word_count(text) == count
