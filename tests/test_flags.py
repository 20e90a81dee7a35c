"""What a reader should know of a passage travels with its citation, for people and for programs."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.inspecting import Place, show
from nrqa.indexing.reindexing import reindex
from nrqa.records import Flag, citation_to_dict
from nrqa.rendering.answer import render_answer
from nrqa.rendering.shown_passage import render_shown

TEXT = (
    "# Ferry\n\nThe ferry leaves at \u202e9 o'clock from the old pier.\n\n"
    "# Train\n\nThe train leaves every hour from the central station.\n"
)
FLAG = Flag("bidirectional control", 29, 30, "right-to-left override (U+202E)")


def shown(renderable: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=200, highlight=False)
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("rebuilt", [False, True])
def test_a_hit_whose_passage_touches_a_flag_says_so_and_no_other(
    corpus: Path, index: Path, fake: FakeEncoder, *, rebuilt: bool
) -> None:
    (corpus / "times.md").write_text(TEXT)
    reindex(corpus, index, encoder=fake)
    if rebuilt:  # parts are put together
        (corpus / "more.md").write_text("The bus leaves from the square when it is full.")
        reindex(corpus, index, encoder=fake)
    answer = Index.open(index, encoder=fake).ask("When does the ferry leave from the old pier?", k=5)
    flags = {hit.passage.citation.heading: hit.passage.citation.flags for hit in answer.hits}
    assert flags == {("Ferry",): (FLAG,), ("Train",): ()} | ({(): ()} if rebuilt else {})
    assert shown(render_answer(answer)).count("beware  bidirectional control: right-to-left override (U+202E)\n") == 1
    told = {"kind": FLAG.kind, "start": FLAG.start, "end": FLAG.end, "detail": FLAG.detail}
    assert [hit["citation"]["flags"] for hit in json.loads(json.dumps(answer.to_dict()))["hits"]].count([told]) == 1


def test_showing_a_passage_tells_its_flags(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "times.md").write_text(TEXT)
    reindex(corpus, index, encoder=fake)
    ferry, train = show(Place("times.md", lines=(3, 3)), index), show(Place("times.md", lines=(7, 7)), index)
    assert "beware  bidirectional control" in shown(render_shown(ferry))
    assert "\u202e" not in shown(render_shown(ferry))
    assert "beware" not in shown(render_shown(train))
    assert [one["citation"]["flags"] for one in ferry.to_dict()["passages"]] == [
        citation_to_dict(ferry.passages[0].citation)["flags"]
    ]
