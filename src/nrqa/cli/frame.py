"""The frame every command stands in: the application, its shared options, and how errors leave.

Neither this module nor those of the commands import annotations from __future__: typer would evaluate each of them
twice, and `nrqa --help` take a sixth longer.
"""

import functools
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nrqa.cli.output import fail, say
from nrqa.errors import NrqaError
from nrqa.settings import DEFAULT_INDEX, VERSION

HERE = Path(DEFAULT_INDEX)
HERE_ALONE = [HERE]
GROUPS = {
    "Ask": ("query", "show", "why-not"),
    "Index": ("index", "status", "doctor"),
    "Audit": ("verify", "check", "replay", "standing"),
    "Carry": ("pack", "unpack"),
    "Judge": ("eval", "calibrate"),
    "Serve": ("serve", "mcp"),
    "Shell": ("completion", "man"),
}
"""The commands by what one wants, as ``nrqa --help`` lists them."""
_SUMMARY = 500
"""Characters of a summary, which is a sentence: more than any has, so that none is cut off."""


class Grouped(TyperGroup):
    """The application, whose help lists the commands by what one wants, each with its whole summary."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        """The context of a run, with the defaults that nrqa.toml and the folders above say."""
        if "default_map" not in more and _may_differ(Path.cwd()):
            from nrqa.cli.finding import defaults  # most runs need none

            more["default_map"] = defaults(self)
        return super().make_context(*args, **more)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - typer calls it so
        """Write a section for each group, and one for commands that have none."""
        for title, names in (*GROUPS.items(), ("More", tuple(self.commands))):
            some = [name for name in names if name in self.commands and (title != "More" or not _grouped(name))]
            if some:
                width = max(len(name) for name in self.commands)
                with formatter.section(title):
                    rows = [(name.ljust(width), self.commands[name].get_short_help_str(_SUMMARY)) for name in some]
                    formatter.write_dl(rows)


def _may_differ(here: Path) -> bool:
    """Whether anything says that other defaults hold here: a file of settings, or an index in a folder above."""
    if _has_files(here):
        return True
    return not os.path.isdir(HERE) and any(os.path.isdir(one / HERE) for one in here.parents)  # noqa: PTH112 - a tenth


def _has_files(here: Path) -> bool:
    own = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - as below
    if sys.platform in ("win32", "darwin"):
        return True  # the module knows where it is there
    files = (f"{own}/nrqa/nrqa.toml", *(f"{one}/nrqa.toml" for one in (here, *here.parents)))
    return any(map(os.path.exists, files))


def _grouped(name: str) -> bool:
    return any(name in names for names in GROUPS.values())


app = typer.Typer(
    name="nrqa",
    cls=Grouped,
    help="Ranked, cited passages from your own documents. It never writes a sentence of its own.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def meant(written: Path) -> Path:
    """The index that is meant: the path, or what nrqa.toml calls so."""
    if written == HERE or len(written.parts) != 1 or not _has_files(Path.cwd()):
        return written
    from nrqa.cli.finding import named_index

    return named_index(written)


IndexOption = Annotated[
    Path,
    typer.Option(
        "--index",
        envvar="NRQA_INDEX",
        metavar="DIR",
        help="Folder of the index, or its name in nrqa.toml.",
        callback=meant,
    ),
]
IndexesOption = Annotated[
    list[Path],
    typer.Option(
        "--index",
        envvar="NRQA_INDEX",
        metavar="DIR",
        help="Folder of the index, or its name in nrqa.toml; several, if repeated, are asked together.",
        callback=lambda several: [meant(one) for one in several],
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
OfflineOption = Annotated[
    bool,
    typer.Option("--offline", help="Make any attempt to reach the network an error (or NRQA_OFFLINE=1)."),
]
_STOPPED = 130
_QUICK = ("query", "index")
"""Commands whose processes end at once."""


def run() -> None:
    """Run the command and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Texts hold characters that a pipe's or terminal's encoding may lack. A terminal keeps its encoding.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        app()
    except NrqaError as error:  # of nrqa.toml, which is read before any command runs
        fail(error, as_json="--json" in sys.argv)
    except SystemExit as leaving:
        if sys.argv[1:2] and sys.argv[1] in _QUICK:
            _leave(leaving)
        raise


def _leave(leaving: SystemExit) -> None:
    """End the process at once, once all is written.

    Taking apart what was imported and opened costs a question from a cold shell a sixth of its time, and a small change
    to 100,000 files a tenth of a second; the system frees it all the same. Neither leaves temporary files or processes
    behind.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # as where it was closed before the process began
                stream.flush()
    except OSError:
        return  # whoever read our output has left; Python says so
    os._exit(leaving.code if isinstance(leaving.code, int) else 0)


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """The command with every error told in one message on stderr and exit status 2."""

    @functools.wraps(command)
    def guard(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except (NrqaError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                # Whoever read our output (head, less) has left. Python would complain again at exit.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(0)
            fail(error, as_json=bool(options.get("as_json")) or options.get("form") == "json")
        except KeyboardInterrupt:
            say("Stopped. The published index is as it was; what was embedded is kept for the next run.")
            sys.exit(_STOPPED)
        except typer.Exit:
            raise
        except SystemExit:
            raise
        except BaseException:  # noqa: BLE001 - a bug's own status is 1, which here means "nothing answers"
            import traceback

            traceback.print_exc()  # (a panic in Rust is no Exception)
            sys.exit(2)

    return guard


@app.callback(invoke_without_command=True)
def nrqa(*, version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    """Ranked, cited passages from your own documents. It never writes a sentence of its own."""
    if version:
        typer.echo(f"nrqa {VERSION}")
        raise typer.Exit
