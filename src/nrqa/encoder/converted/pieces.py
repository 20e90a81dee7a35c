"""Cuts questions into tokens by a large vocabulary without loading it.

The library tokenizers takes a second and 280 MB to load a quarter of a million pieces (a Unigram model's). A text can
only be cut into pieces that are part of it. So the pieces lie in a database, and a question is cut by a tokenizer that
knows those few, and is in all else the model's own: what normalises, finds words, adds special tokens. The tokens are
the same as with all pieces, since the best way to cut a text does not depend on pieces that are not in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from nrqa.encoder.converted.files import TOKENIZER_FRAME
from nrqa.errors import EncoderError

PIECES = "pieces.sqlite"
"""The vocabulary: each piece with its id and its score."""
_LARGE = 50_000
"""Smaller vocabularies load in a twentieth of a second."""
_MOST_LETTERS = 4000
"""Code points of texts for which pieces are looked up; for more, loading the whole vocabulary takes less time."""
_LOOK_UP = "SELECT piece, id, score FROM pieces WHERE piece IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Cut:
    """A text's tokens: their ids, and their places in it."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def write_pieces(tokenizer: str, folder: Path) -> None:
    """Write database and frame for a tokenizer in the library's own form, if it can do without all its pieces."""
    content = json.loads(tokenizer)
    model, after = content["model"], content["post_processor"]
    if model["type"] != "Unigram" or len(model["vocab"]) < _LARGE or model.get("byte_fallback"):
        return
    if model["unk_id"] is None or after is None or after["type"] != "TemplateProcessing":
        return
    pieces = model["vocab"]
    # The unknown one; those that are named; the worst one, from whose score that of the unknown one follows.
    named = {one["content"] for one in content["added_tokens"]}
    worst = min(range(len(pieces)), key=lambda at: pieces[at][1])
    needed = sorted({model["unk_id"], worst, *(at for at, (piece, _) in enumerate(pieces) if piece in named)})
    local = {one: at for at, one in enumerate(needed)}
    for special in after["special_tokens"].values():
        special["ids"] = [local[one] for one in special["ids"]]
    content["added_tokens"] = [one | {"id": local[one["id"]]} for one in content["added_tokens"] if one["id"] in local]
    content["model"] = model | {"unk_id": local[model["unk_id"]], "vocab": [pieces[at] for at in needed]}
    frame = {
        "tokenizer": content,
        "ids": needed,
        "unknown": model["unk_id"],
        "longest": max(len(piece) for piece, _ in pieces),
        "named": sorted(named),
    }
    (folder / TOKENIZER_FRAME).write_text(json.dumps(frame, ensure_ascii=False), "utf-8")
    with closing(sqlite3.connect(folder / PIECES)) as database:
        database.execute("CREATE TABLE pieces (piece TEXT PRIMARY KEY, id INTEGER, score REAL) WITHOUT ROWID")
        rows = sorted((piece, at, score) for at, (piece, score) in enumerate(pieces))
        database.executemany("INSERT OR IGNORE INTO pieces VALUES (?, ?, ?)", rows)
        database.commit()


class Pieces:
    """The tokenizer of a conversion that has a database of pieces."""

    def __init__(self, folder: Path, most_tokens: int) -> None:
        from tokenizers import Tokenizer

        frame = json.loads((folder / TOKENIZER_FRAME).read_text("utf-8"))
        self.unknown: int = frame["unknown"]
        self._ids, self._longest, self._named = frame["ids"], frame["longest"], frame["named"]
        self._usual = frame["tokenizer"]["model"]["vocab"]
        self._frame = Tokenizer.from_str(json.dumps(frame["tokenizer"]))
        self._most, self._folder = most_tokens, folder
        # Nobody writes to it: without locks, and its name may be a path with any signs.
        place = (folder / PIECES).resolve().as_uri()
        self._database = sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._turn = Lock()

    def can_cut(self, texts: Sequence[str]) -> bool:
        """Whether the texts are short enough, and name no special token, which would be read as one."""
        if sum(map(len, texts)) > _MOST_LETTERS:
            return False
        return not any(name in text for name in self._named for text in texts)

    def cut(self, texts: Sequence[str]) -> list[Cut]:
        """The tokens of each text, with special ones, cut off at the model's limit."""
        from tokenizers import Tokenizer, models

        found = self._look_up({part for text in texts for word in self._words(text) for part in self._parts(word)})
        # The usual pieces come first, so that the frame's ids hold.
        vocabulary = [(piece, score) for piece, score in self._usual]
        vocabulary += [(piece, score) for piece, _, score in found]
        ids = [*self._ids, *(one for _, one, _ in found)]
        small = Tokenizer(models.Unigram(vocabulary, self._ids.index(self.unknown)))
        small.normalizer, small.pre_tokenizer = self._frame.normalizer, self._frame.pre_tokenizer
        small.post_processor = self._frame.post_processor
        small.enable_truncation(self._most)
        return [Cut([ids[at] for at in one.ids], one.offsets) for one in small.encode_batch(list(texts))]

    def _words(self, text: str) -> Iterator[str]:
        normalised = self._frame.normalizer.normalize_str(text) if self._frame.normalizer else text
        if self._frame.pre_tokenizer is None:
            yield normalised
        else:
            yield from (word for word, _ in self._frame.pre_tokenizer.pre_tokenize_str(normalised))

    def _parts(self, word: str) -> Iterator[str]:
        """All that a piece of a word may be."""
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                yield word[start:end]

    def _look_up(self, parts: set[str]) -> list[tuple[str, int, float]]:
        """The pieces among them, in the order of their ids, without those that the frame has."""
        known = {piece for piece, _ in self._usual}
        wanted = sorted(parts - known)
        try:
            with self._turn:
                found = self._database.execute(_LOOK_UP, (json.dumps(wanted),)).fetchall()
        except sqlite3.DatabaseError as error:
            raise EncoderError(
                f"The converted encoder is damaged ({error}). Delete its folder: '{self._folder}'"
            ) from error
        return sorted(found, key=lambda one: one[1])
