"""What callers of the library give: a wrong type is an error of the verb, with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

import nrqa
from fakes import FakeEncoder
from nrqa.errors import NrqaError
from nrqa.given import given_path, given_paths, given_texts

NO_PATHS = [None, 5, "", b"corpus", "a\0b", {"a": 1}, [["nested"]]]


@pytest.mark.parametrize("value", NO_PATHS)
def test_what_is_no_path_is_an_error_that_names_the_parameter(value: Any) -> None:
    with pytest.raises(nrqa.DraftError, match=r"draft is .*give the path"):
        given_path(value, "draft", nrqa.DraftError)


def test_paths_and_texts_are_taken_alone_and_in_lists(tmp_path: Path) -> None:
    assert given_path("a/b", "index") == Path("a/b")
    assert given_paths(tmp_path, "corpus", nrqa.CorpusError) == [tmp_path]
    assert given_paths(["a", tmp_path], "corpus", nrqa.CorpusError) == [Path("a"), tmp_path]
    assert given_texts("*.md", "include", nrqa.CorpusError) == ("*.md",)
    assert given_texts(iter(["a", "b"]), "include", nrqa.CorpusError) == ("a", "b")
    assert given_texts(None, "include", nrqa.CorpusError) is None
    for wrong in (5, [None], b"x"):
        with pytest.raises(nrqa.CorpusError, match="include is"):
            given_texts(wrong, "include", nrqa.CorpusError)


NONE: Any = None
"""What no type checker lets through."""


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (nrqa.CorpusError, lambda folder, fake: nrqa.reindex(NONE, folder / "index", encoder=fake)),
        (nrqa.CorpusError, lambda folder, fake: nrqa.reindex([NONE], folder / "index", encoder=fake)),
        (nrqa.QuestionError, lambda folder, fake: nrqa.reindex(folder, NONE, encoder=fake)),
        (nrqa.CorpusError, lambda folder, fake: nrqa.reindex(folder, folder / "index", encoder=fake, include=[NONE])),
        (nrqa.EncoderError, lambda folder, _: nrqa.reindex(folder, folder / "index", model=cast("Any", 5))),
        (nrqa.CorpusError, lambda folder, fake: next(nrqa.watch(NONE, folder / "index", encoder=fake))),
        (nrqa.DraftError, lambda _, __: nrqa.check(NONE)),
        (nrqa.QuestionError, lambda folder, _: nrqa.check(draft(folder), NONE)),
        (nrqa.ReceiptError, lambda _, __: nrqa.replay(NONE)),
        (nrqa.QuestionSetError, lambda _, __: nrqa.evaluate(NONE)),
    ],
)
def test_every_verb_refuses_what_is_no_path(
    tmp_path: Path, fake: FakeEncoder, error: type[NrqaError], call: Callable[[Path, FakeEncoder], Any]
) -> None:
    draft(tmp_path)
    with pytest.raises(error):
        call(tmp_path, fake)


def draft(folder: Path) -> Path:
    (folder / "draft.md").write_text("No quotation.")
    return folder / "draft.md"
