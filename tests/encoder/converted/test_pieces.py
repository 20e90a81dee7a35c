"""Questions cut with only the pieces that they may need, against the whole tokenizer."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from typing import cast

import pytest
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from multilingual_texts import TEXTS
from nrqa.encoder.converted import pieces
from nrqa.encoder.converted.pieces import Pieces, write_pieces
from nrqa.encoder.converted.tokenizing import Tokenizing
from nrqa.errors import EncoderError

_LIMIT = 40


def _tokenizer() -> Tokenizer:
    """A tokenizer like that of XLM-RoBERTa, with all that up to four letters of the texts may be."""
    chance = random.Random(7)
    spaced = ["▁" + text.replace(" ", "▁") for text in TEXTS[:20]]
    parts = {text[at : at + size] for text in spaced for at in range(len(text)) for size in (1, 2, 3, 4)}
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary += [(part, -5 - 10 * chance.random()) for part in sorted(parts)]
    found = Tokenizer(models.Unigram([*vocabulary, ("<mask>", 0.0)], 3))
    found.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    found.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always")
    found.add_special_tokens([AddedToken(one, special=True) for one in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")])
    found.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pieces, "_LARGE", 100)
    written = _tokenizer().to_str()
    (tmp_path / "tokenizer.json").write_text(written)
    write_pieces(written, tmp_path)
    return tmp_path


def test_tokens_and_places_are_those_of_the_whole_tokenizer(folder: Path) -> None:
    whole, some = _tokenizer(), Pieces(folder, _LIMIT)
    whole.enable_truncation(_LIMIT)
    forms = cast("list[str]", [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKD") for text in TEXTS])
    for text in (*forms, "", " ", "a", "\x00", "▁", "no piece has 🦔🦔"):
        (cut,) = some.cut([text])
        expected = whole.encode(text)
        assert (cut.ids, cut.offsets) == (expected.ids, expected.offsets), text
    together = some.cut(TEXTS)
    assert [one.ids for one in together] == [one.ids for one in whole.encode_batch(list(TEXTS))]


def test_long_texts_and_named_tokens_are_left_to_the_whole_tokenizer(folder: Path) -> None:
    some = Pieces(folder, _LIMIT)
    assert some.can_cut(["a question"])
    assert not some.can_cut(["a question"] * 1000)
    assert not some.can_cut(["what does <mask> mean"])
    reading = Tokenizing(folder, _LIMIT)
    assert reading.read(["what does <mask> mean"])[0].ids == _tokenizer().encode("what does <mask> mean").ids
    assert reading.unknown == some.unknown == 3
    assert reading.special == 2
    assert reading.count(["x" * 50]) == [len(_tokenizer().encode("x" * 50).ids) - 2]


def test_a_whole_tokenizer_that_is_loaded_is_used(folder: Path) -> None:
    reading = Tokenizing(folder, _LIMIT)
    first = reading.read(["Wie viele Einwohner hat die Hauptstadt?"])[0]
    assert "_whole" not in reading.__dict__
    assert reading.special == 2
    (folder / pieces.PIECES).unlink()
    assert reading.read(["Wie viele Einwohner hat die Hauptstadt?"])[0].ids == first.ids


def test_other_tokenizers_get_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pieces(_tokenizer().to_str(), tmp_path)  # too small to be worth it
    monkeypatch.setattr(pieces, "_LARGE", 1)
    words = Tokenizer(models.WordLevel({"a": 0, "b": 1}, "a"))
    write_pieces(words.to_str(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_an_error_that_names_it(folder: Path) -> None:
    file = folder / pieces.PIECES
    file.write_bytes(b"no database" + bytes(5000))
    with pytest.raises(EncoderError, match="damaged"):
        Pieces(folder, _LIMIT).cut(["a question"])
