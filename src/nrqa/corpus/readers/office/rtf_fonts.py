"""Decodes the bytes of RTF text with the code page of the file or of the font."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from nrqa.corpus.readers.office.symbols import sign

_OF_CHARSET = {
    77: "mac_roman", 78: "shift_jis", 79: "euc_kr", 80: "gb2312", 81: "big5", 83: "mac_greek", 85: "mac_turkish",
    86: "mac_latin2", 89: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_OF_WORD = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_OF_PAGE = {65001: "utf-8", 10000: "mac_roman", 10007: "mac_cyrillic", 10029: "mac_latin2"}
_SYMBOL = 2


@dataclass(slots=True)
class Font:
    """A font of the file's table."""

    name: str = ""
    charset: int = 0
    page: int | None = None


@dataclass(slots=True)
class Fonts:
    """The fonts by number; ``codec`` is the file's own code page."""

    codec: str = "cp1252"
    by_number: dict[int, Font] = field(default_factory=dict)

    def set_page(self, word: str, page: int | None) -> None:
        """Take the file's code page from a control word."""
        self.codec = _OF_WORD.get(word) or _known(page) or self.codec

    def decoded(self, data: bytes, number: int) -> str:
        """Decodes bytes of text that have the font with this number."""
        font = self.by_number.get(number, Font())
        if font.charset == _SYMBOL:
            return "".join(chr(one) if one == 0x20 else sign(font.name, one) for one in data)
        codec = _known(font.page) or _OF_CHARSET.get(font.charset) or self.codec
        return data.decode(codec, "replace")


def _known(page: int | None) -> str | None:
    if page is None:
        return None
    name = _OF_PAGE.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
