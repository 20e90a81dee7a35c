from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts import cited, left_out, placed, read
from nrqa.checking.reading.latex import read_latex


def _texts(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in read_latex(text)]


@pytest.mark.parametrize(
    "quoted",
    [
        r"\enquote{one two three}",
        r"\enquote*{one two three}",
        "``one two three''",
        "`one two three'",
        "“one two three”",
        r"\say{one \emph{two} three}",
        r"\glqq one two three\grqq{}",
        r"\foreignquote{german}{one two three}",
        r"\textquote{one two % a remark" + "\n  three}",
    ],
)
def test_every_way_to_quote_is_seen(quoted: str) -> None:
    draft = read(rf"\documentclass{{article}}\begin{{document}}He says {quoted} (a.txt).\end{{document}}", "tex")
    assert cited(draft) == [("one two three", [("a.txt",)])]
    assert placed(draft) == [quoted.removesuffix("{}")]


def test_footnotes_and_keys_are_the_citations_of_what_is_before_them() -> None:
    draft = read(r"\enquote{One two three}\footnote{See a.txt, p.~3.} and ``four five six''~\cite[12]{smith}.", "tex")
    assert cited(draft) == [("One two three", [("a.txt",)]), ("four five six", [()])]
    (prose, note) = read_latex(r"So\footnote{A \emph{note}.} it ``is''\parencite[see][12--14]{one,two}.")
    assert (prose.text, note.kind, note.text) == ("So it “is”.", "note", "A note.")
    assert [one.texts for one in prose.references] == [("A note.",), ("@one; @two, p. 12--14",)]


def test_block_quotes_are_told_apart_with_their_source() -> None:
    draft = read(
        "So (a.txt):\n\\begin{quote}\nOne two three.\n\nFour five six.\n\\end{quote}\n"
        "\\begin{displayquote}[b.txt]Seven eight nine.\\end{displayquote}\\blockquote[a.txt]{Ten eleven twelve.}",
        "tex",
    )
    assert [(one.text, one.marks) for one in draft.quotations] == [
        ("One two three.", ">"),
        ("Four five six.", ">"),
        ("Seven eight nine.", ">"),
        ("Ten eleven twelve.", ">"),
    ]
    assert [documents for _, documents in cited(draft)] == [[("a.txt",)], [("a.txt",)], [("b.txt",)], [("a.txt",)]]


def test_signs_accents_and_commands_become_the_text_that_is_printed() -> None:
    text = r"\section{Head}\label{x} Caf\'e \"Uber na{\"\i}ve gar\c{c}on 5\,\% --- a~b\dots{} \textbf{so \emph{it}} is "
    text += r"\TeX{} \& more"
    assert _texts(text) == [
        ("heading", "Head"),
        ("text", "Café Über naïve garçon 5 % — a b… so it is TeX & more"),
    ]


def test_code_formulas_and_comments_are_no_quotations() -> None:
    draft = read(
        "So. % “one two three”\n\\begin{verbatim}“one two three”\\end{verbatim}\\verb|say(“four five six”)| here.",
        "tex",
    )
    assert draft.quotations == ()
    assert left_out(draft) == [("four five six", "in code")]


@pytest.mark.parametrize("piece", ["{", r"\emph{", r"\begin{quote}", "``", r"\cite[", '"', "%", r"\footnote{"])
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    began = time.process_time()
    read_latex(piece * 20_000)
    assert time.process_time() - began < 20  # what looks at the rest of the text again and again takes minutes


_PIECES = (
    r"\emph{ { } \footnote{ \enquote{ `` '' [ ] \cite{ a_b __ \begin{quote} \end{quote} % _ ~ \'e \ \verb|".split()
)


@given(st.lists(st.sampled_from([one.replace("_", "\n") for one in _PIECES]), max_size=14))
def test_every_character_was_read_from_its_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    for one in read_latex(text):
        assert len(one.text) == len(one.starts) == len(one.ends)
        for char, start, end in zip(one.text, one.starts, one.ends, strict=True):
            if char.isalnum() and end == start + 1:
                assert text[start] == char
