"""squad_v1_dev as plain files, and what nrqa's encoder is given for them."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nrqa.index.encoder_input import encoder_input
from nrqa.index.local.snapshot import LocalSnapshot


def write_files(source: Path, folder: Path, most: int = 0) -> Path:
    """One .txt file for each line of the source, its text and nothing else; of the first lines only, if so many are."""
    folder.mkdir(parents=True)
    with source.open(encoding="utf-8") as lines:
        for line in islice(lines, most or None):
            one = json.loads(line)
            (folder / f"{one['_id']}.txt").write_text(one["text"] + "\n", "utf-8")
    return folder


def encoder_inputs(index: Path) -> tuple[list[str], NDArray[np.float32]]:
    """The strings that nrqa's encoder was given for an index, and the vectors that are stored for them."""
    snapshot = LocalSnapshot.newest(index)
    texts = []
    for row in (int(row) for part in snapshot.vector_parts for row in part.rows):
        stored = snapshot.stored(row)
        texts.append(encoder_input(stored.context, stored.passage.text, markup=stored.markup))
    return texts, np.concatenate([part.restored(np.arange(len(part.rows))) for part in snapshot.vector_parts])
