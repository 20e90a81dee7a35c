"""LaTeX: the lines of the file under its sections."""

from __future__ import annotations

from time import process_time

import pytest

from nrqa.corpus.readers.document import read_document

PAPER = r"""\documentclass{article}
\usepackage[utf8]{inputenc} % not text
\newcommand{\pump}{the pump at Elm Road}
\title{On the \emph{pump}\thanks{Paid by the town.}}
\author{Ann Lee \and Bo Chen}
\date{3 May 2021}
\begin{document}
\maketitle
% nobody reads this
\begin{abstract}
The pump runs again.
\end{abstract}

\section[Short]{The long and
  winding heading}\label{sec:a}
The pump holds $10^6$ litres % a guess
and costs 48,300\,francs.

\noindent It saves 30\% of the water.
\begin{itemize}
  \item It runs.
  \item It is
    quiet.
\end{itemize}
\subsection*{Costs}
\begin{tabular}{lr}
\hline
Pump & 48 \\
Pipe & 12 \\
\end{tabular}
\begin{tikzpicture}
\draw (0,0) -- (1,1) node {not text};
\end{tikzpicture}
\begin{equation}
  E = mc^2
\end{equation}
\end{document}
This is not read.
"""


def test_a_paper_has_sections_and_the_text_is_the_file_s() -> None:
    document, blocks = read_document("a.tex", PAPER.encode())
    assert document.text == PAPER
    assert (document.title, document.metadata["author"]) == ("On the pump", ["Ann Lee", "Bo Chen"])
    assert document.metadata["date"] == "2021-05-03"
    section, costs = "The long and winding heading", "Costs"
    assert [(block.heading, document.text[block.start : block.end]) for block in blocks] == [
        ((), "The pump runs again."),
        ((section,), "The pump holds $10^6$ litres % a guess\nand costs 48,300\\,francs."),
        ((section,), "\\noindent It saves 30\\% of the water."),
        ((section,), "\\item It runs.\n  \\item It is\n    quiet."),
        ((section, costs), "Pump & 48 \\\\\nPipe & 12 \\\\"),
        ((section, costs), "E = mc^2"),
    ]


def test_a_chapter_without_a_preamble_is_text() -> None:
    document, blocks = read_document("a.tex", b"\\chapter{One}\nWords. % and more\n\n\\section{Two}\nOthers.")
    assert [document.text[block.start : block.end] for block in blocks] == ["Words.", "Others."]
    assert [block.heading for block in blocks] == [(), ("Two",)]
    assert document.title == "One"


@pytest.mark.parametrize(
    "unit", ["\\small a", "\\label{", "\\section{", "[", "\\begin{verbatim}\n", "%", "\\item\n", "\\title{a", "\\\\"]
)
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    begun = process_time()
    read_document("a.tex", ("Words.\n" + unit * (60_000 // len(unit))).encode())
    assert process_time() - begun < 10
