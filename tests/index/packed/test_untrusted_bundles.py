"""A bundle may be somebody else's: every byte of it is compared, and nothing that it says leads anywhere."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.errors import IndexDamagedError, IndexUnusableError, NrqaError
from nrqa.index import merkle
from nrqa.index.packed.listing import Member, comment_of, is_name, root_of, written
from nrqa.index.packed.reading import listed, root_at, unpack
from nrqa.index.packed.unpacked import unpack_into
from nrqa.index.packed.writing import write_bundle
from nrqa.index.packed.zip_frame import Entry, end, head

SMALL: Mapping[str, bytes] = {
    "index/000001/manifest.json": b"{}",
    "licences/nrqa/LICENSE": b"free",
    "sources/a.txt": b"some words\n" * 9,
    "sources/empty.txt": b"",
    "sources/é/b.txt": b"other words",
}


def small(folder: Path, contents: Mapping[str, bytes] = SMALL) -> Path:
    file = folder / "small.nrqa"
    write_bundle(contents, file, lambda _: None)
    return file


def forged(file: Path, contents: Mapping[str, bytes], listing: bytes | None = None) -> Path:
    """A bundle as somebody makes it who knows the format, and minds no rule about names."""
    members = [Member(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(contents.items())]
    listing = written(members) if listing is None else listing
    everything = {"bundle.json": listing, **{one.name: contents[one.name] for one in members}}
    entries = [Entry(name, len(data), zlib.crc32(data)) for name, data in everything.items()]
    bodies = b"".join(head(entry) + everything[entry.name] for entry in entries)
    file.write_bytes(bodies + end(entries, comment_of(root_of(members))))
    return file


def unpacked(file: Path, folder: Path) -> dict[str, bytes]:
    unpack_into(file, folder, lambda _: True)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "bundle.json"
    }


@given(
    st.dictionaries(
        st.sampled_from(["index/000002/a-b.json", "sources/x y.txt", "sources/ж/ü.md", "licences/nrqa/LICENSE"]),
        st.binary(max_size=300),
    )
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, contents: dict[str, bytes]) -> None:
    folder = tmp_path_factory.mktemp("bundle")
    file = small(folder, contents)
    assert unpacked(file, folder / "out") == contents
    with zipfile.ZipFile(file) as archive:
        assert {name: archive.read(name) for name in archive.namelist()[1:]} == contents


@pytest.mark.slow
def test_every_changed_byte_is_refused(tmp_path: Path) -> None:
    file = small(tmp_path)
    whole = file.read_bytes()
    unpack(file, lambda _: nullcontext(BytesIO()), lambda _: None)
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        file.write_bytes(changed)
        with pytest.raises(NrqaError):
            unpack(file, lambda _: nullcontext(BytesIO()), lambda _: None)


@given(st.data())
def test_a_changed_byte_of_a_member_is_named_with_the_member(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("bundle")
    file = small(folder)
    name = data.draw(st.sampled_from([name for name, content in SMALL.items() if content]))
    with zipfile.ZipFile(file) as archive:
        begins = archive.getinfo(name).header_offset + len(head(Entry(name, len(SMALL[name]), 0)))
    at = begins + data.draw(st.integers(0, len(SMALL[name]) - 1))
    changed = bytearray(file.read_bytes())
    changed[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(changed)
    with pytest.raises(IndexDamagedError, match=f"member '{name}' is not as it was packed"):
        unpack_into(file, folder / "out", lambda _: True)


@pytest.mark.parametrize("length", [0, 1, 50, 400, -1])
def test_a_file_that_is_cut_off_or_longer_is_refused(tmp_path: Path, length: int) -> None:
    file = small(tmp_path)
    whole = file.read_bytes()
    for data in (whole[:length], whole[:length] + whole, whole + b"x", whole[:60] + whole[61:]):
        if data != whole:
            file.write_bytes(data)
            with pytest.raises(IndexUnusableError):
                unpack(file, lambda _: nullcontext(BytesIO()), lambda _: None)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/passwd",
        "sources/../../outside.txt",
        "sources//etc/passwd",
        "sources/a/./b",
        "sources/..",
        "sources/",
        "sources/a\\..\\b",
        "sources/C:/x",
        "sources/a\0b",
        "sources/a\nb",
        "index/../x.json",
        "index/000001/../../x",
        "index/000001/a/b/c",
        "index/LOCK",
        "index/standing/1.json",
        "encoder/run.py",
        "encoder/../x",
        "licences/../x",
        "bundle.json",
        "tests/x",
        "sources/" + "x" * 2000,
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    assert not is_name(name)
    file = forged(tmp_path / "x.nrqa", {name: b"mine"})
    with pytest.raises(IndexDamagedError):
        unpack_into(file, tmp_path / "out", lambda _: True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path != file]


def test_a_member_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    twice = Member("sources/a.txt", 1, hashlib.sha256(b"a").hexdigest())
    file = forged(tmp_path / "x.nrqa", {"sources/a.txt": b"a"}, written([twice, twice]))
    with pytest.raises(IndexDamagedError):
        listed(file)


@pytest.mark.parametrize(
    "listing",
    [
        b"", b"{}", b"[]", b"null", b'{"members": 1}', b'{"format": 1, "members": [[]]}', b"[" * 100_000,
        b'{"format": 1, "members": [\n["sources/a.txt", -1, "x"]\n]}\n', b'{"members": [["a", 1e99, null]]}', b"\xff",
    ],
)  # fmt: skip
def test_a_list_of_members_that_is_none_is_refused(tmp_path: Path, listing: bytes) -> None:
    file = forged(tmp_path / "x.nrqa", {}, listing)
    with pytest.raises(IndexDamagedError):
        listed(file)


def test_sizes_that_the_file_does_not_have_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    huge = Member("sources/a.txt", 1 << 50, "0" * 64)
    listing = written([huge])
    entry = Entry("bundle.json", len(listing), zlib.crc32(listing))
    file = tmp_path / "x.nrqa"
    file.write_bytes(head(entry) + listing + head(Entry(huge.name, huge.size, 0)) + comment_of(root_of([huge])))
    with pytest.raises(IndexDamagedError, match="bytes instead of 1,125,899,906,843,"):
        unpack_into(file, tmp_path / "out", lambda _: True)
    assert not list((tmp_path / "out").iterdir())


def test_a_root_that_is_not_that_of_the_members_is_refused(tmp_path: Path) -> None:
    file = small(tmp_path)
    other = comment_of(merkle.root([("sources/a.txt", "0" * 64)]))
    file.write_bytes(file.read_bytes()[: -len(other)] + other)
    assert root_at(file) in other.decode()
    with pytest.raises(IndexDamagedError, match="list of members"):
        unpack_into(file, tmp_path / "out", lambda _: True)


def test_what_other_programs_zip_is_no_bundle(tmp_path: Path) -> None:
    file = tmp_path / "x.nrqa"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", written([]))
        archive.writestr("sources/bomb.txt", b"0" * 10_000_000)
        archive.comment = comment_of(root_of([]))
    with pytest.raises(IndexDamagedError):
        unpack_into(file, tmp_path / "out", lambda _: True)


def test_a_bundle_of_a_later_format_says_so(tmp_path: Path) -> None:
    file = small(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"nrqa bundle 1", b"nrqa bundle 2"))
    with pytest.raises(IndexUnusableError, match="format 2, this nrqa reads format 1"):
        root_at(file)


@pytest.mark.slow
def test_files_of_more_than_four_gigabytes_and_many_members_are_framed_as_zip_does() -> None:
    """The frame of a huge archive, without its contents: Python's zipfile finds every member where it is."""
    entries = [Entry("a", 5 << 30, 7), Entry("b", 0, 0), Entry("c", 3, 9)]
    directory = end(entries, b"")
    begins = sum(len(head(one)) + one.size for one in entries)

    class Hollow:
        """A file of zeros that ends in the directory."""

        at = 0

        def seek(self, to: int, whence: int = 0) -> int:
            self.at = to + (0, self.at, begins + len(directory))[whence]
            return self.at

        def tell(self) -> int:
            return self.at

        def seekable(self) -> bool:
            return True

        def read(self, count: int = -1) -> bytes:
            left = begins + len(directory) - self.at
            count = left if count < 0 else min(count, left)
            zeros = max(0, min(count, begins - self.at))
            start = max(0, self.at - begins)
            self.at += count
            return bytes(zeros) + directory[start : start + count - zeros]

    with zipfile.ZipFile(Hollow()) as archive:
        found = [(one.filename, one.file_size, one.CRC, one.header_offset) for one in archive.infolist()]
    places = [0, len(head(entries[0])) + (5 << 30), len(head(entries[0])) + (5 << 30) + len(head(entries[1]))]
    assert found == [(one.name, one.size, one.crc, at) for one, at in zip(entries, places, strict=True)]
    many = [Entry(str(at), 0, 0) for at in range(70_000)]
    assert len(zipfile.ZipFile(BytesIO(b"".join(map(head, many)) + end(many, b""))).namelist()) == 70_000


def test_the_list_is_json_that_people_can_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(small(tmp_path)) as archive:
        content = json.loads(archive.read("bundle.json"))
    assert content["format"] == 1
    assert [one[0] for one in content["members"]] == sorted(SMALL)
