"""XML: the texts of elements, with the headings of DocBook, JATS and TEI."""

from __future__ import annotations

import pytest

from lawful import assert_lawful
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError

DOCBOOK = """<?xml version="1.0"?><!DOCTYPE book [<!ENTITY road "Elm Road">]>
<book xmlns="http://docbook.org/ns/docbook"><title>The pump</title><chapter><title>Repairs</title>
<para>The <emphasis>pump</emphasis> at &road; runs.</para>
<itemizedlist><listitem><para>One.</para></listitem><listitem><para>Two.</para></listitem></itemizedlist>
</chapter><chapter><title>Costs</title><informaltable><tgroup><tbody><row><entry>Pump</entry><entry>48</entry></row>
</tbody></tgroup></informaltable></chapter></book>"""
TEI = """<TEI><teiHeader><fileDesc>not text</fileDesc></teiHeader><text><body><div><head>Act I</head>
<lg><l>Now is the winter</l><l>of our <hi>discontent</hi></l></lg><p>10<hi>th</hi> of May</p></div>
</body></text></TEI>"""


def read(data: str) -> tuple[str | None, list[tuple[tuple[str, ...], str]]]:
    document, blocks = read_document("a.xml", data.encode())
    assert_lawful(document, blocks)
    return document.title, [(block.heading, document.text[block.start : block.end]) for block in blocks]


def test_docbook_has_chapters() -> None:
    assert read(DOCBOOK) == (
        "The pump",
        [
            (("Repairs",), "The pump at Elm Road runs."),
            (("Repairs",), "One."),
            (("Repairs",), "Two."),
            (("Costs",), "Pump\t48"),
        ],
    )


def test_tei_has_lines_and_no_header() -> None:
    _, found = read(TEI)
    assert [words for _, words in found] == ["Now is the winter", "of our discontent", "10th of May"]


def test_any_other_file_is_its_values() -> None:
    data = "<pumps><pump id='1'><road>Elm Road</road><cost>48,300</cost></pump><note>It <b>runs</b>.</note></pumps>"
    assert [words for _, words in read(data)[1]] == ["Elm Road", "48,300", "It runs."]


def test_html_in_a_feed_is_its_words() -> None:
    data = "<rss><item><title>Pump</title><description>&lt;p&gt;It &lt;b&gt;runs&lt;/b&gt;.&lt;/p&gt;</description>"
    assert read(data + "</item></rss>")[1][-1][1] == "It runs."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("<a><b>", "not XML, or damaged"),
        ("<a b='c'/>", "only attributes"),
        ("<a/>", "no text in it"),
        ("<a>" * 1000 + "</a>" * 1000, "not XML, or damaged|nested too deeply"),
        ('<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "' + "&b;" * 999 + '"><!ENTITY d "' + "&c;" * 999 + '">'
         + '<!ENTITY e "' + "&d;" * 999 + '">]><a>&e;</a>', "not XML, or damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_a_reason(data: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.xml", data.encode())


def test_nothing_outside_is_fetched() -> None:
    data = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>Words &x; here.</a>'
    with pytest.raises(UnreadableError, match="not XML, or damaged: Entity 'x' not defined"):
        read_document("a.xml", data.encode())


def test_letters_by_their_names_in_html_are_read() -> None:
    assert read('<!DOCTYPE article SYSTEM "jats.dtd"><a>Caf&eacute;&nbsp;&amp; th&eacute;</a>')[1] == [
        ((), "Café & thé")
    ]
