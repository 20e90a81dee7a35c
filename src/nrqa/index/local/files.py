"""The names of the files in a generation.

    000007/  manifest.json
             lexical/                      tantivy's files
             codebook.npy                  what decodes token codes (see late.coding): five arrays of float16
             token_counts.npy              shape (2, tokens): ids, ascending, and in how many passages each occurs
             part-000001/  part-000004/    each: catalog.sqlite, texts.zlib, rows.npy, documents.npy, vectors.faiss
                                           (an index of FAISS's, whose ids are the rows), tokens.u8 (codes, one
                                           after another), token_places.npy (for each row, where its codes begin
                                           and how many there are)

A part is written once and hard-linked into later generations. A row or document number is assigned once and
never reused; the rows of a part ascend. For each part, the manifest lists the documents that were removed or
replaced since it was written.
"""

from __future__ import annotations

from collections.abc import Iterable

from nrqa.index.local.catalog.schema import CATALOG, TEXTS
from nrqa.index.manifest import Part

LEXICAL = "lexical"
_PART = "part-"
ROWS, DOCUMENTS = "rows.npy", "documents.npy"
VECTORS = "vectors.faiss"
CODEBOOK, TOKEN_COUNTS = "codebook.npy", "token_counts.npy"
TOKENS, TOKEN_PLACES = "tokens.u8", "token_places.npy"
FILES_OF_PART = frozenset({CATALOG, TEXTS, ROWS, DOCUMENTS, VECTORS, TOKENS, TOKEN_PLACES})
OTHER_FILES = frozenset({CODEBOOK, TOKEN_COUNTS})
"""All names of files in the folder of a part, and beside the parts. Others are not the index's."""


def part_name(present: Iterable[Part]) -> str:
    """A name for a new part that none of those present has."""
    return f"{_PART}{1 + max((int(part.name.removeprefix(_PART)) for part in present), default=0):06d}"
