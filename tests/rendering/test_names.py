"""Names of authors: divided where that is sure, kept whole where it is not."""

from __future__ import annotations

import time

import pytest

from nrqa.rendering.formats.names import names_in


def taken_apart(written: str) -> list[str]:
    """Each name as ``Given|Family|Suffix``; one that is kept whole has no bar."""
    return ["|".join(filter(None, (one.given, one.family, one.suffix))) for one in names_in(written)]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Lee, Ann", ["Ann|Lee"]),
        ("Ann Lee", ["Ann|Lee"]),
        ("by Ann Lee", ["Ann|Lee"]),
        ("ANN LEE", ["ANN|LEE"]),
        ("J. R. R. Tolkien", ["J. R. R.|Tolkien"]),
        ("Jean-Paul Sartre", ["Jean-Paul|Sartre"]),
        ("O'Brien, Flann", ["Flann|O'Brien"]),
        ("Jörg Müller <jm@example.org>", ["Jörg|Müller"]),
        ("van der Berg, Jan", ["Jan|van der Berg"]),
        ("Ludwig van Beethoven", ["Ludwig|van Beethoven"]),
        ("Ursula K. Le Guin", ["Ursula K.|Le Guin"]),
        ("García Márquez, Gabriel", ["Gabriel|García Márquez"]),
        ("García Márquez, Gabriel José", ["Gabriel José|García Márquez"]),
        ("Gabriel García Márquez", ["Gabriel|García Márquez"]),
        ("José Ortega y Gasset", ["José|Ortega y Gasset"]),
        ("José María Aznar", ["José María|Aznar"]),
        ("King, Martin Luther, Jr.", ["Martin Luther|King|Jr."]),
        ("Martin Luther King Jr.", ["Martin Luther|King|Jr."]),
        ("Ann Lee, PhD", ["Ann|Lee|PhD"]),
    ],
)
def test_one_person_has_a_family_and_a_given_name(written: str, names: list[str]) -> None:
    assert taken_apart(written) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ann Lee, Bob Ray", ["Ann|Lee", "Bob|Ray"]),
        ("Ann Lee and Bob Ray", ["Ann|Lee", "Bob|Ray"]),
        ("Ann Lee & Bob Ray", ["Ann|Lee", "Bob|Ray"]),
        ("Ann Lee, Bob Ray, and Cy Poe", ["Ann|Lee", "Bob|Ray", "Cy|Poe"]),
        ("Lee, Ann; Ray, Bob", ["Ann|Lee", "Bob|Ray"]),
        ("Lee, Ann and Ray, Bob", ["Ann|Lee", "Bob|Ray"]),
        ("Lee, Ann, Ray, Bob", ["Ann|Lee", "Bob|Ray"]),
        ("Doe, J. A., & Roe, R.", ["J. A.|Doe", "R.|Roe"]),
        ("Lee A, Ray BC", ["A|Lee", "BC|Ray"]),
        ("Ann Lee und Jan van der Berg", ["Ann|Lee", "Jan|van der Berg"]),
        ("Robert Downey Jr., Ann Lee", ["Robert|Downey|Jr.", "Ann|Lee"]),
        ("Bo Chen; Food and Agriculture Organization", ["Bo|Chen", "Food and Agriculture Organization"]),
    ],
)
def test_several_persons_are_several(written: str, names: list[str]) -> None:
    assert taken_apart(written) == names


@pytest.mark.parametrize(
    "written",
    [
        "Organization for Economic Cooperation and Development", "Ministry of Fish and Water", "The Economist", "NASA",
        "World Bank", "Johnson & Johnson", "Simon and Schuster", "Department of Health, Education and Welfare",
        "Smith, Jones & Partners", "Google Inc.", "Ann Lee and the Water Board", "Homer", "bell hooks", "毛泽东",
        "Иван Петров", "Ann Lee et al.", "jm@example.org", "Associated Press", "Human Rights Watch",
        "Bündnis 90/Die Grünen",
    ],
)  # fmt: skip
def test_what_may_be_no_person_is_kept_whole(written: str) -> None:
    assert taken_apart(written) == [written]


@pytest.mark.slow
@pytest.mark.parametrize(
    "written", ["Ann Lee, " * 20_000, "A" * 200_000, "a and " * 40_000, "(,;" * 50_000, "J. " * 60_000]
)
def test_long_values_take_little_time(written: str) -> None:
    begun = time.process_time()
    names_in(written)
    assert time.process_time() - begun < 5
