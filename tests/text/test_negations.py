from __future__ import annotations

import pytest

from nrqa.text.negations import negations_in


@pytest.mark.parametrize(
    ("text", "language", "negations"),
    [
        ("He didn't go, and never will; no. 5 is a non-starter.", "en", ["didn't", "never", "non"]),
        ("Er ging im Mai nicht, aus Not, und keiner fragte noch.", "de", ["nicht", "keiner"]),
        ("Ce n’est pas sans raison.", "fr", ["n", "pas", "sans"]),
        ("Non ne parla mai.", "it", ["Non", "mai"]),
        ("No sin and no knot.", "en", ["No", "no"]),
        ("No lo hizo sin ayuda.", "es", ["No", "sin"]),
        ("Ele não foi no carro.", "pt", ["não"]),
        ("Он не сказал ничего.", "ru", ["не", "ничего"]),
        ("Es gab keine.", "xx", ["keine"]),
    ],
)
def test_negations_are_found_by_language(text: str, language: str, negations: list[str]) -> None:
    assert negations_in(text, language) == negations
