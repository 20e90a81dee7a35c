"""Which bytes become which text, and the reason where they become none."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

FRENCH = "L’été, à Zürich, « déjà vu » coûte 5 € – voilà où nous en sommes aujourd’hui. "
RUSSIAN = "Россия приостановила работу своей миссии при НАТО в ноябре 2021 года. "
JAPANESE = "ロシアは北大西洋条約機構との対話を停止した。"


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        decode(data)
    return str(caught.value)


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, JAPANESE, "plain"])
def test_utf8_comes_out_as_it_went_in(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbf" + FRENCH.encode()) == (FRENCH, "utf-8")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_marked_wide_encoding_is_read(encoding: str) -> None:
    assert decode(("\ufeff" + JAPANESE + FRENCH).encode(encoding)) == (JAPANESE + FRENCH, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_nul_bytes(encoding: str) -> None:
    assert decode((FRENCH * 3).encode(encoding)) == (FRENCH * 3, encoding)


def test_utf16_cut_in_the_middle_of_a_character_says_where() -> None:
    assert "utf-16-le" in reason("\ufeffabc".encode("utf-16-le") + b"a")


def test_windows_1252_is_read_where_utf8_cannot_be() -> None:
    assert decode(FRENCH.encode("cp1252")) == (FRENCH, "windows-1252")


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift-jis")])
def test_another_eight_bit_code_is_refused_and_not_garbled(text: str, encoding: str) -> None:
    assert "save it as UTF-8" in reason((text * 3).encode(encoding))


def test_a_damaged_byte_in_utf8_spoils_only_itself() -> None:
    data = (RUSSIAN * 4).encode()
    text, encoding = decode(data[:40] + b"\xff" + data[40:])
    assert encoding.startswith("utf-8 (")
    assert text.count("�") >= 1
    assert text.endswith(RUSSIAN * 3)


def test_a_stray_nul_byte_is_kept_as_text() -> None:
    assert decode(b"A report about NATO and Russia,\0 with one NUL byte in it.")[0].count("\0") == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\x7fELF" + b"\0\1\2\3" * 400,
        b"%PDF-1.7\n" + bytes(range(256)) * 9,
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    assert reason(data)


@pytest.mark.parametrize("data", [b" \n\t\r\n", "\ufeff \u3000\n".encode(), b"***\n---\n", b"\0\0\0"])
def test_a_file_without_a_word_has_no_text(data: bytes) -> None:
    assert reason(data) in {"no text in it", "binary data, not text"}


def test_an_empty_file_says_so() -> None:
    assert reason(b"") == "empty file"


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except UnreadableError:
        return
    text.encode()  # no lone surrogates
    assert encoding


@given(st.text(max_size=200))
def test_whatever_text_was_saved_as_utf8_is_read_back(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    try:
        found, encoding = decode(data)
    except UnreadableError:
        return
    assert encoding != "utf-8" or found == text.removeprefix("\ufeff")


def test_a_megabyte_of_noise_is_judged_quickly() -> None:
    begun = time.process_time()
    assert reason(os.urandom(1_000_000))
    assert time.process_time() - begun < 5


def test_a_log_with_colours_is_text() -> None:
    assert decode(b"\x1b[31mfailed\x1b[0m: pump\n" * 9)[1] == "utf-8"
