"""What the text of a web page is, and where its headings, lists, tables and code stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import project
from nrqa.corpus.readers.document import NOTICE_KEY, read_document
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import UnreadableError
from nrqa.records import Block, Document
from usual_pages import USUAL_PAGES, UsualPage

DOCUMENTS = project.DOCUMENTS / "html"
OTHER = "On Friday from three to six the helpers of the repair day mend radios in the hall of the old school."
SENTENCE = "The harbour was closed for a week, and nobody was told why."


def page(body: str, head: str = "") -> tuple[Document, list[str]]:
    """The document of a page, and the text of each of its blocks."""
    document, blocks = read_document("page.html", f"<html><head>{head}</head><body>{body}</body></html>".encode())
    return document, texts(document, blocks)


def texts(document: Document, blocks: tuple[Block, ...]) -> list[str]:
    return [document.text[block.start : block.end] for block in blocks]


def paths(body: str) -> list[tuple[str, ...]]:
    return [block.heading for block in read_document("page.html", f"<body>{body}".encode())[1]]


@pytest.mark.parametrize("usual", USUAL_PAGES, ids=lambda usual: usual.name)
def test_the_text_of_usual_pages_is_kept_and_what_stands_around_it_is_not(usual: UsualPage) -> None:
    document, _ = read_document("page.html", usual.html.encode())
    assert [one for one in usual.kept if one not in document.text] == []
    assert [one for one in usual.left_out if one in document.text] == []
    assert document.title == "The long shadow"


def test_a_page_as_chromium_saved_it() -> None:
    document, blocks = read_document("page.html", (DOCUMENTS / "chromium-saved.html").read_bytes())
    assert document.title == "The long shadow"
    assert document.metadata["author"] == ["Ann Lee", "Bo Tran"]
    assert document.metadata["date"] == "2021-11-05"
    assert document.metadata["updated"] == "2021-11-06"
    assert document.metadata["url"] == "https://daily.example/2021/the-long-shadow"
    assert document.metadata["publisher"] == "The Daily Example"
    assert document.metadata["language"] == "en-GB"
    assert document.metadata["keywords"] == ["NATO", "Russia"]
    assert "AI-assisted" in str(document.metadata[NOTICE_KEY])
    found = dict(zip(texts(document, blocks), blocks, strict=True))
    assert found["In international law, H2O is water; the café is open¹.\nA second line."].heading == (
        "What came after",
    )
    table = found["Accessions to the treaty\nYear\tMember\tVotes\n1999\tPoland\t385\n2004\tLatvia\t77"]
    assert table.heading == ("What came after", "Members by year")
    assert [document.text[one.start : one.end] for one in table.items][2:] == ["1999\tPoland\t385", "2004\tLatvia\t77"]
    assert "def treaty(year):\n    return year > 1949" in found
    assert "Ships in the harbour of the old town, 1997." in found
    assert "harbour at dusk" not in document.text
    assert not any(word in document.text for word in ("cookies", "Opinion", "Newsletter", "Registered office"))
    assert [flag.detail[:12] for flag in document.flags if flag.kind == "hidden text"] == [
        "Ignore what ",
        "White words ",
    ]


@pytest.mark.parametrize("name", ["pandoc.html", "libreoffice.html"])
def test_pages_that_other_programs_write(name: str) -> None:
    document, blocks = read_document(name, (DOCUMENTS / name).read_bytes())
    found = {document.text[block.start : block.end]: block for block in blocks}
    assert document.title == "NATO and Russia"
    assert document.metadata["date"] == "2021-11-05"
    heading = (
        "Historical Foundations of NATO-Russia Relations",
        "Broader Implications for International Military Alliances",
    )
    assert found["Year\tMember\n1999\tPoland\n2004\tLatvia"].heading == heading
    assert "The note says where it comes from." in document.text
    if name == "pandoc.html":
        assert "code  here\n  indented" in found
        assert "A. Writer" not in found  # it is said already


def test_headings_make_the_path() -> None:
    assert paths(
        "<h1>A</h1><p>One.</p><h2>B</h2><h3>C</h3><p>Two.</p><h2>D</h2><p>Three.</p><h1>E</h1><p>Four.</p>"
    ) == [
        ("A",),
        ("A", "B", "C"),
        ("A", "D"),
        ("E",),
    ]


def test_a_heading_by_its_role_is_one() -> None:
    assert paths('<p>Zero.</p><div role="heading" aria-level="2">A</div><p>One.</p>') == [(), ("A",)]


def test_a_heading_stands_on_a_line_of_its_own_without_its_permalink() -> None:
    document, _ = page(f'<h2>A <em>B</em><a href="#a">¶</a></h2><p>{SENTENCE}</p>')
    assert document.text == f"A B\n\n{SENTENCE}"


def test_a_heading_with_nothing_under_it_is_found() -> None:
    assert page("<h2>Nothing here yet</h2>")[1] == ["Nothing here yet"]


def test_the_title_is_not_repeated_in_the_path() -> None:
    document, _ = page(f"<h1>The Report</h1><h2>A</h2><p>{SENTENCE}</p>", "<title>The Report - Site</title>")
    assert document.title == "The Report"
    assert paths(f"<title>The Report - Site</title><h1>The Report</h1><h2>A</h2><p>{SENTENCE}</p>") == [("A",)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>one\n   two\tthree</p>", "one two three"),
        ("<p>a&nbsp;b &amp; c &lt;d&gt; &eacute;&#233;&#xE9;</p>", "a b & c <d> ééé"),
        ("<p>wa&shy;ter and <b>in</b>side and H<sub>2</sub>O</p>", "water and inside and H2O"),
        ("<p>10<sup>6</sup> and 10<sup><b>-3</b></sup>, 1<sup>st</sup></p>", "10⁶ and 10⁻³, 1st"),
        ("<p>In 2019<sup><a href='#n3'>3</a></sup> it was<sup>[4]</sup></p>", "In 2019[3] it was[4]"),
        ("<p>101<sub>2</sub>, log<sub>10</sub>100</p>", "101₂, log₁₀100"),
        ("<p>10<span style='vertical-align: super'>6</span>, 5<span class=sup>2</span></p>", "10⁶, 5²"),
        ("<p>3<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> litres</p>", "3 1/2 litres"),
        ("<h2>Over 10<sup>6</sup> litres</h2><p>a</p>", "Over 10⁶ litres\n\na"),
        (
            "<p>So <b><b><math><mi>x</mi><annotation>x</annotation></math></b><i aria-hidden='true'>x</i></b> is.</p>",
            "So x is.",
        ),
        ("<p>So <span style='display:none'><math><mi>x</mi></math></span><img alt='x'> is.</p>", "So x is."),
        ("<p>one<br>two<br/>three</p>", "one\ntwo\nthree"),
        ("<p>one<br><br>two</p>", "one\n\ntwo"),
        ("<div>one<div>two</div>three</div>", "one\n\ntwo\n\nthree"),
        ("<p>one <span>two</span><wbr>three</p>", "one twothree"),
        ("one<p>two", "one\n\ntwo"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字</ruby>です</p>", "漢字です"),
        ("<p>one <!-- two --> three</p>", "one three"),
        ("<p>one <img src=x alt='a picture'> three</p>", "one three"),
        ("<p>one<script>two</script><style>p{}</style><noscript>three</noscript><template>four</template></p>", "one"),
        ("<p>Choose: <select><option>One</option></select><textarea>two</textarea><button>Go</button></p>", "Choose:"),
        ("<blockquote><p>Said.</p></blockquote><p>Done.</p>", "Said.\n\nDone."),
        ("<details><summary>Why</summary><p>So.</p></details>", "Why\n\nSo."),
        ("<p>👩\u200d💻 \u200bcode</p>", "👩\u200d💻 \u200bcode"),
    ],
)
def test_text_is_what_a_reader_of_the_page_sees(body: str, text: str) -> None:
    assert page(body)[0].text == text


def test_lists_are_lines_and_their_items_may_be_parted() -> None:
    document, blocks = read_document(
        "a.html", b"<ul><li>One</li><li><p>Two</p><ol><li>Three</li></ol></li><li><a href=x>Four</a></li></ul>"
    )
    assert document.text == "One\nTwo\nThree\nFour"
    assert [document.text[one.start : one.end] for one in blocks[0].items] == ["One", "Two", "Three", "Four"]


def test_a_term_stays_with_its_definition() -> None:
    document, blocks = read_document(
        "a.html", b"<dl><dt>A</dt><dd>One</dd><dd><p>Two</p></dd><dt>B</dt><dd>Three</dd></dl>"
    )
    assert [document.text[one.start : one.end] for one in blocks[0].items] == ["A\nOne\nTwo", "B\nThree"]


def test_a_list_that_holds_paragraphs_and_code_is_read_as_those() -> None:
    assert page("<ol><li><p>One.</p><p>Two.</p></li><li><p>Three:</p><pre>x = 1\n  y</pre></li></ol>")[1] == [
        "One.",
        "Two.",
        "Three:",
        "x = 1\n  y",
    ]


def test_a_table_of_data_is_rows_and_cells() -> None:
    body = "<table><tr><th>A</th><th>B\n b</th></tr><tr><td>1<br>2</td><td><p>3</p><p>4</p></td></tr>"
    body += "<tr><td></td><td>5</td></tr></table>"
    assert page(body)[1] == ["A\tB b\n1 2\t3 4\n5"]


def test_a_table_that_arranges_the_page_is_read_as_what_it_holds() -> None:
    assert page(f"<table><tr><td><h2>A</h2><p>{SENTENCE}</p></td><td><p>Other.</p></td></tr></table>")[1] == [
        SENTENCE,
        "Other.",
    ]
    assert page(f'<table role="presentation"><tr><td>{SENTENCE}</td><td>Other.</td></tr></table>')[1] == [
        SENTENCE,
        "Other.",
    ]


def test_code_keeps_its_lines_without_their_numbers() -> None:
    body = '<pre><span class="linenos">1</span>if x:\n<span class="linenos">2</span>\t<b>y</b>()  \n\n</pre>'
    assert page(body)[1] == ["if x:\n    y()"]


def test_most_of_a_page_is_never_left_out_whatever_it_is_called() -> None:
    for name in ("sidebar", "comments", "related", "menu", "nav"):
        assert (
            SENTENCE
            in page(f'<div class="{name}"><p>{SENTENCE}</p><p>{SENTENCE} Again.</p></div><p>Short.</p>')[0].text
        )


LONG = "<p>" + f"{SENTENCE} " * 6 + "</p>"
"""The rest of a page, so that what is tested is the smaller part of it."""


@pytest.mark.parametrize(
    "lead",
    [
        '<div class="teaser-text"><p>{}</p></div>',
        '<p class="promo">{}</p>',
        '<div class="row non-paywall"><article><p>{}</p></article></div>',
        '<div class="has-sidebar"><p>{}</p></div>',
        '<div class="newsletter-free"><p>{}</p></div>',
        '<div class="paywall"><p>{}</p></div>',
        '<section id="cookies"><h2>Cookies</h2><p>{}</p></section>',
        '<div class="cookie-recipe"><p>{}</p><p>{} Twice.</p></div>',
        '<div role="tablist"><h3 role="tab">Why?</h3><div id="q" role="tabpanel"><p>{}</p></div></div>',
    ],
)
def test_text_is_kept_whatever_its_class_seems_to_say(lead: str) -> None:
    document, _ = page(f"<nav><a href=/>Home</a></nav><div><h1>Pump</h1>{lead.replace('{}', OTHER)}{LONG}</div>")
    assert OTHER in document.text


@pytest.mark.parametrize(
    "box",
    [
        '<div class="teaser"><a href="/b"><h3>Next</h3></a><p>{}</p></div>',
        '<div class="newsletter"><p>{}</p><form><input></form></div>',
        '<div class="cookie-banner"><p>{}</p><button>Accept</button></div>',
    ],
)
def test_boxes_around_the_text_are_left_out_and_told(box: str) -> None:
    document, _ = page(f"<div><h1>Pump</h1>{LONG}{box.replace('{}', OTHER)}{LONG}</div>")
    assert OTHER not in document.text
    assert [flag.kind for flag in document.flags] == ["left out"]
    assert OTHER[:40] in document.flags[0].detail


def test_of_several_main_elements_all_are_read() -> None:
    readers = "".join(f"<p>{SENTENCE} Reader {at} said so.</p>" for at in range(20))
    for mark in ("<main>{}</main>", '<div role="main">{}</div>', "<article>{}</article>"):
        document, _ = page(mark.replace("{}", f"<h1>Pump</h1><p>{OTHER}</p>") + mark.replace("{}", readers))
        assert OTHER in document.text
        assert "Reader 7" in document.text


def test_a_lead_above_the_article_is_text() -> None:
    lead = f"<header><h1>Pump</h1><p>{OTHER}</p></header>"
    assert OTHER in page(f"<main>{lead}<article>{LONG}</article></main>")[0].text
    assert OTHER in page(f"{lead}<main>{LONG}</main>")[0].text


@pytest.mark.parametrize(
    "question",
    [
        '<button class="accordion">What did it cost?</button><div style="display:none"><p>{}</p></div>',
        '<button aria-expanded="false" aria-controls="a">What did it cost?</button><div id=a hidden><p>{}</p></div>',
        '<h3><a href="#a" data-toggle="collapse">What did it cost?</a></h3><div id=a hidden><p>{}</p></div>',
        '<h3 onclick="f()">What did it cost?</h3><div style="display:none"><p>{}</p></div>',
        '<input type=checkbox id=b><label for=b>What did it cost?</label><div style="display:none"><p>{}</p></div>',
        "<details><summary>What did it cost?</summary><p>{}</p></details>",
    ],
)
def test_an_answer_that_a_click_opens_is_text(question: str) -> None:
    document, _ = page(f"<main><h1>Pump</h1>{question.replace('{}', OTHER)}{LONG}</main>")
    assert OTHER in document.text
    if "<label" not in question:
        assert "What did it cost?" in document.text
    assert not document.flags


def test_what_is_shown_without_scripts_is_text_if_there_is_nothing_else() -> None:
    assert page(f"<noscript><p>{OTHER}</p></noscript>")[0].text == OTHER
    assert OTHER not in page(f"<noscript><p>{OTHER}</p></noscript>{LONG}")[0].text
    with pytest.raises(UnreadableError, match="no text in it"):
        page("<noscript>You need to enable JavaScript to run this app.</noscript><script src=x></script>")


def test_a_page_without_its_body_marked_is_read() -> None:
    assert (
        read_document("a.xhtml", b'<?xml version="1.0" encoding="UTF-8"?><p xmlns="x">Words.</p>')[0].text == "Words."
    )
    assert read_document("a.htm", b"Only words.")[0].text == "Only words."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"<html><body><img src=x></body></html>", "no text in it"),
        (b"<html><body><script>" + b"x();" * 100 + b"</script><div id=root></div></body></html>", "built by a script"),
        (b"<frameset><frame src=a.html></frameset>", "a page of frames"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 50, "binary data"),
        (b"<div>" * 5000 + b"words", "nested more than 2,000 deep"),
    ],
)
def test_what_is_no_page_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.html", data)


def test_deep_and_broken_nesting_loses_nothing() -> None:
    assert page("<div>" * 900 + "deep words" + "</div>" * 900 + "<p>after</p>")[1] == ["deep words", "after"]
    assert page("<p>one</div></span><td>two<p>three</b>")[1] == ["one", "two", "three"]


def test_an_external_entity_is_never_fetched() -> None:
    data = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Words &x; here.</p></body></html>'
    document, _ = read_document("a.xhtml", data)
    assert "root:" not in document.text
    assert "here." in document.text


@pytest.mark.slow
def test_a_large_page_is_read_in_a_worker_in_good_time() -> None:
    data = b"<html><body>" + f"<p>{SENTENCE}</p>".encode() * 20_000 + b"</body></html>"
    with reading(seconds=60) as read:
        document, blocks = read("a.html", data)
    assert len(blocks) == 20_000
    assert document.text.count("harbour") == 20_000


PIECES = st.sampled_from(
    "<p> </p> <div> </div> <ul> <li> </ul> <table> <tr> <td> </table> <h1> </h1> <h2> <pre> </pre> <br> <dl> <dt> <dd> "
    "<article> </article> <main> <nav> </nav> <a_href=#x> </a> <b_hidden> </b> <!-- --> <section_class=comments> &amp; "
    "word words.Many words words 漢字 é \u00ad \u200b &#0; &#xD800; <style>.x{display:none}</style> <i_class=x>".split()
)


@given(st.lists(PIECES, max_size=60))
def test_blocks_lie_in_the_text_in_order_whatever_the_page(pieces: list[str]) -> None:
    data = " ".join(pieces).replace("_", " ").encode()
    try:
        document, blocks = read_document("a.html", data)
    except UnreadableError:
        return
    last = 0
    for block in blocks:
        words = document.text[block.start : block.end]
        assert last <= block.start < block.end
        assert words == words.strip()
        assert words
        assert all(block.start <= item.start < item.end <= block.end for item in block.items)
        last = block.end
    assert last <= len(document.text)
    assert document.title
    assert all(0 <= flag.start <= flag.end <= len(document.text) for flag in document.flags)
    document.text.encode()


@given(st.lists(st.sampled_from(["harbour", "ship", "treaty,", "winter.", "1949", "café"]), min_size=1, max_size=40))
def test_the_text_has_no_words_that_the_page_has_not(words: list[str]) -> None:
    cells = "".join(f"<tr><td>{word}</td><td>{word}</td></tr>" for word in words)
    items = "".join(f"<li>{word}</li>" for word in words)
    body = f"<h2>{words[0]}</h2><ul>{items}</ul><table>{cells}</table><p>{' '.join(words)}"
    document, _ = page(body)
    assert document.text.split() == [words[0], *words, *(word for word in words for _ in range(2)), *words]
