"""`nrqa query` alone: a prompt that asks again and again, with the index kept open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.cli.filters import conditions
from nrqa.cli.output import print_rich, print_text, say, tell
from nrqa.errors import NrqaError
from nrqa.rendering.plain_text import counted

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.records import Hit

_PROMPT = "nrqa> "
_COMMAND = re.compile(
    r":?(?P<verb>open|show|cite)\s+(?P<number>\d{1,4})|:?k\s+(?P<k>\d{1,4})|:(?P<filter>only|where)\b(?P<rest>.*)"
)
"""What is a command and no question. Filters take a colon, since many a question begins with "where"."""
_HELP = """\
Any other line is a question.
  open N    hit N in your editor or viewer        full      the last answer with its passages whole
  show N    hit N in its surroundings             k N       show at most N passages
  cite N    the citation of hit N, to be pasted   quit      or Ctrl-D
  :only GLOB…  only such documents from now on; :only alone lifts it      :where KEY=VALUE…  likewise
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to a question: its hits with the indexes they are of, and what prints it, whole or short."""

    hits: Sequence[tuple[Hit, Index]]
    put: Callable[[bool], None]


@dataclass(slots=True)
class Talk:
    """The state of the prompt: the open indexes by name, how they are asked, and the last answer."""

    indexes: Mapping[str, Index]
    options: dict[str, Any]
    full: bool = False
    last: Said | None = field(default=None)


def ask_again(folders: Sequence[Path], options: dict[str, Any], *, full: bool) -> None:
    """Ask what is typed, until the end."""
    from nrqa.cli.several import names_of
    from nrqa.service.desk import Desk

    desks = {name: Desk(folder, announce=say) for name, folder in zip(names_of(folders), folders, strict=True)}
    talk = Talk({name: desk.index for name, desk in desks.items()}, options, full)
    next(iter(desks.values())).warm_behind()  # while the first question is typed
    with suppress(ImportError):
        import readline  # noqa: F401 - gives the line arrows and a history, which lasts as long as the prompt
    manifests = [index.snapshot.manifest for index in talk.indexes.values()]
    documents = counted(sum(one.documents for one in manifests), "document")
    tell(f"{documents}, {counted(sum(one.passages for one in manifests), 'passage')} in {', '.join(talk.indexes)}. "
         "Ask; open N opens hit N, help says what else there is, Ctrl-D ends.")  # fmt: skip
    while True:
        try:
            line = input(_PROMPT).strip()
        except KeyboardInterrupt:
            tell("")  # the line is given up
            continue
        except EOFError:
            tell("")
            return
        if line.lower().lstrip(":") in ("quit", "exit", "q"):
            return
        try:
            answer_line(talk, line)
        except KeyboardInterrupt:
            tell("Stopped.")
        except (NrqaError, OSError) as error:
            tell(f"nrqa: {error}")


def answer_line(talk: Talk, line: str) -> None:
    """Do what a line says: a command, or a question."""
    found = _COMMAND.fullmatch(line)
    if not line:
        return
    if line.lower().lstrip(":") in ("help", "?"):
        print_text(_HELP)
    elif line.lower().lstrip(":") == "full":
        if talk.last is None:
            raise NrqaError("Nothing was asked yet")
        talk.last.put(True)
    elif found and found["verb"]:
        _with_hit(talk, found["verb"], int(found["number"]))
    elif found and found["k"]:
        talk.options["k"] = int(found["k"])
    elif found:
        _filter(talk, found["filter"], found["rest"].split())
    else:
        talk.last = _asked(talk, line)
        talk.last.put(talk.full)


def _with_hit(talk: Talk, verb: str, number: int) -> None:
    hits = talk.last.hits if talk.last else ()
    if not 1 <= number <= len(hits):
        raise NrqaError(f"There is no hit {number}" + (f"; there are {len(hits)}" if hits else ": ask something first"))
    hit, index = hits[number - 1]
    if verb == "open":
        from nrqa.cli.opening import open_hit

        tell(open_hit(hit, index))
    elif verb == "cite":
        from nrqa.citations.making import cite_lines

        print_text("".join(f"{line}\n" for line in cite_lines([hit.passage])))
    else:
        from nrqa.answering.inspecting import Place, show
        from nrqa.rendering.shown_passage import render_shown

        citation = hit.passage.citation
        print_rich(render_shown(show(Place(citation.document, span=(citation.start, citation.end)), index)))


def _filter(talk: Talk, name: str, written: list[str]) -> None:
    talk.options[name] = (conditions(written) if name == "where" else written) or None


def _asked(talk: Talk, question: str) -> Said:
    if len(talk.indexes) > 1:
        from nrqa.answering.several import ask_several
        from nrqa.cli.several import put_together

        found = ask_several(talk.indexes, question, **talk.options)
        return Said(
            [(hit, talk.indexes[name]) for name, hit in found.hits],
            lambda full: put_together(found, talk.indexes, full=full, whole="full"),
        )
    from nrqa.cli.answers import put_answer

    index = next(iter(talk.indexes.values()))
    answer = index.ask(question, **talk.options)
    snapshot = index.snapshot_at(answer.generation)
    return Said(
        [(hit, index) for hit in answer.hits],
        lambda full: put_answer(answer, snapshot, index.folder, certificate=False, full=full, whole="full"),
    )
