"""Archives are opened with limits, before anything in them is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from nrqa.corpus.readers.shared import archive
from nrqa.corpus.readers.shared.archive import open_archive
from nrqa.errors import UnreadableError
from office_files import zipped


def test_members_are_read_by_name() -> None:
    opened = open_archive(zipped({"a.txt": "one", "folder/": "", "folder/b.txt": "two"}))
    assert opened.names == ("a.txt", "folder/b.txt")
    assert opened.read("folder/b.txt") == b"two"
    assert opened.read("missing.txt") is None


def test_what_is_no_archive_says_so() -> None:
    with pytest.raises(UnreadableError, match="not a zip archive"):
        open_archive(b"some text")
    with pytest.raises(UnreadableError, match="not a zip archive"):
        open_archive(b"")


def test_an_archive_that_is_cut_off_says_so() -> None:
    whole = zipped({"a.txt": "one " * 1000})
    with pytest.raises(UnreadableError, match="cut off or damaged"):
        open_archive(whole[:-30])


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"word/document.xml": bytes(20 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableError, match=r"a zip bomb: word/document\.xml unpacks from 20 KiB to 20 MiB"):
        open_archive(bomb)


def test_too_much_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{at}.txt": bytes(1024 * 1024) for at in range(5)})
    open_archive(data)
    monkeypatch.setattr(archive, "MOST_BYTES", 4 * 1024 * 1024)
    with pytest.raises(UnreadableError, match="would unpack to 5 MiB"):
        open_archive(data)


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{at}.txt": "x" for at in range(11)})
    monkeypatch.setattr(archive, "MOST_MEMBERS", 10)
    with pytest.raises(UnreadableError, match="11 files in one archive"):
        open_archive(data)


def test_a_member_that_is_too_large_to_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_archive(zipped({"a.xml": bytes(2 * 1024 * 1024), "b.xml": "small"}))
    monkeypatch.setattr(archive, "MOST_MEMBER", 1024 * 1024)
    assert opened.read("b.xml") == b"small"
    with pytest.raises(UnreadableError, match=r"a\.xml in it would unpack to 2 MiB"):
        opened.read("a.xml")


def test_a_member_that_lies_about_its_size_is_unpacked_no_further() -> None:
    data = zipped({"a.xml": bytes(8 * 1024 * 1024)})
    lying = data.replace(struct.pack("<I", 8 * 1024 * 1024), struct.pack("<I", 1000))
    with pytest.raises(UnreadableError, match=r"damaged: a\.xml in it cannot be unpacked"):
        open_archive(lying).read("a.xml")


def test_a_damaged_member_is_told_and_the_others_are_read() -> None:
    data = zipped({"a.xml": b"A" * 500, "b.xml": "good"}, zipfile.ZIP_STORED)
    opened = open_archive(data.replace(b"A" * 400, b"A" * 399 + b"B"))
    assert opened.read("b.xml") == b"good"
    with pytest.raises(UnreadableError, match=r"damaged: a\.xml in it cannot be unpacked"):
        opened.read("a.xml")


def test_an_encrypted_member_says_what_mends_it() -> None:
    data = bytearray(zipped({"a.xml": "secret"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    with pytest.raises(UnreadableError, match="encrypted; save it without a password"):
        open_archive(bytes(data)).read("a.xml")


def test_of_two_members_of_one_name_the_last_counts() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as two:
        two.writestr("a.xml", "first")
        with pytest.warns(UserWarning, match="Duplicate name"):
            two.writestr("a.xml", "second")
    assert open_archive(target.getvalue()).read("a.xml") == b"second"
