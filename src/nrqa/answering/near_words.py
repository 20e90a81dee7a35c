"""Words of the corpus that are spelled almost like a word of the question that occurs nowhere."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nrqa.text.letters import is_unspaced
from nrqa.text.near_spelling import is_near
from nrqa.text.terms import document_terms, written_words

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot

_LEAST, _LONG = 4, 7
"""Letters a word must have for one letter of it to be wrong, and for two."""
_READ = 30
"""Passages in which the words are looked for: what is like a word is mostly one or two others."""
_MOST = 3
_MOST_WORDS = 8
"""Words of a question that are looked up: each takes some milliseconds."""


def near_words(
    snapshot: Snapshot,
    words: Sequence[str],
    *,
    where: Mapping[str, list[str]] | None = None,
    only: Sequence[str] | None = None,
) -> dict[str, list[str]]:
    """For each word those like it that occur in the searched documents, as they are written there, the commonest first.

    A word is like another if one letter differs, or two of a long one. Of numbers, none is like another.
    """
    if snapshot.lexical is None:
        return {}
    documents = snapshot.filtered(where, only).documents
    found = {}
    for word in words[:_MOST_WORDS]:
        like = _like(snapshot, word, documents)
        if like:
            found[word] = like
    return found


def _like(snapshot: Snapshot, word: str, documents: frozenset[int] | None) -> list[str]:
    terms = document_terms(word)
    if len(terms) != 1 or len(word) < _LEAST or is_unspaced(word) or any(map(str.isdigit, word)):
        return []
    assert snapshot.lexical is not None
    for changes in (1, 2) if len(word) >= _LONG else (1,):
        rows = snapshot.lexical.like(terms[0], changes, _READ, documents=documents)
        met: Counter[str] = Counter()
        plain = _plain(word.lower())
        for row in rows.tolist():
            citation, text = (one := snapshot.stored(row).passage).citation, one.text
            for other in written_words(" ".join((text, citation.title, *citation.heading))):
                its = other.group()
                if abs(len(its) - len(word)) <= changes + 1 and is_near(_plain(its.lower()), plain, changes):
                    met[its] += 1
        if met:
            return [one for one, _ in _together(met).most_common(_MOST)]
    return []


def _together(met: Counter[str]) -> Counter[str]:
    """The words with their counts, those that differ in case alone as one, spelled as it is most often."""
    spelled: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one, count in met.most_common():
        counts[spelled.setdefault(one.casefold(), one)] += count
    return counts


def _plain(word: str) -> str:
    """The word without its accents, which do not count."""
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
