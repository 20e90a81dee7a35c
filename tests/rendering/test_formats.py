"""Answers in other programs' formats, read back by those programs' own kind."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, NormalizeFieldKeys
from citeproc import Citation as Cite
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc import Locator as CslLocator
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from csl import SCHEMA
from nrqa.citations.verifying import verify
from nrqa.corpus.files.roots import corpus_at
from nrqa.records import Answer, Citation, Hit, Locator, Metadata, Passage, Searched, Skipped, Span
from nrqa.rendering.formats import Format, written
from nrqa.rendering.formats.dates import date_of
from nrqa.rendering.formats.item import Sources, items_of
from nrqa.rendering.plain_text import harmless, one_line
from nrqa.text.control_characters import json_text

HOSTILE = (
    "x\nER  - \nTY  - JOUR\n@misc{x, title={y}}\n% \\input{z} {\n} $a_b^c~d#e&f <b>*i*</b> `k` \x1b[31m \u202e\r\n=1+1"
)
# The parser's decoder does not know these.
PRINTED = {
    "textbraceleft": "{", "textbraceright": "}", "textless": "<", "textgreater": ">", "textbar": "|",
    "textasciigrave": "`", "textasciicircum": "^", "S": "§",
}  # fmt: skip
TEX = get_default_latex_context_db()
TEX.add_context_category("printed", macros=[MacroTextSpec(*one) for one in PRINTED.items()], prepend=True)
EXPORTED = [Format.CSL_JSON, Format.BIBTEX, Format.RIS]
# What can stand in a file: no half characters.
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda one: one_line(one) != "")


def answer(*texts: str, verdict: str = "answered", question: str = "which animal?", **facts: Any) -> Answer:
    """An answer with a hit for each text; ``facts`` are of their citation."""
    hits = []
    for rank, text in enumerate(texts, 1):
        known: dict[str, Any] = {
            "document": f"notes/otters {rank}.txt", "title": "Otters", "heading": ("One", "Two"), "start": 10,
            "end": 10 + len(text), "line_start": 7, "line_end": 9, "page": None, "sha256": "a" * 64, "metadata": {},
        }  # fmt: skip
        hits.append(Hit(rank, 0.5 / rank, {"dense": 0.5}, Passage(text, Citation(**(known | facts)))))
    searched = Searched(3, 30, (Skipped("scan.pdf", "no text layer"),), ())
    return Answer(question, verdict, 0.875, 4, tuple(hits), searched)  # type: ignore[arg-type]


def exported(one: Answer, form: Format) -> str:
    return written(one, form, Sources(corpus_at([Path("/corpus")])))


def bibtex(text: str) -> list[dict[str, str]]:
    """The entries as TeX would print them."""
    decoding = LatexDecodingMiddleware(decoder=LatexNodes2Text(latex_context=TEX, keep_comments=True))
    library = parse_string(text, append_middleware=[decoding, NormalizeFieldKeys()])
    assert not library.failed_blocks
    return [
        {"ID": one.key, "TYPE": one.entry_type, **{f.key: str(f.value) for f in one.fields}} for one in library.entries
    ]


def ris(text: str) -> list[dict[str, Any]]:
    return rispy.loads(text)  # type: ignore[no-any-return]


def csl(text: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(text)
    jsonschema.validate(items, SCHEMA)
    return items


def rendered(items: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Each item cited with its locator, and the bibliography, by a CSL processor in Harvard style."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the processor tells of each variable its style does not use
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        source = CiteProcJSON([{key: value for key, value in one.items() if key != "custom"} for one in items])
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        cites = [one["custom"]["cite"] for one in items]
        citations = [Cite([CitationItem(one["id"], locator=CslLocator(one["label"], one["locator"]))]) for one in cites]
        for one in citations:
            bibliography.register(one)
        cited = [str(bibliography.cite(one, lambda _: None)) for one in citations]
        return cited, [str(one) for one in bibliography.bibliography()]


METADATA: Metadata = {
    "author": ["Lee, Ann", "Ministry of Fish and Water"], "date": "20 October 2021", "url": "https://example.org/o?a=1;b",
    "publisher": "Otter & Sons", "keywords": "otters, dams", "language": "en", "source_notice": "Made with AI.",
}  # fmt: skip


def test_csl_json_is_of_the_schema_and_a_processor_cites_it_with_its_locator() -> None:
    (item,) = csl(exported(answer("The otter builds no dam.", metadata=METADATA), Format.CSL_JSON))
    assert item["type"] == "webpage"
    assert item["author"] == [{"family": "Lee", "given": "Ann"}, {"literal": "Ministry of Fish and Water"}]
    assert item["issued"] == {"date-parts": [[2021, 10, 20]]}
    assert item["annote"] == "The otter builds no dam."
    assert "abstract" not in item
    assert item["note"] == "Made with AI."
    assert item["section"] == "One › Two"
    assert item["custom"]["cite"] == {"id": item["id"], "label": "line", "locator": "7-9"}
    cited, bibliography = rendered([item])
    assert cited == ["(Lee and Ministry of Fish and Water, 2021, ll. 7–9)"]
    assert bibliography[0].startswith("Lee, A. and Ministry of Fish and Water (2021) Otters")
    assert "https://example.org/o?a=1;b" in bibliography[0]


def test_a_page_is_the_locator_where_there_are_pages() -> None:
    pages = (Locator("page", "7", "8"),)
    (item,) = csl(exported(answer("x", page=7, locators=pages, document="a b.pdf"), Format.CSL_JSON))
    assert item["custom"]["cite"]["label"] == "page"
    assert item["custom"]["links"] == {
        "name": "a%20b.pdf#page=7", "file": "file:///corpus/a%20b.pdf#page=7", "editor": None, "web": None,
    }  # fmt: skip
    assert rendered([item])[0] == ["(“Otters”, no date, pp. 7–8)"]
    assert ris(exported(answer("x", page=7, locators=pages), Format.RIS))[0]["start_page"] == "7-8"
    assert bibtex(exported(answer("x", page=7, locators=pages), Format.BIBTEX))[0]["note"].startswith("pp. 7–8")


def test_a_page_with_a_printed_number_goes_out_under_it_and_is_opened_by_its_place_in_the_file() -> None:
    pages = (Locator("page", "2", "3"), Locator("page label", "144", "145"))
    one = answer("x", page=2, locators=pages, document="b.pdf")
    (item,) = csl(exported(one, Format.CSL_JSON))
    assert (item["custom"]["cite"]["label"], item["custom"]["cite"]["locator"]) == ("page", "144-145")
    assert item["custom"]["links"]["file"] == "file:///corpus/b.pdf#page=2"
    assert ris(exported(one, Format.RIS))[0]["start_page"] == "144-145"
    assert bibtex(exported(one, Format.BIBTEX))[0]["note"].startswith("pp. 144–145")
    assert one.to_dict()["hits"][0]["citation"]["page"] == 2
    assert {"kind": "page label", "first": "144", "last": "145"} in one.to_dict()["hits"][0]["citation"]["locators"]


def test_lines_of_extracted_text_are_no_lines_of_the_file() -> None:
    page = answer("x", document="b.html")
    (item,) = csl(exported(page, Format.CSL_JSON))
    assert item["custom"]["cite"]["label"] == "section"
    assert item["custom"]["cite"]["locator"] == "Two"
    assert item["custom"]["links"]["editor"] is None
    assert csl(exported(answer("x", document="b.rst"), Format.CSL_JSON))[0]["custom"]["links"]["editor"]


@pytest.mark.slow
def test_other_places_of_a_format_are_told_in_its_own_words() -> None:
    row = (Locator("sheet", "Budget #1", "Budget #1"), Locator("row", "12", "14"))
    found = answer("x", locators=row, document="b.xlsx")
    (item,) = csl(exported(found, Format.CSL_JSON))
    assert item["custom"]["cite"]["label"] == "section"
    assert item["custom"]["cite"]["locator"] == "sheet Budget #1, rows 12–14"
    assert bibtex(exported(found, Format.BIBTEX))[0]["note"].startswith("sheet Budget #1, rows 12–14")
    assert "sheet Budget #1, rows 12–14" in exported(found, Format.MARKDOWN)
    assert next(csv.DictReader(io.StringIO(exported(found, Format.CSV))))["place"] == "sheet Budget #1, rows 12–14"
    paragraph = answer("x", locators=(Locator("chapter", "II", "II"), Locator("paragraph", "3", "3")))
    assert csl(exported(paragraph, Format.CSL_JSON))[0]["custom"]["cite"]["locator"] == "3"


def test_bibtex_is_read_back() -> None:
    (entry,) = bibtex(
        exported(answer("The otter: 100% {sure} -- $5_x^2~y\\z `q` <b> | & #1", metadata=METADATA), Format.BIBTEX)
    )
    assert entry["TYPE"] == "misc"
    assert entry["annote"] == "The otter: 100% {sure} -- $5_x^2~y\\z `q` <b> | & #1"
    assert entry["author"] == "Lee, Ann and Ministry of Fish and Water"
    assert entry["date"] == "2021-10-20"
    assert entry["year"] == "2021"
    assert entry["note"] == "lines 7–9, §\xa0One › Two"
    assert entry["addendum"] == "Made with AI."


def test_names_of_organisations_are_kept_whole_by_bibtex() -> None:
    text = exported(answer("x", metadata=METADATA), Format.BIBTEX)
    assert "author = {{Lee}, {Ann} and {Ministry of Fish and Water}}" in text
    assert "url = {https://example.org/o?a=1;b}" in text


def test_ris_is_read_back() -> None:
    (record,) = ris(exported(answer("The otter builds no dam.", metadata=METADATA), Format.RIS))
    assert record["type_of_reference"] == "ELEC"
    assert record["authors"] == ["Lee, Ann", "Ministry of Fish and Water"]
    assert record["notes"] == [
        "The otter builds no dam.", "Cited from notes/otters%201.txt:7-9 #a72e8107c7+24",
        "Source notice: Made with AI.",
    ]  # fmt: skip
    assert record["urls"] == ["https://example.org/o?a=1%3Bb"]
    assert (record["year"], record["date"]) == ("2021", "2021/10/20/")
    assert record["keywords"] == ["otters", "dams"]
    assert "answered, confidence 0.88" in record["custom1"]


@pytest.mark.parametrize("form", EXPORTED)
def test_hostile_text_stays_in_its_field(form: Format) -> None:
    facts: Metadata = {"author": HOSTILE, "date": HOSTILE, "url": f"https://e.org/{HOSTILE}", "publisher": HOSTILE,
                       "keywords": HOSTILE, "doi": HOSTILE, "language": HOSTILE, "source_notice": HOSTILE}  # fmt: skip
    one = answer(HOSTILE, HOSTILE, title=HOSTILE, heading=(HOSTILE,), metadata=facts, question=HOSTILE)
    text = exported(one, form)
    assert not set(text) & set("\x1b\u202e\r")
    reader: Any = {Format.CSL_JSON: csl, Format.BIBTEX: bibtex, Format.RIS: ris}[form]
    assert len(reader(text)) == 2


@pytest.mark.slow
@given(TEXTS, TEXTS)
def test_any_passage_is_read_back_from_every_exchange_format(first: str, second: str) -> None:
    one = answer(first, second)
    assert [item["annote"] for item in csl(exported(one, Format.CSL_JSON))] == [harmless(first), harmless(second)]
    assert [record["notes"][0].strip() for record in ris(exported(one, Format.RIS))] == [
        one_line(first),
        one_line(second),
    ]
    library = parse_string(exported(one, Format.BIBTEX))
    assert not library.failed_blocks
    assert len(library.entries) == 2


@given(st.text(st.sampled_from('ab c\\{}$&#%_~^<>|`-@".,:'), min_size=1).filter(lambda one: one_line(one) != ""))
def test_what_tex_prints_of_a_passage_is_the_passage(text: str) -> None:
    (entry,) = bibtex(exported(answer(text), Format.BIBTEX))
    assert entry["annote"] == one_line(text)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(TEXTS)
def test_csv_gives_the_text_back_and_no_cell_is_a_formula(text: str) -> None:
    (row,) = rows(exported(answer(text), Format.CSV))
    assert not row["text"].startswith(("=", "+", "-", "@", "\t", "＝"))
    bare = row["text"].lstrip("'")
    guarded = bare.startswith("\t") or bare.lstrip()[:1] in tuple("=+-@＝＋－＠")
    assert (row["text"][1:] if guarded else row["text"]) == harmless(text)
    assert (row["verdict"], row["rank"], row["line_end"]) == ("answered", "1", "9")


def test_formulas_of_a_question_or_title_are_disarmed_and_negative_scores_are_numbers() -> None:
    one = answer("x", question="=HYPERLINK(1)", title="@SUM(A1)")
    one = replace(one, hits=(replace(one.hits[0], score=-0.25),))
    (row,) = rows(exported(one, Format.CSV))
    assert (row["question"], row["title"], row["score"]) == ("'=HYPERLINK(1)", "'@SUM(A1)", "-0.250000")


@pytest.mark.parametrize("text", ["\n=1+1", " \u00a0@x", "'\t=x", "\r\n+1"])
def test_a_formula_behind_blanks_is_disarmed(text: str) -> None:
    (row,) = rows(exported(answer(text), Format.CSV))
    assert row["text"] == f"'{harmless(text)}"


def test_a_doi_goes_out_as_it_is_and_only_where_it_is_one() -> None:
    for known in ("10.1000/a_b#1{x}", "https://doi.org/10.1000/a_b#1{x}", "DOI: 10.1000/a_b#1{x}"):
        one = answer("x", metadata={"doi": known})
        assert csl(exported(one, Format.CSL_JSON))[0]["DOI"] == "10.1000/a_b#1{x}"
        assert ris(exported(one, Format.RIS))[0]["doi"] == "10.1000/a_b#1{x}"
        assert "  doi = {10.1000/a_b#1%7Bx%7D},\n" in exported(one, Format.BIBTEX)
    (item,) = items_of(answer("x", metadata={"doi": "see the publisher"}), Sources())
    assert item.doi == ""


@pytest.mark.parametrize("form", [one for one in Format if one not in (Format.TEXT, Format.JSON)])
def test_what_goes_out_is_verified_moved_and_missed(form: Format, tmp_path: Path) -> None:
    name, words = "notes/my_otters #1 {a}.txt", "It costs $5 [net], a_b & \\c *more* {than} that. = 100% sure?"
    source = tmp_path / "corpus" / name
    source.parent.mkdir(parents=True)
    source.write_text(f"Title\n\n{words}\n", "utf-8")
    found: dict[str, Any] = {"document": name, "start": 7, "end": 7 + len(words), "line_start": 3, "line_end": 3}
    heading = ("On C_# & 50% \\x", "Two")
    suffixes = {
        Format.MARKDOWN: "md",
        Format.CSV: "csv",
        Format.BIBTEX: "bib",
        Format.RIS: "ris",
        Format.JSONL: "jsonl",
    }
    file = tmp_path / f"out.{suffixes.get(form, 'json')}"
    file.write_text(exported(answer(words, **found, heading=heading), form), "utf-8")

    def said(*, update: bool = False) -> list[str]:
        done = verify([file], tmp_path / "corpus", index=tmp_path / "none", update=update)
        return [one.judgment.status for _, citations in done.files for one in citations]

    assert said() == ["intact"]
    source.rename(source.with_name("other_name.txt"))
    assert said(update=True) == ["moved"]
    assert said() == ["intact"]
    (source.with_name("other_name.txt")).write_text("Nothing is left.", "utf-8")
    assert said() == ["gone"]


def is_strong(token: Token) -> bool:
    """Whether a token begins or ends strong type."""
    return token.type in ("strong_open", "strong_close") or token.content in ("<strong>", "</strong>")


def strong(text: str) -> list[str]:
    """What stands in strong type in the block quotes of a piece of Markdown."""
    found: list[str] = []
    for token in MarkdownIt("commonmark").parse(text[text.index("\n\n>") :]):
        within = False
        for one in token.children or []:
            if is_strong(one):
                within = not within
                found += [""] if within else []
            elif within:
                found[-1] += one.content
    return found


BLANKS = harmless("".join(chr(at) for at in range(0x100) if chr(at).isspace()))
"""Blanks, as they are or as the signs by which they are shown."""


def quotations(text: str) -> list[str]:
    """What the block quotes of a piece of Markdown show."""
    found: list[str] = []
    lines: list[str] = []
    depth = 0
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        depth += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "blockquote_close" and depth == 0:
            found.append("\n".join(lines))
            lines = []
        if depth and token.type == "inline":
            parts = [one for one in token.children or [] if not is_strong(one)]
            assert {one.type for one in parts} <= {"text", "hardbreak", "text_special"}
            lines.append("".join("\n" if one.type == "hardbreak" else one.content for one in parts))
        elif depth:
            assert token.type in ("blockquote_open", "paragraph_open", "paragraph_close"), token.type
    return found


@given(TEXTS)
def test_markdown_shows_a_passage_as_it_is(text: str) -> None:
    shown = quotations(exported(answer(text), Format.MARKDOWN))
    assert [" ".join(one.split()) for one in shown] == [one_line(text)]


@given(TEXTS, st.data())
def test_and_so_it_does_where_sentences_of_it_are_in_strong_type(text: str, data: st.DataObject) -> None:
    first, second = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    one = answer(text)
    marked = replace(one, hits=(replace(one.hits[0], highlights=(Span(10 + first, 10 + second),)),))
    exportation = exported(marked, Format.MARKDOWN)
    assert [" ".join(shown.split()) for shown in quotations(exportation)] == [one_line(text)]
    # A carriage return alone is shown as a sign; at the edge of a sentence it may belong to a line end. Other
    # blanks that are shown as signs (form feeds, separators) are blanks all the same: those at the edge are not strong.
    words, shown = (
        "".join(sign for sign in one if sign not in BLANKS)
        for one in (harmless(text[first:second]), "".join(strong(exportation)))
    )
    assert "".join(shown.split()) == "".join(words.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("First. Second one. Third.", "First. **Second one.** Third."),
        ("First. Second one.\nThird.", "First. **Second one.**\\\n> Third."),
        ("一。第二句。三。", "一。<strong>第二句。</strong>三。"),
    ],
)
def test_strong_type_is_written_so_that_it_works_beside_any_script(text: str, shown: str) -> None:
    start = 10 + (text.index("Second") if "Second" in text else 2)
    end = start + len("Second one." if "Second" in text else "第二句。")
    one = answer(text)
    marked = replace(one, hits=(replace(one.hits[0], highlights=(Span(start, end),)),))
    assert f"> {shown}\n" in exported(marked, Format.MARKDOWN)


@pytest.mark.parametrize(
    "text",
    [
        "# no heading\n- no item\n> no quote\n1. one\n2) two\n```\ncode\n```\n    indented\n***\na | b\n--|--\n",
        "<script>x</script> ![i](u) [a]: b &amp; **b** `c` ~~d~~ \\* a_b_ $x$ <!-- -->\nsetext\n===\n\n---",
        HOSTILE,
    ],
)
def test_markdown_of_a_source_is_shown_and_not_obeyed(text: str) -> None:
    (shown,) = quotations(exported(answer(text), Format.MARKDOWN))
    assert [line.strip() for line in shown.split("\n")] == [
        line.strip() for line in harmless(text).split("\n") if line.strip()
    ]


def test_markdown_tells_question_place_links_notice_and_what_was_searched() -> None:
    text = exported(answer("The otter.", metadata=METADATA), Format.MARKDOWN)
    assert text.startswith(
        "**which animal?**\n\n> The otter.\n\n— *Otters*, "
        "[notes/otters%201.txt:7-9 #d5bd8881c5+10](<file:///corpus/notes/otters%201.txt>)"
    )
    assert "[in the editor](<vscode://file/corpus/notes/otters%201.txt:7:1>)" in text
    assert "[on the web](<https://example.org/o?a=1;b#:~:text=The%20otter.>)" in text
    assert "Source notice: Made with AI." in text
    assert "*answered*, confidence 0.88; searched 3 documents, 30 passages; generation 4" in text
    assert "Not searchable: 1 file\n" in text
    unknown = exported(answer("The otter.", verdict="unknown"), Format.MARKDOWN)
    assert "- scan.pdf: no text layer" in unknown


def test_filters_and_words_that_occur_nowhere_are_told() -> None:
    one = answer("The otter.")
    one = replace(one, searched=replace(one.searched, where={"lang": ["en"]}, only=("notes/*",), nowhere=("b_ver",)))
    text = exported(one, Format.MARKDOWN)
    assert "Only: lang=en, notes/\\*" in text
    assert "occur nowhere: b\\_ver" in text
    (item,) = csl(exported(one, Format.CSL_JSON))
    assert item["custom"]["nrqa"]["searched"]["nowhere"] == ["b_ver"]


def test_json_lines_begin_with_the_answer_and_escape_what_ends_lines() -> None:
    text = exported(answer("one\u2028two\x85three\x9b", "four"), Format.JSONL)
    assert len(text.splitlines()) == 3
    head, first, second = map(json.loads, text.splitlines())
    assert (head["type"], head["verdict"], head["hit"]) == ("answer", "answered", 2)
    assert head["searched"]["unreadable"] == [{"document": "scan.pdf", "reason": "no text layer"}]
    assert first["text"] == "one\u2028two\x85three\x9b"
    assert (first["type"], second["rank"]) == ("hit", 2)
    assert first["links"]["editor"] == "vscode://file/corpus/notes/otters%201.txt:7:1"


def test_json_on_a_terminal_does_not_steer_it() -> None:
    value = {"text": "one\u2028two\x85three\x9b31m\x1b[2J\u202e\u2066four\x7f"}
    shown = json_text(value)
    assert json.loads(shown) == value
    assert not set(shown) & set("\u2028\x85\x9b\x1b\u202e\u2066\x7f")


@pytest.mark.parametrize("verdict", ["absent", "unknown"])
def test_what_answers_nothing_goes_out_as_no_item(verdict: str) -> None:
    one = answer("The nearest passage.", verdict=verdict)
    assert csl(exported(one, Format.CSL_JSON)) == []
    assert exported(one, Format.RIS) == ""
    assert rows(exported(one, Format.CSV)) == []
    text = exported(one, Format.BIBTEX)
    assert bibtex(text) == []
    assert f"% nrqa: {verdict}" in text
    markdown = exported(one, Format.MARKDOWN)
    assert "The nearest passage." not in markdown
    assert "not answers: notes/otters 1.txt:7-9" in markdown
    head, nearest = map(json.loads, exported(one, Format.JSONL).splitlines())
    assert (head["verdict"], head["nearest"], nearest["type"]) == (verdict, 1, "nearest")


def test_an_id_stays_while_document_and_words_do() -> None:
    before, moved = answer("The otter."), answer("The otter.", start=99, line_start=70, line_end=70, sha256="b" * 64)
    other, renamed = answer("The  otter."), answer("The otter.", document="x/otters 1.txt")
    ids = [items_of(one, Sources())[0].id for one in (before, moved, other, renamed)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert ids[0].startswith("otters-1-")
    assert items_of(answer("x", document="отчёт.txt"), Sources())[0].id.startswith("passage-")


@pytest.mark.parametrize(
    ("written_date", "parts"),
    [
        ("2021", (2021,)), ("2021-10", (2021, 10)), ("2021-10-20", (2021, 10, 20)), ("2021/1/2", (2021, 1, 2)),
        ("2021-10-20T08:30:00Z", (2021, 10, 20)), ("2021-10-20 08:30", (2021, 10, 20)), ("20.10.2021", (2021, 10, 20)),
        ("20 October 2021", (2021, 10, 20)), ("October 20, 2021", (2021, 10, 20)), ("Oct. 2021", (2021, 10)),
        ("20. Oktober 2021", (2021, 10, 20)), ("1er février 2020", (2020, 2, 1)), ("3 de mayo de 2020", (2020, 5, 3)),
        ("03/04/2021", ()), ("2021-13-01", ()), ("30 February 2021", ()), ("Spring 2020", ()), ("2019-2021", ()),
        ("20211020", ()), ("0000", ()), ("", ()),
    ],
)  # fmt: skip
def test_a_date_is_read_where_it_can_mean_one_thing(written_date: str, parts: tuple[int, ...]) -> None:
    assert date_of(written_date).parts == parts


def test_a_date_that_means_several_things_goes_out_as_it_was_written() -> None:
    one = answer("x", metadata={"date": "03/04/2021"})
    (item,) = csl(exported(one, Format.CSL_JSON))
    assert item["issued"] == {"literal": "03/04/2021"}
    assert rendered([item])[0] == ["(“Otters”, 03/04/2021, ll. 7–9)"]
    assert bibtex(exported(one, Format.BIBTEX))[0]["year"] == "03/04/2021"
    assert ris(exported(one, Format.RIS))[0]["date"] == "///03-04-2021"


def test_authors_are_divided_only_where_that_is_sure() -> None:
    def names(*authors: str) -> list[tuple[str, str]]:
        (item,) = items_of(answer("x", metadata={"author": list(authors)}), Sources())
        return [(one.family, one.given) for one in item.authors]

    assert names("Lee, Ann; van der Berg, Jan") == [("Lee", "Ann"), ("van der Berg", "Jan")]
    assert names("Ann Lee", "Food and Agriculture Organization") == [
        ("Lee", "Ann"),
        ("Food and Agriculture Organization", ""),
    ]
    assert names("Ann Lee, Bob Ray") == [("Lee", "Ann"), ("Ray", "Bob")]


def test_a_source_is_a_link_only_where_it_is_an_address() -> None:
    for source, url in (("Reuters", None), ("javascript:alert(1)", None), ("http://a.b/c", "http://a.b/c")):
        (item,) = items_of(answer("x", metadata={"source": source}), Sources())
        assert item.url == url


def test_the_web_link_of_markdown_has_no_marks() -> None:
    text = "# Head\n\nThe **otter** swims.\n"
    one = answer("The **otter** swims.", document="o.md", start=8, end=28, metadata={"url": "https://e.org/"})
    (item,) = items_of(one, Sources(None, lambda _: text))
    assert item.links.web == "https://e.org/#:~:text=The%20otter%20swims."
    assert (item.links.file, item.links.editor) == (None, None)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "nrqa", *words], capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("form", list(Format))
def test_every_format_answers_from_the_command_line_with_the_status_of_query(
    form: Format, articles_index: Path
) -> None:
    asked = ["query", "why does Russia oppose missile defense", "-k", "2", "--index", str(articles_index)]
    done = run(*asked, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert "missile defense" in done.stdout
    absent = run("query", "sourdough bread hydration", "--format", form, "--index", str(articles_index))
    assert (absent.returncode, absent.stderr) == (1, "")
    if form is Format.JSON:
        assert done.stdout == run(*asked, "--json").stdout


@pytest.mark.slow
def test_options_that_contradict_and_editors_that_are_unknown_are_refused(
    articles_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = run("query", "x", "--json", "--format", "csv")
    assert both.returncode == 2
    assert "contradict" in both.stderr
    monkeypatch.setenv("NRQA_EDITOR", "ed")
    unknown = run("query", "Russia", "--format", "csv", "--index", str(articles_index))
    assert unknown.returncode == 2
    assert "Known are: vscode" in unknown.stderr
    missing = run("query", "x", "--format", "json", "--index", "/nowhere")
    assert json.loads(missing.stdout)["error"]["type"] == "IndexMissingError"
