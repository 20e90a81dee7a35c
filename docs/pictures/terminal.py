"""Draws docs/pictures/query.svg: what a real terminal shows when the question of README.md is asked.

python docs/pictures/terminal.py        (or: make screenshot)
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "corpus"
NRQA = Path(sys.executable).with_name("nrqa")
COLUMNS, ROWS = 100, 60
COMMAND = ("query", "why does Russia oppose missile defense", "-k", "2")
# Rich's frame asks a web server for a font; a picture in a repository asks nobody.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        index = Path(temporary) / "index"
        subprocess.run([NRQA, "index", CORPUS, "--index", index], check=True, capture_output=True)
        shown = in_terminal([str(NRQA), *COMMAND], {"NRQA_INDEX": str(index)})
    typed = " ".join(f'"{word}"' if " " in word else word for word in ("nrqa", *COMMAND))
    screen = Console(width=COLUMNS, record=True, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    screen.print(Text.assemble(("$ ", "bold green"), typed))
    screen.print(Text.from_ansi(shown.rstrip()))
    drawn = screen.export_svg(title="nrqa", unique_id="nrqa")
    (HERE / "query.svg").write_text(_FONTS.sub("", drawn).replace("Fira Code", "ui-monospace, monospace"), "utf-8")


def in_terminal(command: list[str], environment: dict[str, str]) -> str:
    """What the command writes to a terminal of that size, with its control sequences."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    around = {**os.environ, **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=around):
        os.close(theirs)
        written = b""
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:  # the terminal is closed when the command ends
                break
            if not read:
                break
            written += read
    os.close(ours)
    return written.decode("utf-8").replace("\r\n", "\n")


if __name__ == "__main__":
    main()
