"""What is in an index: its documents, and what they can be filtered by."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from typer.testing import CliRunner

from fakes import FakeEncoder
from nrqa.answering.contents import Contents, contents
from nrqa.cli import application
from nrqa.index.rows import Listed
from nrqa.indexing.reindexing import reindex
from nrqa.records import Flag
from nrqa.rendering.contents import render_documents, render_facets


def shown(renderable: object) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


def test_every_document_is_listed_with_what_is_known_of_it(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "b.md").write_text(
        "---\ntitle: Of towers\nauthor: [Ann Lee, Bo]\ndate: May 2020\n---\nSome words of it.\n"
    )
    (corpus / "a.txt").write_text("Other words stand here.")
    reindex(corpus, index, encoder=fake)
    first, second = contents(index).documents
    assert (first.name, first.titled, first.passages, first.bytes) == ("a.txt", False, 1, 23)
    assert (second.name, second.title, second.metadata["author"]) == ("b.md", "Of towers", ["Ann Lee", "Bo"])
    text = shown(render_documents(contents(index)))
    assert "b.md  Of towers  1 passage · 2020-05 · Ann Lee; Bo" in text
    assert "2 documents" in text
    (corpus / "a.txt").unlink()
    reindex(corpus, index, encoder=fake)
    assert [one.name for one in contents(index).documents] == ["b.md"]


def test_what_to_know_of_a_document_stands_below_it() -> None:
    flags = tuple(Flag("hidden text", at, at + 1, f"word \x1b[31m {at}") for at in range(5))
    one = Listed(0, "a.html", "A", titled=True, sha256="", bytes=1, text_bytes=1, passages=1, metadata={}, flags=flags)
    text = shown(render_documents(Contents((one,), {})))
    assert "hidden text: word ␛[31m 2" in text
    assert "and 2 more such places" in text


def test_facets_show_the_commonest_values_and_count_the_rest() -> None:
    facets = {"author": {f"author {at}": 20 - at for at in range(12)}}
    text = shown(render_facets(Contents((), facets)))
    assert "author 0 (20), author 1 (19)" in text
    assert "and 4 more" in text
    assert "No document has metadata" in shown(render_facets(Contents((), {})))


def test_the_command_lists_both_and_prints_one_json_object(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "b.md").write_text("---\nauthor: Ann\n---\nSome words of it.\n")
    reindex(corpus, index, encoder=fake)
    run = CliRunner().invoke(application(), ["status", "--documents", "--facets", "--index", str(index), "--json"])
    found = json.loads(run.stdout)
    assert [one["document"] for one in found["documents"]] == ["b.md"]
    assert found["facets"]["author"] == {"ann": 1}
    assert "--where" in CliRunner().invoke(application(), ["status", "--facets", "--index", str(index)]).stdout
