"""Opens a cited place: a text in the user's editor at its line, anything else in the system's viewer of such files."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.corpus.readers.kinds import has_lines
from nrqa.errors import NrqaError
from nrqa.rendering.links import editor_link, file_url

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.records import Citation, Hit

_LINE = {
    "+{line} {file}": "vi vim nvim gvim view nano pico emacs emacsclient kak micro ne joe jed mcedit gedit geany mg",
    "-g {file}:{line}": "code code-insiders codium vscodium cursor windsurf",
    "{file}:{line}": "subl hx helix zed zeditor atom lapce",
    "--line {line} {file}": "idea pycharm webstorm goland clion rubymine phpstorm",
    "-l {line} {file}": "mate kate kwrite",
}
"""How editors are told the line, by the names of their programs."""


def open_hit(hit: Hit, index: Index) -> str:
    """Open it, a text at the line where its answering sentence begins, and say what was done.

    Raises NrqaError where the file is not there, or nothing can open it.
    """
    from nrqa.cli.answers import editor_named

    citation = hit.passage.citation
    file = file_of(citation, index)
    before = hit.highlights[0].start - citation.start if hit.highlights else 0
    line = citation.line_start + hit.passage.text.count("\n", 0, before)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if has_lines(citation.document) and editor:
        _run(editor_command(editor, file, line))
        return f"opened {file} at line {line} with {shlex.split(editor)[0]}"
    linked = editor_named(default=None)
    if has_lines(citation.document) and linked:
        _show(editor_link(file, line, editor=linked), file)
        return f"opened {file} at line {line} with {linked}"
    _show(file_url(file, citation.page) if citation.page else str(file), file)
    return f"opened {file}" + (f", page {citation.page}" if citation.page else "")


def file_of(citation: Citation, index: Index) -> Path:
    """Where the source of a citation is. Raises NrqaError where it is not."""
    from nrqa.index.freshness import corpus_of

    corpus = corpus_of(index.snapshot.manifest, index.folder)
    path = corpus.path_of(citation.document) if corpus else None
    if path is None or not path.is_file():
        raise NrqaError(f"The file of '{citation.document}' is not there any more. `show` tells its text as indexed")
    return path


def editor_command(editor: str, file: Path, line: int) -> list[str]:
    """The words that start the editor, which may have options of its own, with the file at a line."""
    try:
        words = shlex.split(editor)
    except ValueError as error:
        raise NrqaError(f"The editor '{editor}' cannot be started: {error}. Mend VISUAL or EDITOR") from error
    if not words:
        raise NrqaError("VISUAL or EDITOR names no program")
    name = Path(words[0]).stem.lower()
    form = next((form for form, names in _LINE.items() if name in names.split()), "{file}")
    return [*words, *(part.format(line=line, file=file) for part in form.split(" "))]


def _run(words: list[str]) -> None:
    try:
        subprocess.run(words, check=False)  # noqa: S603 - the user's own editor, and no shell
    except OSError as error:
        raise NrqaError(f"'{words[0]}' cannot be started: {error.strerror}. Mend VISUAL or EDITOR") from error


def _show(what: str, file: Path) -> None:
    """Hand a file or address to the desktop. Raises NrqaError where there is none."""
    if sys.platform == "win32":
        os.startfile(what)  # noqa: S606 - a file of the user's corpus, as a double click opens it
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    program = shutil.which(opener) if desktop else None
    if program is None:
        raise NrqaError(f"There is no desktop to open '{file}' in. For texts, set EDITOR; `show` tells what it says")
    subprocess.Popen(  # noqa: S603 - no shell
        [program, what], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
