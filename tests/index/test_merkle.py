from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from nrqa.index.merkle import root

_DOCUMENTS = st.dictionaries(st.text(min_size=1, max_size=5), st.sampled_from(["0" * 64, "1" * 64]), max_size=9)


@given(_DOCUMENTS)
def test_order_does_not_matter(documents: dict[str, str]) -> None:
    pairs = list(documents.items())
    assert root(pairs) == root(reversed(pairs))


@given(_DOCUMENTS, st.text(min_size=1, max_size=5), st.sampled_from(["2" * 64]))
def test_every_document_counts(documents: dict[str, str], name: str, changed: str) -> None:
    assert root(documents.items()) != root({**documents, name: changed}.items())


def test_three_leaves_by_hand() -> None:
    def leaf(name: str, digest: str) -> bytes:
        return hashlib.sha256(b"\x00" + name.encode() + b"\x00" + digest.encode()).digest()

    a, b, c = (leaf(name, "f" * 64) for name in "abc")
    inner = hashlib.sha256(b"\x01" + a + b).digest()
    assert root((name, "f" * 64) for name in "abc") == hashlib.sha256(b"\x01" + inner + c).hexdigest()
