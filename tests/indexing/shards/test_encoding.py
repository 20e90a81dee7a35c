"""A shard becomes the same bytes each time, and the vectors are those of a build."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fakes import FakeEncoder
from nrqa.corpus.files.listing import list_corpus
from nrqa.corpus.files.roots import corpus_at
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.isolation import reading
from nrqa.encoder.protocol import Encoder
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.pieces import Pieces
from nrqa.indexing.shards.encoding import encode_shard
from nrqa.indexing.shards.task import Task, shard_of, task_of, written
from nrqa.signals.codebook import shipped


def _task(**words: object) -> Task:
    given = {
        "settings": Settings().to_dict(), "model": "fake", "trusted": False, "fingerprint": "", "index": "",
        "generation": 0, "offline": True, "codebook": b"codes", **words,
    }  # fmt: skip
    return Task(**given)  # type: ignore[arg-type]


def test_the_same_shard_gives_the_same_bytes_and_the_build_s_vectors(
    articles: Path, articles_index: Path, encoder: Encoder, tmp_path: Path
) -> None:
    shard = list_corpus(corpus_at([articles])).sources
    codebook = shipped(encoder.model.fingerprint)
    with reading() as read:
        one, again = (
            encode_shard(shard, read=read, encoder=encoder, codebook=codebook, settings=Settings()) for _ in range(2)
        )
    assert one == again
    Pieces(tmp_path).save("one", one)
    found = Pieces(tmp_path)
    snapshot = LocalSnapshot.newest(articles_index)
    keys = [key for part in snapshot._parts for key in part.catalog.keys().values()]
    assert keys
    embedded = snapshot.embedded(keys)
    assert embedded.keys() == {*keys}
    for key, known in embedded.items():
        saved = found.get(key)
        assert saved is not None
        vector = np.frombuffer(saved[: 2 * encoder.model.dimensions], np.float16).astype(np.float32)
        # The index keeps a byte for each number of a vector.
        assert float(vector @ known[0].astype(np.float32)) > 0.999


def test_known_vectors_and_unreadable_files_are_left_out(corpus: Path) -> None:
    (corpus / "one.txt").write_text("A lighthouse stands on the rock of Zanzibar and shines.")
    (corpus / "two.pdf").write_bytes(b"no PDF at all")
    fake = FakeEncoder()
    shard = list_corpus(corpus_at([corpus])).sources
    with reading() as read:
        encode_shard(shard, read=read, encoder=fake, codebook=None, settings=Settings(), known=lambda _: True)
        assert fake.encoded == []
        encode_shard(shard, read=read, encoder=fake, codebook=None, settings=Settings())
    assert len(fake.encoded) == 1


def test_a_piece_s_name_says_all_that_it_depends_on(corpus: Path) -> None:
    (corpus / "one.txt").write_text("one")
    shard = list_corpus(corpus_at([corpus])).sources
    name = _task().named(shard)
    assert _task(index="/elsewhere", model="the same by another name").named(shard) == name
    others = [
        _task(codebook=b"others").named(shard),
        _task(fingerprint="another").named(shard),
        _task(generation=1).named(shard),
        _task(settings=Settings(passage_tokens=90).to_dict()).named(shard),
        _task(version="0.0.0").named(shard),
    ]
    (corpus / "one.txt").write_text("two!")
    others.append(_task().named(list_corpus(corpus_at([corpus])).sources))
    assert len({name, *others}) == 7


def test_task_and_shard_survive_the_way_to_a_worker(corpus: Path) -> None:
    (corpus / "one.txt").write_text("one")
    shard = list_corpus(corpus_at([corpus])).sources
    assert shard_of(written(shard)) == shard
    task = _task(settings=Settings(columns={"text": ["body"]}).to_dict())
    assert task_of(task.to_dict(), task.codebook).named(shard) == task.named(shard)
