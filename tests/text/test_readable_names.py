"""Names of files and folders as words."""

from __future__ import annotations

import pytest

from nrqa.text.readable_names import readable_name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2019_Acme report", "2019 Acme report"),
        ("DBT%20Mutual%20NDA", "DBT Mutual NDA"),
        ("DBT%2520Mutual", "DBT Mutual"),
        ("nato-russia", "nato-russia"),
        ("a/b_c+d", "a/b c d"),
        ("100% of it", "100% of it"),
        ("%C3%89tude", "Étude"),
        ("%FF", "\N{REPLACEMENT CHARACTER}"),
        ("%25" * 1000, "%" * 1000),
    ],
)
def test_signs_that_stand_for_spaces_and_encoded_characters_become_what_they_mean(name: str, words: str) -> None:
    assert readable_name(name) == words
