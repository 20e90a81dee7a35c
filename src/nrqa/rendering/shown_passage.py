"""How a cited passage in its surroundings looks to a person."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from nrqa.corpus.readers.kinds import has_lines
from nrqa.rendering.plain_text import harmless, one_line
from nrqa.rendering.shared_lines import EMPHASIS, LABEL, PLACE, flag_line, place_line, source_notice

if TYPE_CHECKING:
    from nrqa.answering.inspecting import Shown


def render_shown(shown: Shown) -> RenderableType:
    """The lines around a citation, with their numbers if an editor has them; the cited ones stand out."""
    parts: list[RenderableType] = []
    begins = not any(cited for _, _, cited in shown.lines)
    if begins:
        parts.append(_document_line(shown))
    else:
        parts += [place_line(passage.citation) for passage in shown.passages]
    parts.append(Text())
    numbered = has_lines(shown.document)
    width = len(str(shown.lines[-1][0])) if shown.lines else 1
    for number, text, cited in shown.lines:
        mark = "▌" if cited else " "
        line = Text.assemble(
            (f"{number:>{width}} " if numbered else "", LABEL),
            (f"{mark} ", PLACE),
            (harmless(text), EMPHASIS if cited else ""),
        )
        parts.append(line)
    if begins and shown.lines and shown.lines[-1][0] < shown.length:
        following = shown.lines[-1][0] + 1
        more = f"{shown.length:,} lines"
        more += f"; it goes on at {one_line(shown.document)}:{following}" if numbered else ""
        parts += [Text(), Text(f"{more}; -n {shown.length} shows all", LABEL)]
    flags = tuple(dict.fromkeys(flag for passage in shown.passages for flag in passage.citation.flags))
    if flags:
        parts += [Text(), flag_line(flags)]
    notices = dict.fromkeys(source_notice(passage.citation) for passage in shown.passages)
    parts += [Text.assemble(("\nsource notice: ", LABEL), notice) for notice in notices if notice]
    if shown.changed:
        parts.append(Text("\nThe file has changed since the index was built; run `nrqa index`.", "yellow"))
    return Group(*parts)


def _document_line(shown: Shown) -> Text:
    """The document's name, and its title if it has one."""
    line = Text(one_line(shown.document), PLACE)
    title = shown.passages[0].citation.title if shown.passages else ""
    if title and title != PurePosixPath(shown.document).stem:
        line.append(f"  {one_line(title)}", "italic")
    return line
