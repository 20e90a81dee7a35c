"""Question sets are read whole or refused with file and line; their documents become files whose places are known."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.errors import QuestionSetError, UnreadableError
from nrqa.evaluation.judgments.beir import SetDocument, documents_in
from nrqa.evaluation.judgments.files import MARKER, content_of, file_names, prepare, write_documents
from nrqa.evaluation.judgments.model import Gold, Question
from nrqa.evaluation.judgments.quotes import holds
from nrqa.evaluation.judgments.reading import read_set
from nrqa.records import Span
from nrqa.text.decoding import decode
from sets import DOCUMENTS, SPANS, write_lines, write_set, write_table

anything = st.text(st.characters(), max_size=60)


def test_a_set_in_beirs_layout_is_read_whole(tmp_path: Path) -> None:
    found = read_set(write_set(tmp_path / "farm"))
    assert (found.name, found.kind, found.unjudged) == ("farm", "documents", 1)
    by_id = {one.id: one for one in found.questions}
    assert list(by_id) == ["q1", "q2", "q3", "q4"]
    assert by_id["q2"].relevant == {"coal/mine": 1}
    assert by_id["q2"].gold == ()  # -1 is a place that is not known
    assert by_id["q3"].relevant == {"bread": 2}
    assert by_id["q1"].gold == (Gold("tea", answer=Span(37, 63), passage=Span(37, 63)),)
    assert not by_id["q4"].answerable
    assert set(found.files) == {"corpus.jsonl", "queries.jsonl", "qrels.tsv", "spans.tsv"}
    data = (tmp_path / "farm" / "qrels.tsv").read_bytes()
    assert found.files["qrels.tsv"] == hashlib.sha256(data).hexdigest()


def test_qrels_may_lie_where_beir_has_them_and_spans_may_be_missing(tmp_path: Path) -> None:
    found = read_set(write_set(tmp_path, qrels="qrels/test.tsv", spans=None))
    assert "qrels/test.tsv" in found.files
    assert not any(one.gold for one in found.questions)


def test_spans_of_articles_say_which_article_is_relevant(tmp_path: Path) -> None:
    write_set(tmp_path)
    write_lines(tmp_path / "articles.jsonl", [{"_id": "a1", "title": "Farm", "text": DOCUMENTS["tea"][1]}])
    header = ("query-id", "article-id", "para_start", "para_end", "ans_start", "ans_end")
    write_table(tmp_path / "article_spans.tsv", header, [("q1", "a1", 0, 64, 58, 63), ("q2", "a1", 0, 10, -1, -1)])
    found = read_set(tmp_path, documents="articles.jsonl", spans="article_spans.tsv")
    assert [(one.id, one.relevant) for one in found.questions] == [("q1", {"a1": 1}), ("q2", {"a1": 1}), ("q4", {})]
    assert found.questions[0].gold == (Gold("a1", answer=Span(58, 63), passage=Span(0, 64)),)
    assert found.questions[1].gold == ()
    assert set(found.files) == {"articles.jsonl", "article_spans.tsv", "queries.jsonl"}


def test_questions_with_quotes_are_read_from_a_file_or_a_folder(tmp_path: Path) -> None:
    objects = [
        {"id": 7, "question": "who grew tea?", "quotes": ["Tea  was\n grown"], "document": "farm/*.txt"},
        {"question": "who grew dragons?", "quotes": [], "document": None},
    ]
    file = write_lines(tmp_path / "questions.jsonl", objects)
    found = read_set(file)
    assert found.questions == read_set(tmp_path).questions
    assert (found.kind, found.documents, set(found.files)) == ("quotes", None, {"questions.jsonl"})
    first, second = found.questions
    assert (first.id, first.quotes, first.within) == ("7", ("Tea was grown",), "farm/*.txt")
    assert (second.id, second.answerable) == ("who grew dragons?", False)


@pytest.mark.parametrize(
    ("within", "document", "right"),
    [
        (None, "any.txt", True),
        ("tea.txt", "farm/tea.txt", True),
        ("farm/tea.txt", "farm/tea.txt", True),
        ("farm/*", "farm/tea.txt", True),
        ("coal*", "farm/tea.txt", False),
        ("notes [1].txt", "notes [1].txt", True),
    ],
)
def test_a_quote_counts_in_the_documents_that_are_meant(within: str | None, document: str, right: bool) -> None:  # noqa: FBT001
    question = Question("q", "q", answerable=True, quotes=("tea was grown",), within=within)
    assert holds(question, document, "Here tea\n  was grown.") is right
    assert not holds(question, document, "Here coal was mined.")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("qrels.tsv", None, "There is neither 'qrels.tsv' nor 'qrels/test.tsv' in"),
        ("queries.jsonl", None, "neither queries.jsonl nor questions.jsonl"),
        ("corpus.jsonl", None, "There is no 'corpus.jsonl' in"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\ttea\t0\n", "names no relevant document"),
        ("qrels.tsv", "q1\ttea\t1\nq9\ttea\t1\n", "qrels.tsv', line 2: there is no question 'q9'"),
        ("qrels.tsv", "q1\tcocoa\t1\n", "qrels.tsv', line 1: there is no document 'cocoa'"),
        ("qrels.tsv", "q1\ttea\t1\nq1\ttea\thigh\n", "line 2: the score is 'high', not a whole number"),
        ("qrels.tsv", "q1\ttea\n", "line 1 has 2 columns where 3 are needed"),
        ("spans.tsv", "q1\ttea\t60\t66\n", "60-66 is no span of the document 'tea', which has 64 characters"),
        ("spans.tsv", "q1\ttea\t6\t6\n", "6-6 is no span"),
        ("spans.tsv", "q1\ttea\t6\t8\nq1\ttea\t0\t9\t6\t8\n", "line 2 has another number of columns"),
        ("queries.jsonl", '{"_id": "q1", "text": "tea"}\n{"_id": "q1"}\n', "line 2: the question 'q1' stands there a"),
        ("queries.jsonl", '{"_id": "q1", "tex": "tea"}\n', "line 1 has no text under 'text'. It has: '_id', 'tex'"),
        ("queries.jsonl", "\n", "holds no question"),
        ("corpus.jsonl", "", "holds no document"),
        ("corpus.jsonl", '{"_id": "tea", "text": "x"}\n\n{"_id": ', "corpus.jsonl', line 3 is no JSON"),
        ("corpus.jsonl", "[1]\n", "line 1 is '[1]', not a JSON object"),
        ("corpus.jsonl", '{"_id": "tea", "text": null}', "line 1: the document 'tea' has no string under 'text'"),
    ],
)
def test_bad_input_is_refused_with_its_place(tmp_path: Path, file: str, content: str | None, message: str) -> None:
    write_set(tmp_path)
    (tmp_path / file).unlink()
    if content is not None:
        (tmp_path / file).write_text(content)
    with pytest.raises(QuestionSetError) as error:
        read_set(tmp_path)
    assert message in str(error.value)


def test_a_question_that_cannot_be_asked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"The question 'q1' of .* holds no word or number: '[?]!'"):
        read_set(write_set(tmp_path, questions={"q1": "?!"}, relevant=[("q1", "tea", 1)], spans=None))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"question": "tea?"}', "line 1 needs a list of texts under 'quotes'"),
        ('{"question": "tea?", "quotes": "tea"}', "line 1 needs a list of texts under 'quotes'"),
        ('{"question": "tea?", "quotes": [" "]}', "line 1 needs a list of texts under 'quotes'"),
        ('{"quotes": []}', "line 1 has no text under 'question'"),
        ('{"question": "t", "quotes": []}\n{"question": "t", "quotes": []}', "line 2: the question 't' stands there"),
        ("", "holds no question"),
        ('{"question": "tea?", "quotes": ["\xe9"]}', "is not UTF-8"),
    ],
)
def test_bad_questions_with_quotes_are_refused_with_their_place(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_bytes(line.encode("latin-1"))
    with pytest.raises(QuestionSetError, match=message):
        read_set(file)


def test_files_of_documents_are_only_for_sets_that_bring_them(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "mine.jsonl", [{"question": "tea?", "quotes": []}])
    with pytest.raises(QuestionSetError, match="--documents and --spans are for sets"):
        read_set(file, documents="articles.jsonl")
    with pytest.raises(QuestionSetError, match="does not exist"):
        read_set(tmp_path / "nowhere")


@given(title=anything, text=anything)
def test_the_text_stands_in_its_file_where_the_shift_says(title: str, text: str) -> None:
    content, shift = content_of(SetDocument("d", title, text))
    try:
        read, encoding = decode(content.encode("utf-8"))
    except UnreadableError:  # no letter in it, or mostly control characters: such a file is listed, not asked
        return
    assert (read, encoding) == (content, "utf-8")
    stretch = read[shift : shift + len(text)]
    assert len(stretch) == len(text)
    replaced = {at for at, char in enumerate(text) if char == "\0" or "\ud800" <= char <= "\udfff"}
    assert all(at in replaced or stretch[at] == char for at, char in enumerate(text))


@given(st.sets(st.text(min_size=1, max_size=80), max_size=30))
def test_file_names_are_safe_distinct_and_can_be_read_back(ids: set[str]) -> None:
    names = file_names(sorted(ids))
    assert len({name.casefold() for name in names.values()}) == len(ids)
    for one, name in names.items():
        assert len(name.encode()) <= 255
        assert name.isascii()
        assert not name.startswith(".")
        assert not set(name) & set('/\\:*?"<>| ')
        if "~" not in name:
            assert unquote(name.removesuffix(".txt")) == one


def test_names_that_differ_in_case_only_are_two_files_everywhere() -> None:
    names = file_names(["Bread", "bread", "../etc"])
    assert names["../etc"] == "%2E%2E%2Fetc.txt"
    assert names["Bread"].casefold() != names["bread"].casefold()


def test_documents_are_written_once_and_others_removed(tmp_path: Path) -> None:
    corpus, _ = prepare(tmp_path / "work")
    file = write_set(tmp_path / "set") / "corpus.jsonl"
    names = file_names(DOCUMENTS)
    written = write_documents(documents_in(file), names, corpus)
    for name, (title, text) in DOCUMENTS.items():
        content = (corpus / written[name].name).read_text("utf-8")
        assert content[written[name].shift :] == f"{text}\n"
        assert content.startswith(f"Title: {title}\n\n" if title else "\n")
    before = {one.name: one.stat().st_mtime_ns for one in corpus.iterdir()}
    (corpus / "left over.txt").write_text("from another set")
    write_documents(documents_in(file), names, corpus)
    assert {one.name: one.stat().st_mtime_ns for one in corpus.iterdir()} == before


def test_a_corpus_of_the_users_own_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine.txt").write_text("my own words")
    with pytest.raises(QuestionSetError, match="did not make"):
        prepare(tmp_path)
    assert not (tmp_path / MARKER).exists()
    assert prepare(tmp_path / "new") == prepare(tmp_path / "new")


def test_the_spans_of_the_test_set_are_what_they_say() -> None:
    assert DOCUMENTS["tea"][1][SPANS[0][2] : SPANS[0][3]] == "The harvest began in April"
