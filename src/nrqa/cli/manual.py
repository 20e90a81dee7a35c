"""`nrqa man`: the manual page, made from the help of all commands."""

from collections.abc import Iterator
from typing import Any

import typer

from nrqa.cli.frame import GROUPS, app, guarded
from nrqa.cli.output import print_text
from nrqa.settings import VERSION

_ENVIRONMENT = (
    ("NRQA_INDEX", "The folder of the index."),
    ("NRQA_OFFLINE", "If 1, any attempt to reach the network is an error."),
    ("NRQA_CACHE", "Where converted encoders are stored."),
    ("NRQA_EDITOR", "The editor in which links open a passage, such as vscode."),
    ("VISUAL, EDITOR", "The editor that open N starts at the prompt of nrqa query."),
)
_STATUS = (
    ("0", "Done; of query: answered or weak."),
    ("1", "Nothing in the corpus answers, or what was compared differs; each command says what."),
    ("2", "An error."),
)
_FILES = (
    ("nrqa.toml", "What one always types, found upwards from the working folder; see docs/shell.md."),
    ("~/.config/nrqa/nrqa.toml", "The same for all projects of a user; it may name indexes anywhere."),
)


@app.command()
@guarded
def man() -> None:
    """Print the manual page: nrqa man | man -l -, or into ~/.local/share/man/man1/nrqa.1 for good."""
    from nrqa.cli import application

    application()
    print_text(page(typer.main.get_command(app)))


def page(root: Any) -> str:
    """The page in the language of man."""
    return "\n".join(_lines(root)) + "\n"


def _lines(root: Any) -> Iterator[str]:
    yield f'.TH NRQA 1 "" "nrqa {VERSION}" "User Commands"'
    yield ".SH NAME"
    yield "nrqa \\- ranked, cited passages from your own documents"
    yield ".SH SYNOPSIS"
    yield ".B nrqa\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]"
    yield ".SH DESCRIPTION"
    yield from _text(root.help or "")
    named = [name for names in GROUPS.values() for name in names]
    for title, names in (*GROUPS.items(), ("More", tuple(one for one in root.commands if one not in named))):
        some = [name for name in names if name in root.commands]
        if some:
            yield f'.SH "COMMANDS: {title.upper()}"'
        for name in some:
            yield from _command(f"nrqa {name}", root.commands[name])
    for title, rows in (("EXIT STATUS", _STATUS), ("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        yield f'.SH "{title}"'
        for name, told in rows:
            yield f".TP\n.B {_plain(name)}"
            yield from _text(told)


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    written = " ".join(f"\\fI{_plain(one.make_metavar(typer.Context(command)))}\\fR" for one in arguments)
    yield f".SS \\fB{_plain(name)}\\fR [\\fIOPTIONS\\fR] {written}".rstrip()
    yield from _text(command.help or "")
    for one in arguments:
        if one.help:
            yield f".TP\n.I {_plain(one.make_metavar(typer.Context(command)))}"
            yield from _text(one.help)
    for one in command.params:
        if one.param_type_name == "option":
            names = ", ".join(f"\\fB{_plain(each)}\\fR" for each in (*one.opts, *one.secondary_opts))
            value = "" if one.is_flag else f" \\fI{_plain(one.make_metavar(typer.Context(command)))}\\fR"
            yield f".TP\n{names}{value}"
            yield from _text(one.help or "")
    for each, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {each}", inner)


def _text(text: str) -> Iterator[str]:
    """Paragraphs as lines of roff, in which nothing is a request."""
    for at, paragraph in enumerate(text.strip().split("\n\n")):
        if at:
            yield ".PP"
        yield _plain(" ".join(paragraph.split()))


def _plain(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
