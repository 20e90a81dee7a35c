from __future__ import annotations

import time

import pytest

from nrqa.text.marks.blanking import blanked
from nrqa.text.marks.finding import marks_in


def _marked(text: str, *, markup: bool = False) -> str:
    """The text with «marks» in guillemets."""
    shown, at = "", 0
    for one in marks_in(text, markup=markup):
        mark = text[one.start : one.end]
        shown += text[at : one.start] + mark.replace(mark.strip(), f"«{mark.strip()}»")
        at = one.end
    return shown + text[at:]


@pytest.mark.parametrize(
    "text",
    [
        "The ministers agreed«³» that the harbour was closed.«⁴»",
        "In 1987,«¹» in 2014«²» and (see above)«³» half«⁴,⁵» of it",
        "“We did not sign,”«¹²» she said«ᵃ» twice",
        "«¹⁶»For God so loved «¹⁷» the world. «¹⁸»He who",
        "Tests«[note 3]» resumed,«[a]» they said,«[12]: 45» and nobody«[citation needed]» objected.«[1]»«[2]»",
        "as shown in «[12]» and by others «[3, 4–6]».",
        "held«[^1]» and held«[^note-a]»",
        "held«[fn 2]» that people«[who?]» came«[†]» and «[Anm. 3]» went",
        "the court «*123» held and «[*124]» found «[**5]» nothing",
        "the word«*» and the other«†» and this.«‡»",
        "«[12]» The appellant says",
        "«¶ 12» The appellant says «[¶ 13]» more",
        "to the house «[page 12]» and the «{13}» garden «[S. 14]» behind",
        "held^[By a majority of the house.] that".replace("^[", "«^[").replace("] that", "]» that"),
        "held« [1]_» that« [#]_» it",
        "held«footnote:[By a majority.]» that it",
        r"held«\footnote{By a majority.}» that it«~\cite{smith2020}» was",
    ],
)
def test_what_a_quotation_may_leave_out(text: str) -> None:
    assert _marked(text.replace("«", "").replace("»", "")).replace("« ", " «") == text.replace("« ", " «")


@pytest.mark.parametrize(
    "text",
    [
        "10⁶ people on 5 km² or 30 m² or 12 acres² at 4 m/s², H₂O, CO2, H2O, x², f(x)², sin² θ and 2¹⁰",
        "¹⁴C and ⁴He were found, and 10 ⁶ of ²³⁵U",
        "in 1987 and in 2014, chapter 3, Article 5, No.5, Fig.1 and p.12",
        "perceive[d] the threat, defen[s]e, it wait[s], [T]he end [sic] of [Article 5] and by [10] per cent",
        "to wid[en] the mus[ic] at N[2] and Z[i]",
        "python3 is better than python2; utf8, mp3 and mp4, sha256, base64, covid19, IPv4, web3",
        "see ¶ 12 here, x = [1, 2], {3,4}, a[0] and C*-algebras, 3 *5",
        "Children under 2 years. 3 to 6 years: 4 to 6 hours: 5 doses in 24 hours. Round 1 was, round 2 is, round 3 was",
        "1 apples\n2 pears\n\n2009 apples\n2010 pears\n2011 plums\n2012 figs",
        "2009 Twelve\n2010 Thirteen\n2011 Fourteen\n2012 Fifteen",
        "[mɐˈskofskʲɪj krʲemlʲ] and sh’s tʰ",
    ],
)
def test_what_is_part_of_the_words(text: str) -> None:
    assert _marked(text) == text


def test_lines_of_a_transcript_are_counted() -> None:
    page = "".join(f"{line:>5}  {words}\n" for line, words in enumerate(("Q. And did you", "see the man?") * 12, 1))
    assert _marked(page).count("«") == 24
    assert _marked(page + page).count("«") == 48
    assert "«13»\n" in _marked(f"{page}\n13\n\n{page}")
    words = "he went there when all of them were asleep".split()
    joined = " ".join(f"{line} and then {words[line % 9]}" for line in range(3, 14))
    assert _marked("He said " + joined).count("«") == 11


def test_verses_are_counted() -> None:
    verses = ("In the beginning God made", "And the earth was void", "And God said", "And the evening was")
    text = "".join(f" {number} {words}, and so the {words[-4:]}." for number, words in enumerate(verses, 1))
    assert _marked("Genesis." + text).count("«") == 4
    assert _marked("".join(f"1:{number} {words}\n" for number, words in enumerate(verses, 1))).count("«") == 4


def test_plain_figures_are_marks_where_they_count_notes() -> None:
    text = "The committee held1 that dredging must stop,2 and that “no permit shall issue”3 before the survey."
    assert _marked(text) == (
        "The committee held«1» that dredging must stop,«2» and that “no permit shall issue”«3» before the survey."
    )
    assert _marked("The plan1 was agreed.\n\n1 By a majority.") == "The plan«1» was agreed.\n\n1 By a majority."
    assert _marked("The plan1 was agreed.") == "The plan1 was agreed."


def test_marks_of_markdown() -> None:
    text = "held«<sup>1</sup>» and «», 10<sup>6</sup>, held«[2](#fn2)», held«^3^», 2^10^, held«\\[4\\]», **bold** *it*"
    text = text.replace(" and «»", "")
    assert _marked(text.replace("«", "").replace("»", ""), markup=True) == text


def test_endings_of_an_editor_are_told_from_letters_of_notes() -> None:
    assert _marked("They perceive[d] it") == "They perceive[d] it"
    assert _marked("one[a] two[b] three[c] four[d] five") == "one«[a]» two«[b]» three«[c]» four«[d]» five"


def test_marks_blanked_keep_every_place() -> None:
    text = "The court *123 held³ it.[4]"
    plain = blanked(text, marks_in(text))
    assert plain == "The court      held  it.   "
    assert len(plain) == len(text)


@pytest.mark.parametrize(
    "unit",
    ["[", "[a", "[1, ", "^[", "footnote:[", "\\footnote{", "\\cite{", "{", "*1", "word*", "¶ ", "¹,", "a¹", "\n1 a",
     "[^", " 1 a", "word1 ", "<sup>", "<sup><a ", "\n ", "\f1\n", "[a ", ".1 ", "[i]"],
)  # fmt: skip
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    def taken(length: int) -> float:
        text = "word " + unit * (length // len(unit))
        begun = time.process_time()
        marks_in(text, markup=True)
        return time.process_time() - begun

    short = min(taken(20_000) for _ in range(3))
    # The best of several: a pause of the interpreter or the machine is no growth.
    assert any(taken(80_000) < 10 * short + 0.1 for _ in range(5))
