from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.checking.checking import check
from nrqa.checking.prose import without_our_notes
from nrqa.checking.results import Checked
from nrqa.cli import application
from nrqa.encoder.protocol import Encoder
from nrqa.errors import DraftError
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.checked_draft import annotated, render_checked

HISTORY = (
    "The alliance was founded in 1949 by twelve countries.\n"
    "Its members did not agree on the missile shield, which some of them called a needless provocation.\n"
    "In 2014 the annexation of Crimea deepened the mistrust between the two sides.\n"
)
BREAD = "Title: Bread\n\nA wet dough needs a long rest, and the oven must be very hot before it goes in.\n"


@pytest.fixture
def opened(corpus: Path, index: Path) -> Index:
    (corpus / "history.txt").write_text(HISTORY, "utf-8")
    (corpus / "kitchen").mkdir()
    (corpus / "kitchen" / "bread.txt").write_text(BREAD, "utf-8")
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder)
    return Index.open(index, encoder=encoder)


def _checked(opened: Index, text: str, tmp_path: Path, name: str = "draft.md") -> Checked:
    draft = tmp_path / name
    draft.write_text(text, "utf-8", newline="")
    return check(draft, opened)


@pytest.mark.parametrize(
    ("text", "finding", "right", "attribution"),
    [
        ("It “was founded in 1949 by twelve countries” (history.txt).", "exact", True, "right"),
        ("It “was founded in 1949 by twelve countries”.", "exact", True, "none"),
        ("It “was founded in 1949 by twelve countries” (Smith 2020).", "exact", True, "unknown"),
        ("It “was founded in 1949 by twelve countries” (bread.txt:3).", "exact", True, "wrong"),
        ("“The annexation of Crimea deepened the mistrust,” he said.", "typography", True, "none"),
        ("Members “did agree on the missile shield” (history.txt:2).", "misquoted", False, "right"),
        ("Members “did not agree […] which some of them called a needless provocation”.", "elided", True, "none"),
        ("Members “did agree […] which some of them called a needless provocation”.", "elided", False, "none"),
        ("Members “did […] agree on the missile shield”.", "elided", False, "none"),
        ("“Nobody ever thought that ships would fly to Mars” (history.txt).", "absent", False, "unknown"),
    ],
)
def test_each_quotation_has_its_finding(
    opened: Index, tmp_path: Path, *, text: str, finding: str, right: bool, attribution: str
) -> None:
    (one,) = _checked(opened, text, tmp_path).quotations
    assert (one.finding, one.right, one.attribution) == (finding, right, attribution)
    assert one.fine == (right and attribution != "wrong")


def test_places_in_draft_and_source_are_true(opened: Index, tmp_path: Path) -> None:
    text = "Head\n====\n\nSo it is:\n  “was founded in\n  1949 by twelve countries”.\n"
    (one,) = _checked(opened, text, tmp_path).quotations
    assert text[one.place.start : one.place.end] == "“was founded in\n  1949 by twelve countries”"
    assert (one.place.line, one.place.column, one.place.line_end) == (5, 3, 6)
    assert one.source is not None
    assert HISTORY[one.source.start : one.source.end] == one.source_text == "was founded in 1949 by twelve countries"
    assert (one.source.document, one.source.line_start, one.source_column) == ("history.txt", 1, 14)


def test_a_line_that_is_cited_wrongly_is_said(opened: Index, tmp_path: Path) -> None:
    (one,) = _checked(opened, "It “needs a long rest, and the oven” (bread.txt:40).", tmp_path).quotations
    assert one.fine
    assert one.notes == ("line 40 is cited, and it stands in line 3",)


def test_a_negation_right_beside_a_quotation_is_said_where_the_draft_has_none(opened: Index, tmp_path: Path) -> None:
    text = "They “agree on the missile shield”. They never “agree on the missile shield”. They “did not agree”."
    first, second, third = _checked(opened, text, tmp_path).quotations[:3]
    said = "the source has “not” right beside these words, and the draft's sentence has no negation"
    assert (first.finding, first.fine, first.notes) == ("exact", True, (said,))
    assert second.notes == third.notes == ()


