"""Runs the system's tesseract: finds it, asks for its version and languages, and has it recognise a page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from nrqa.errors import CorpusError

NONE = "none"
"""The word with which the user turns recognition off."""
PAGE_SECONDS = 60
"""Most seconds for recognising one page: a full page takes three seconds, a newspaper page twenty."""

_LANGUAGE = re.compile(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?")
_ASKED_SECONDS = 30
_OFF = "Or leave scans as they are: nrqa index --ocr none"


def written_languages(written: str) -> str:
    """The languages as tesseract takes them ("eng+deu"), each once; "" for ``none``.

    Raises CorpusError if a name cannot be that of a language.
    """
    if written.strip().lower() in ("", NONE):
        return ""
    languages = [one.strip() for one in written.split("+")]
    for one in languages:
        if not _LANGUAGE.fullmatch(one):
            raise CorpusError(f"'{written}' names no languages. Name them as tesseract does: --ocr eng, --ocr eng+deu")
    return "+".join(dict.fromkeys(languages))


def program() -> str | None:
    """The path of tesseract; None where there is none."""
    return shutil.which("tesseract")


def version_for(languages: str) -> str:
    """The version of the installed tesseract.

    Raises CorpusError, with the remedy, if tesseract is missing or does not know one of these languages.
    """
    names = languages.split("+")
    packages = " ".join(f"tesseract-ocr-{one.rpartition('/')[2].lower().replace('_', '-')}" for one in names)
    path = program()
    if path is None:
        raise CorpusError(
            f"Recognising text (--ocr {languages}) needs the program tesseract, which is not installed: "
            f"apt install tesseract-ocr {packages} (macOS: brew install tesseract tesseract-lang). {_OFF}"
        )
    known = _said(path, "--list-langs").split()
    missing = [one for one in names if one not in known]
    if missing:
        raise CorpusError(
            f"tesseract does not know the language '{missing[0]}' (--ocr {languages}): apt install {packages} "
            f"(`tesseract --list-langs` lists those it knows). {_OFF}"
        )
    found = re.search(r"tesseract v?(\S+)", _said(path, "--version"))
    return found[1] if found else "of an unknown version"


def recognised(picture: bytes, dots: float, languages: str) -> bytes | None:
    """A PDF of one page with the text of the picture in invisible letters, each at its place; None if that fails.

    ``picture`` is the content of a picture file; ``dots`` is its resolution in dots per inch.
    """
    path = program()
    if path is None:
        return None
    with TemporaryDirectory(prefix="nrqa-ocr-") as name:
        folder = Path(name)
        (folder / "page.pgm").write_bytes(picture)
        options = ["-l", languages, "--dpi", str(round(dots)), "-c", "textonly_pdf=1"]
        try:
            subprocess.run(  # noqa: S603 - no shell, and languages that were checked
                [path, str(folder / "page.pgm"), str(folder / "page"), *options, "pdf"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # tesseract's threads wait for each other: with one thread, a page takes 3 seconds instead of up to 18.
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
                timeout=PAGE_SECONDS,
                check=True,
            )
            return (folder / "page.pdf").read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None


def _said(path: str, option: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - as above
            [path, option], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASKED_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CorpusError(f"{path} cannot be run ({error}). {_OFF}") from error
    return (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
