from __future__ import annotations

import pytest

from nrqa.corpus.readers.pdf import read
from pdf_writer import line, pdf


def _drawn(*pieces: tuple[str, float]) -> str:
    """The text of a page whose pieces stand on one line, each so many points above it, in small type where raised."""
    content = "".join(f"{rise} Ts /F {7 if rise else 10} Tf ({text}) Tj " for text, rise in pieces)
    page = f"BT 1 0 0 1 72 700 Tm {content} ET\n".encode() + line("Another line stands below.", 72, 680)
    return read("", pdf(page)).text.split("\n")[0]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ((("agreed", 0), ("3", 4), (" that the", 0)), "agreed³ that the"),
        ((("agreed.", 0), ("12,13", 4), (" And so", 0)), "agreed.¹²,¹³ And so"),
        ((("over 10", 0), ("6", 4), (" people", 0)), "over 10⁶ people"),
        ((("5 km", 0), ("2", 4), (" of land", 0)), "5 km² of land"),
        ((("and ", 0), ("16", 4), ("For so it was", 0)), "and ¹⁶For so it was"),
        ((("CO2 in 1987, 1,000 and 3.5 of it", 0),), "CO2 in 1987, 1,000 and 3.5 of it"),
        ((("drops of H", 0), ("2", -2), ("O in it", 0)), "drops of H2O in it"),
        ((("the 4", 0), ("th", 4), (" of May", 0)), "the 4th of May"),
    ],
)
def test_figures_above_the_line(pieces: tuple[tuple[str, float], ...], text: str) -> None:
    assert _drawn(*pieces).startswith(text)
