"""Files that hold no text to read: pictures, sound, films, archives, fonts, programs, and empty files.

Nothing that a question could ask for is lost with them, so they leave a verdict as it is. Any other file that is not
searchable could hold text.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from nrqa.corpus.readers.sniffing import TEXTLESS
from nrqa.errors import EMPTY_FILE
from nrqa.records import Skipped

_SUFFIXES = {
    "picture": "png jpg jpeg jpe jfif gif bmp dib tif tiff webp avif heic heif ico icns cur psd xcf ai eps svg svgz "
    "emf wmf raw cr2 nef dng tga pcx ppm pgm pbm xpm jp2 j2k jxl",
    "sound recording": "mp3 wav flac ogg oga opus m4a m4b aac wma aif aiff mid midi amr caf",
    "film": "mp4 m4v mkv mov avi webm wmv flv mpg mpeg ogv 3gp mts m2ts vob",
    "archive": "zip tar gz tgz bz2 tbz2 xz txz zst lz lzma lz4 7z rar cab jar war iso dmg img cpio ar deb rpm whl apk "
    "egg gem crate",
    "font": "ttf otf ttc woff woff2 eot pfb pfm afm",
    "shortcut": "url webloc lnk desktop",
    "program": "exe dll so dylib a lib o obj pyc pyo pyd class msi sys elf wasm bin swp",
}
_KINDS = {f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}

_ELSEWHERE = (".gdoc", ".gsheet", ".gslides", ".icloud")
"""What programs put in place of documents that lie on somebody else's computer."""


def unsupported_reason(name: str) -> str:
    """Why a file with this name is not read."""
    suffix = PurePosixPath(name).suffix.lower()
    kind = _KINDS.get(suffix)
    if kind == "archive":
        return "archive: not opened; unpack it to have its files read"
    if suffix in _ELSEWHERE:
        return f"{suffix} files are not supported: the document itself lies elsewhere; download it"
    told = f": a {kind}, not a text" if kind else ""
    return f"{suffix} files are not supported{told}"


def could_hold_text(skipped: Skipped) -> bool:
    """Whether a file that is not searchable could hold text that a question asks for."""
    if PurePosixPath(skipped.document).suffix.lower() in _KINDS:
        return False
    return skipped.reason != EMPTY_FILE and skipped.reason not in TEXTLESS