def test_sentences_without_citation_get_their_passage_and_what_it_lacks(
    opened: Index, corpus: Path, tmp_path: Path, encoder: Encoder
) -> None:
    # To the fake encoder any two words are somewhat alike, which says nothing of the verdict.
    reindex(corpus, tmp_path / "read", encoder=encoder)
    opened = Index.open(tmp_path / "read", encoder=encoder)
    text = (
        "Plainly the members did not agree on the missile shield in Romania in 2016. "
        "It was founded long ago (history.txt:1). "
        "They said it “was founded in 1949 by twelve countries”. "
        "Zebras graze quietly somewhere.\n"
    )
    checked = _checked(opened, text, tmp_path)
    assert [one.text.split()[0] for one in checked.sentences] == ["Plainly", "Zebras"]
    assert checked.cited == 2
    first, second = checked.sentences
    assert first.passage is not None
    assert first.passage.citation.document == "history.txt"
    assert first.lacking == ("Romania", "2016")
    assert second.passage is None


@pytest.mark.slow
def test_how_far_it_is_is_told(opened: Index, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    quoted = 'He says "the alliance has many members". She says "the alliance has no members".'
    draft.write_text(" ".join([*(f"The alliance has {at} members." for at in range(70)), quoted]), "utf-8")
    told: list[tuple[str, int, int]] = []
    check(draft, opened, progress=lambda *one: told.append(one))
    assert told == [("quotations", 1, 2), ("quotations", 2, 2), ("sentences", 64, 72), ("sentences", 72, 72)]


@pytest.mark.slow
def test_all_of_a_check_is_from_one_generation(
    opened: Index, corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_many = Index.ask_many

    def ask_in_the_middle_of_a_build(self: Index, *questions: object, **options: object) -> object:
        monkeypatch.undo()
        (corpus / "new.txt").write_text("Zebras graze at the foot of the mountain.\n", "utf-8")
        reindex(corpus, index, encoder=FakeEncoder())
        return ask_many(self, *questions, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "ask_many", ask_in_the_middle_of_a_build)
    checked = _checked(opened, "“Zebras graze at the foot”, and the alliance was founded.", tmp_path)
    assert checked.quotations[0].finding == "exact"
    assert (checked.generation, checked.searched.documents) == (2, 3)


def test_a_draft_without_sentences_or_quotations_is_fine(opened: Index, tmp_path: Path) -> None:
    checked = _checked(opened, "# Head\n", tmp_path)
    assert checked.fine
    assert checked.searched.documents == 2
    assert not checked.sentences
    assert not checked.quotations


DRAFT = """\
# A “wet dough needs a rest” story

It “was founded in 1949” (history.txt:1). See [“did not agree on”](bread.txt).

> A wet dough needs a long rest.

Zebras [graze](x.md) here *quietly.* And “so called” ones.[^1]

[^1]: “no words of theirs”""".replace("\n", "\r\n")


def test_the_annotated_copy_is_the_draft_with_marks(opened: Index, tmp_path: Path) -> None:
    checked = _checked(opened, DRAFT, tmp_path)
    copy = annotated(checked)
    assert copy != DRAFT
    assert without_our_notes(copy) == DRAFT
    assert copy.count("[^nrqa-1]") == 2
    assert "](bread.txt)[^nrqa-" in copy
    # Checked again, the copy gives the same copy.
    again = _checked(opened, copy, tmp_path, "copy.md")
    assert annotated(again) == copy


def test_text_of_a_source_cannot_steer_terminal_or_markdown(corpus: Path, index: Path, tmp_path: Path) -> None:
    (corpus / "evil.txt").write_text(
        "Some [red](http://x.y) \x1b[31mwords **that** <b>harm</b> nobody at all.\n", "utf-8"
    )
    reindex(corpus, index, encoder=FakeEncoder())
    opened = Index.open(index, encoder=FakeEncoder())
    checked = _checked(opened, "He wrote “harm somebody at all” and “words that harm nobody at all”.", tmp_path)
    assert "\x1b" not in annotated(checked)
    assert "<b>" not in annotated(checked)
    assert "\x1b" not in _shown(checked)


def test_a_person_sees_what_to_look_at_first(opened: Index, tmp_path: Path) -> None:
    text = "It “was founded in 1949” here. Members “did agree on the missile shield” (history.txt). A “so called” one."
    shown = _shown(_checked(opened, text, tmp_path))
    lines = shown.splitlines()
    assert lines[0] == "Quotations to look at"
    assert "draft.md:1:40  misquoted  history.txt:2:13" in lines[2]
    assert "did [-not-] agree on the missile shield" in shown
    assert "draft.md:1:4  exact  history.txt:1:14" in shown
    assert "so called  fewer than 3 words" in shown
    assert lines[-1].startswith("1 quotation to look at  of 2 quotations")


def _shown(checked: Checked) -> str:
    console = Console(file=io.StringIO(), width=300, highlight=False, emoji=False, markup=False)
    console.print(render_checked(checked))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_a_citation_of_something_else_is_said_of_a_quotation_that_stands(opened: Index, tmp_path: Path) -> None:
    shown = _shown(_checked(opened, "It “was founded in 1949 by twelve countries” (Smith 2020).", tmp_path))
    assert "cited: Smith 2020 (no document of the corpus)" in shown


def test_of_a_long_omission_the_ends_are_shown(corpus: Path, index: Path, tmp_path: Path) -> None:
    (corpus / "long.txt").write_text(f"The alliance met in {'very ' * 300}old Paris and went home.\n", "utf-8")
    reindex(corpus, index, encoder=FakeEncoder())
    opened = Index.open(index, encoder=FakeEncoder())
    checked = _checked(opened, "“The alliance met […] and went home”.", tmp_path)
    assert len(checked.quotations[0].omitted[0].split()) == 303
    assert "very … very" in _shown(checked)
    assert "(303 words)" in _shown(checked)
    assert "(303 words)" in annotated(checked)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("draft.docx", b"x", "not a zip archive. Save it again as .docx"),
        ("draft.pdf", b"%PDF-1.7", ".pdf is not among the formats of drafts. A PDF is no draft"),
        ("draft.doc", b"x", "Save it as .docx"),
        ("draft.odp", b"x", "or say what it is: --as"),
        ("gone.md", None, "cannot be read: No such file"),
        ("empty.md", b"", "empty file"),
        ("binary.txt", b"\0\1\2\3", "cannot be read"),
    ],
)
def test_a_draft_that_cannot_be_read_is_refused(
    opened: Index, tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(DraftError, match=message):
        check(tmp_path / name, opened)


def test_the_command_tells_by_its_status_and_in_json(articles_index: Path, tmp_path: Path) -> None:
    draft = tmp_path / "memo.md"
    draft.write_text(
        "NATO “was established in 1949” (nato-russia.txt). It was “established by 40 states in Paris”.", "utf-8"
    )
    copy = tmp_path / "copy.md"
    words = ["check", str(draft), "--index", str(articles_index)]
    done = CliRunner().invoke(application(), [*words, "--json", "--annotate", str(copy)])
    assert done.exit_code == 1
    found = json.loads(done.output)
    assert [one["finding"] for one in found["quotations"]] == ["exact", "absent"]
    assert found["counts"]["absent"] == 1
    assert found["quotations"][0]["source"]["citation"]["line_start"] == 5
    assert without_our_notes(copy.read_text("utf-8")) == draft.read_text("utf-8")
    draft.write_text("NATO “was established in 1949” (nato-russia.txt).", "utf-8")
    assert CliRunner().invoke(application(), words).exit_code == 0
    with pytest.raises(SystemExit) as left:
        application()([*words, "--annotate", str(draft)])
    assert left.value.code == 2
    assert draft.read_text("utf-8").endswith("(nato-russia.txt).")


BIBTEX = (
    "@book{pohl, author = {Pohl, Emil}, title = {Bread}, year = {1999}}\n@book{far, author = {A}, title = {Far away}}\n"
)


def test_keys_are_those_of_the_bibliography_that_is_given_or_named_by_the_draft(opened: Index, tmp_path: Path) -> None:
    refs = tmp_path / "refs.bib"
    refs.write_text(BIBTEX.replace("title = {Bread}", "file = {kitchen/bread.txt}, title = {On bread}"), "utf-8")
    text = "It “needs a long rest, and the oven” {}."
    named = _checked(opened, f"---\nbibliography: refs.bib\n---\n\n{text.format('[@pohl, p. 3]')}", tmp_path)
    assert named.quotations[0].attribution == "right"
    draft = tmp_path / "other.md"
    for cited, attribution, notes in (
        ("[@pohl]", "right", ()),
        ("(Pohl 1999, p. 3)", "right", ()),
        ("[@far]", "unknown", ("@far is in the bibliography, but not in the corpus",)),
        ("[@typo]", "unknown", ("the key @typo is not in the bibliography",)),
    ):
        draft.write_text(text.format(cited), "utf-8")
        (one,) = check(draft, opened, bibliography=refs).quotations
        assert (one.attribution, one.notes) == (attribution, notes)
    draft.write_text("It “was founded in 1949 by twelve countries” [@pohl].", "utf-8")
    assert check(draft, opened, bibliography=[refs]).quotations[0].attribution == "wrong"
    with pytest.raises(DraftError, match=r"gone\.bib"):
        check(draft, opened, bibliography=tmp_path / "gone.bib")


def test_what_is_cited_beside_something_unknown_is_not_called_wrong(opened: Index, tmp_path: Path) -> None:
    text = "It “was founded in 1949 by twelve countries” ({}bread.txt)."
    assert _checked(opened, text.format(""), tmp_path).quotations[0].attribution == "wrong"
    assert _checked(opened, text.format("Smith 2020; "), tmp_path).quotations[0].attribution == "unknown"


def test_a_draft_may_come_as_bytes_of_any_format(opened: Index) -> None:
    page = b"<!doctype html><p>It &ldquo;was founded in 1949 by twelve countries&rdquo; (history.txt).</p>"
    for checked in (check("-", opened, data=page), check("memo", opened, data=page, form="html")):
        assert [(one.finding, one.attribution) for one in checked.quotations] == [("exact", "right")]
        assert (checked.form, checked.unit, checked.to_dict()["format"]) == ("html", "line", "html")
    assert check("-", opened, data=b"> was founded in 1949 by twelve countries\n").form == "md"
    with pytest.raises(DraftError, match="is no format of drafts; give one of these: md, txt, html"):
        check("-", opened, data=page, form="pdf")  # type: ignore[arg-type]


def test_an_annotated_copy_is_markdown_or_plain_text(opened: Index) -> None:
    checked = check("page.html", opened, data=b"<p>So it is.</p>")
    with pytest.raises(DraftError, match="Leave out --annotate"):
        annotated(checked)


def test_standard_input_is_checked(opened: Index, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "open", lambda *_, **__: opened)
    draft = "It says \\enquote{was founded in 1949 by eleven countries}."
    given = ["check", "-", "--as", "tex", "--json", "--index", str(index)]
    result = CliRunner().invoke(application(), given, input=draft)
    assert result.exit_code == 1, result.output
    assert [one["finding"] for one in json.loads(result.stdout)["quotations"]] == ["misquoted"]
    assert CliRunner().invoke(application(), ["check", "-", "--as", "pdf"], input=draft).exit_code == 2
