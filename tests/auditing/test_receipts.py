"""A receipt says what an answer depended on, without its texts, and shows when it was altered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeEncoder
from nrqa.answering import calibration
from nrqa.answering.asking import Index
from nrqa.auditing.receipts import files
from nrqa.auditing.receipts.files import read_receipt, refuse_existing, write_new
from nrqa.auditing.receipts.making import hashed_sentences, passage_hash, receipt_of
from nrqa.auditing.receipts.model import Receipt, sha256_of
from nrqa.errors import ReceiptError
from nrqa.index import merkle
from nrqa.indexing.reindexing import reindex
from nrqa.saving import save

TEXTS = {
    "harbour.txt": "Author: Ann Lee\n\nThe harbour was dug in 1850 by four hundred men from the hills. Ships of every "
    "nation came to the harbour and left their coal there until the war.\n",
    "bridge.txt": "The bridge fell in the storm of 1907, and nobody has built it again since that winter.\n",
}


@pytest.fixture
def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    for name, text in TEXTS.items():
        (corpus / name).write_text(text)
    (corpus / "scan.pdf").write_bytes(b"%PDF")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def receipt(opened: Index, question: str = "When was the harbour dug?", **more: Any) -> Receipt:
    where = more.pop("where", None)
    return receipt_of(opened.ask(question, k=1, where=where), opened.snapshot, k=1, **more)


def test_a_receipt_is_read_back_as_it_was_written(opened: Index, tmp_path: Path) -> None:
    for at, one in enumerate((receipt(opened), receipt(opened, where={"author": "Ann Lee"}, texts=True))):
        file = tmp_path / f"{at}.json"
        write_new(one, file)
        assert read_receipt(file) == one
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_it_says_what_was_asked_what_was_searched_and_by_what(opened: Index) -> None:
    content = receipt(opened, where={"author": "Ann Lee"}).to_dict()
    assert (content["question"], content["k"]) == ("When was the harbour dug?", 1)
    assert (content["where"], content["only"]) == ({"author": ["Ann Lee"]}, [])
    assert content["made_by"]["encoder"] == {"name": "fake", "fingerprint": "fake-fingerprint"}
    assert content["made_by"]["settings"]["passage_tokens"] > 0
    assert set(content["made_by"]["weights"]) >= {"dense", "lexical", "late"}
    assert content["corpus"] == {"root": merkle.root(content["documents"].items()), "generation": 1}
    assert content["searched"]["documents"] == 1
    assert content["searched"]["unreadable"][0]["document"] == "scan.pdf"


def test_it_holds_hashes_and_the_beginning_of_a_text_and_not_the_text(opened: Index, tmp_path: Path) -> None:
    answer = opened.ask("When was the harbour dug?", k=1)
    write_new(receipt(opened), tmp_path / "r.json")
    written = (tmp_path / "r.json").read_text()
    text = answer.hits[0].passage.text
    assert passage_hash(text) in written
    assert text[:80] in written
    assert text[:81] not in written
    assert receipt(opened, texts=True).hits[0].text == text


def test_it_holds_the_words_that_occur_nowhere_and_the_nearest_misses(opened: Index, tmp_path: Path) -> None:
    question = "When was the zeppelin in the harbour?"
    answer = opened.ask(question, k=1)
    write_new(receipt(opened, question), tmp_path / "r.json")
    kept = read_receipt(tmp_path / "r.json")
    assert "zeppelin" in kept.searched.nowhere
    (near,) = answer.searched.nearest
    (missed,) = kept.nearest
    text = TEXTS[near.citation.document]
    assert missed.passage == passage_hash(text[near.citation.start : near.citation.end])
    assert (missed.citation.document, missed.citation.start) == (near.citation.document, near.citation.start)


def test_a_calibration_is_named_only_where_it_is_applied_and_changes_something(opened: Index, index: Path) -> None:
    made: dict[str, Any] = {"source": "", "questions": 1, "passages": 2, "next_row": 2, "corpus": "", "created": ""}
    for slope, model, applied in (
        (2.0, "fake-fingerprint", [2.0, 0.0]),
        (2.0, "another encoder", None),
        (1.0, "fake-fingerprint", None),
    ):
        calibration.write(index, calibration.Calibration(slope=slope, intercept=0.0, model=model, **made))
        assert receipt(opened).made_by["confidence"]["calibration"] == applied


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = False
    for key, one in inner:
        found = True
        yield from _leaves(one, (*path, key))
    if not found:
        yield path


def test_whatever_is_altered_is_noticed(opened: Index, tmp_path: Path) -> None:
    content = receipt(opened, where={"author": "Ann Lee"}).to_dict()
    file = tmp_path / "r.json"
    paths = list(_leaves(content))
    assert len(paths) > 50
    for path in paths:
        altered = deepcopy(content)
        place = altered
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = "other"
        file.write_text(json.dumps(altered))
        with pytest.raises(ReceiptError):
            read_receipt(file)


def test_a_document_more_or_less_is_noticed_and_no_list_at_all_is_allowed(opened: Index, tmp_path: Path) -> None:
    one = receipt(opened)
    assert one.documents is not None
    file = tmp_path / "r.json"
    for documents in ({}, {**one.documents, "new.txt": "0" * 64}):
        file.write_text(json.dumps({**one.to_dict(), "documents": documents}))
        with pytest.raises(ReceiptError, match="not those of its corpus"):
            read_receipt(file)
    file.write_text(json.dumps({**one.to_dict(), "documents": None}))
    assert read_receipt(file) == replace(one, documents=None)


def test_the_layout_of_the_file_does_not_matter(opened: Index, tmp_path: Path) -> None:
    one = receipt(opened)
    file = tmp_path / "r.json"
    file.write_text(json.dumps(dict(reversed(one.to_dict().items()))))
    assert read_receipt(file) == one


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "was cut short: no JSON"),
        ("[]", "is no receipt"),
        ("{}", "is no receipt"),
        ('{"receipt": 2, "sha256": ""}', "layout 2, this nrqa .* reads layout 1"),
        ('{"receipt": 1}', "was altered"),
    ],
)
def test_what_is_no_receipt_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "r.json"
    file.write_text(content)
    with pytest.raises(ReceiptError, match=message):
        read_receipt(file)


def test_a_hash_alone_makes_no_receipt(tmp_path: Path) -> None:
    content = {"receipt": 1, "question": "x"}
    file = tmp_path / "r.json"
    file.write_text(json.dumps({**content, "sha256": sha256_of(content)}))
    with pytest.raises(ReceiptError, match="is no receipt"):
        read_receipt(file)
    with pytest.raises(ReceiptError, match="cannot be read"):
        read_receipt(tmp_path / "nowhere.json")


def test_a_receipt_replaces_nothing(opened: Index, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    refuse_existing(file)
    file.write_text("mine")
    with pytest.raises(ReceiptError, match="there already"):
        refuse_existing(file)
    with pytest.raises(ReceiptError, match="Name a file in a folder"):
        refuse_existing(tmp_path / "nowhere" / "r.json")
    with pytest.raises(FileExistsError):
        write_new(receipt(opened), file)
    assert [path.name for path in tmp_path.glob("*r.json*")] == ["r.json"]
    assert file.read_text() == "mine"


def test_where_the_file_system_has_no_links_a_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    save({"a": 1}, tmp_path / "x.json", instead=False)
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": 1}
    with pytest.raises(FileExistsError):
        save({"a": 2}, tmp_path / "x.json", instead=False)
    save({"a": 2}, tmp_path / "x.json", instead=True)
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": 2}


def test_of_a_large_corpus_the_documents_are_not_listed(
    opened: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LISTED", 1)
    write_new(receipt(opened), tmp_path / "r.json")
    assert read_receipt(tmp_path / "r.json").documents is None


def test_half_a_character_in_a_filter_is_no_trouble(opened: Index, tmp_path: Path) -> None:
    write_new(receipt(opened, where={"author": ["\udce9", 7, "Ann Lee"]}), tmp_path / "r.json")
    assert read_receipt(tmp_path / "r.json").where == {"author": ["?", "7", "Ann Lee"]}


@given(st.lists(st.sampled_from(["The mill ground flour.", "The river dried up.", "Nobody came."]), min_size=1))
def test_sentences_are_known_by_their_words_however_they_are_wrapped(sentences: list[str]) -> None:
    hashes = hashed_sentences(" ".join(sentences))
    assert hashes == hashed_sentences("\n".join(sentence.replace(" ", "  ") for sentence in sentences))
    assert list(hashes.values()) == list(dict.fromkeys(sentences))
