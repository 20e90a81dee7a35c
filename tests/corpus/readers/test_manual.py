"""Manual pages: headings and paragraphs between the requests of roff."""

from __future__ import annotations

from nrqa.corpus.readers.document import read_document

PAGE = r""".\\" a comment
.TH PUMPCTL 8 "2021-05-03" "Elm Road" "System"
.SH NAME
pumpctl \- control the pump
.SH SYNOPSIS
.B pumpctl
[\fB\-v\fR] COMMAND
.SH "EXIT STATUS"
The status is 0 if the pump runs.
.PP
It is 3 if
.I nobody
knows.
.SS Signals
.nf
kill -HUP 1
  reload
.fi
"""


def test_a_page_has_headings_and_paragraphs() -> None:
    document, blocks = read_document("pumpctl.8", PAGE.encode())
    assert document.text == PAGE
    assert document.title == "PUMPCTL(8)"
    assert [(block.heading, document.text[block.start : block.end]) for block in blocks] == [
        (("NAME",), "pumpctl \\- control the pump"),
        (("SYNOPSIS",), ".B pumpctl\n[\\fB\\-v\\fR] COMMAND"),
        (("EXIT STATUS",), "The status is 0 if the pump runs."),
        (("EXIT STATUS",), "It is 3 if\n.I nobody\nknows."),
        (("EXIT STATUS", "Signals"), "kill -HUP 1\n  reload"),
    ]


def test_an_old_log_with_such_a_name_is_plain_text() -> None:
    document, _ = read_document("app.log.1", b"2021-05-03 pump started\n2021-05-04 pump stopped\n")
    assert document.text.startswith("2021-05-03 pump started")
