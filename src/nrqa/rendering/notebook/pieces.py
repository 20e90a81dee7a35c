"""What the pieces have in common: escaping, the style, places, flags, and files that were passed over."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from nrqa.records import Citation, Passage, Skipped, Span
from nrqa.rendering.places import page_in_file, place_of
from nrqa.rendering.plain_text import counted, harmless, one_line
from nrqa.rendering.shared_lines import LEFT_OUT, source_notice

# JupyterLab's variables, where they are; elsewhere colours that stand out on white and on black. What they say is
# always said in words as well.
_STYLE = """
.nrqa{--good:var(--jp-success-color1,#2e8b57);--bad:var(--jp-error-color1,#d64541);--doubt:var(--jp-warn-color1,#c77700);
--line:color-mix(in srgb,currentColor 22%,transparent);max-width:62em;line-height:1.5;
font-family:var(--jp-content-font-family,system-ui,sans-serif);color:var(--jp-content-font-color1,inherit)}
.nrqa p,.nrqa ol,.nrqa ul,.nrqa blockquote,.nrqa h4{margin:.35em 0}
.nrqa ol,.nrqa ul{padding-left:1.6em}.nrqa li{margin:.7em 0}.nrqa ul li{margin:.1em 0}
.nrqa h4{font-size:1em;font-weight:600;margin-top:1em}
.nrqa blockquote{border-left:3px solid var(--line);padding:.1em 0 .1em .8em;white-space:pre-wrap;color:inherit}
.nrqa mark{background:color-mix(in srgb,var(--doubt) 24%,transparent);color:inherit;text-decoration:underline;
text-underline-offset:.2em;text-decoration-thickness:1px}
.nrqa code{font-family:var(--jp-code-font-family,monospace);font-size:.92em;background:none;color:inherit;
font-weight:600}
.nrqa small,.nrqa details{opacity:.78;font-size:.92em}.nrqa .near{opacity:.7}.nrqa .near small{opacity:1}
.nrqa .good,.nrqa .bad,.nrqa .doubt{padding-left:.5em;border-left:.3em solid}
.nrqa .good{border-color:var(--good)}.nrqa .bad{border-color:var(--bad)}.nrqa .doubt{border-color:var(--doubt)}
.nrqa del{text-decoration-color:var(--bad);text-decoration-thickness:2px}
.nrqa ins{text-decoration-color:var(--good);text-decoration-thickness:2px;font-weight:600}
.nrqa table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5em 0;border:0;font-size:inherit}
.nrqa caption{text-align:left;opacity:.78;padding:.2em 0}
.nrqa th,.nrqa td{text-align:right;padding:.15em .8em .15em 0;border:0;border-bottom:1px solid var(--line);
background:none}
.nrqa th:first-child{text-align:left;font-weight:inherit}
""".replace("\n", "")
_LISTED = 100
"""How many skipped files are listed before the rest are counted: an answer must not swell a notebook."""


def framed(parts: Iterable[str]) -> str:
    """The pieces in their frame. Dollar signs in it are money: MathJax, old and new, leaves it alone."""
    return f'<div class="nrqa tex2jax_ignore mathjax_ignore"><style>{_STYLE}</style>\n{together(parts)}</div>'


def together(parts: Iterable[str]) -> str:
    """Pieces below each other: the line ends show where the tags are lost."""
    return "\n".join(parts)


def escaped(text: str) -> str:
    """The text with every character shown as itself; what could steer its reader is made visible."""
    return html.escape(harmless(text))


def inline(text: str) -> str:
    """The same on one line."""
    return html.escape(one_line(text))


def small(text: str) -> str:
    """Text of ours, or escaped already, that stands back."""
    return f"<small>{text}</small>"


def place(citation: Citation) -> str:
    """Where a citation stands, with title and headings, and the page as viewers count it where that differs."""
    parts = [f"<code>{inline(place_of(citation))}</code>"]
    if in_file := page_in_file(citation):
        parts.append(small(f"{inline(in_file)} of the file"))
    if citation.title and citation.title != PurePosixPath(citation.document).stem:
        parts.append(f"<em>{inline(citation.title)}</em>")
    if citation.heading:
        parts.append(small("§ " + inline(" › ".join(citation.heading))))
    return " ".join(parts)


def quoted(passage: Passage, highlights: Sequence[Span]) -> str:
    """The passage's words, those marked that match best."""
    start, at, parts = passage.citation.start, 0, []
    for span in highlights:
        parts.append(escaped(passage.text[at : span.start - start]))
        parts.append(f"<mark>{escaped(passage.text[span.start - start : span.end - start])}</mark>")
        at = span.end - start
    return f"<blockquote>{''.join(parts)}{escaped(passage.text[at:])}</blockquote>"


def warnings(citation: Citation, told_already: set[str]) -> list[str]:
    """What a reader should know of a passage: its flags, and the notice of its document, which is told once."""
    flags = [one for one in citation.flags if one.kind != LEFT_OUT]
    told = [inline(f"{one.kind}: {one.detail}" if one.detail else one.kind) for one in flags]
    parts = [f'<p class="doubt">beware {"; ".join(told)}</p>'] if told else []
    notice = source_notice(citation)
    if not notice or notice in told_already:
        return parts
    told_already.add(notice)
    return [*parts, f"<p>{small(f'source notice: <i>{html.escape(notice)}</i>')}</p>"]


def passed_over(label: str, skipped: Sequence[Skipped], *, lister: str = "") -> list[str]:
    """How many files were passed over; which, and why, one click away, or what lists them where they matter less."""
    if not skipped:
        return []
    summary = f"{html.escape(label)}: {counted(len(skipped), 'file')}"
    if lister:
        return [f"<p>{small(f'{summary} (<code>{lister}</code> lists them)')}</p>"]
    rows = [f"<li><code>{inline(one.document)}</code> {inline(one.reason)}</li>" for one in skipped[:_LISTED]]
    if len(skipped) > _LISTED:
        rows.append(f"<li>and {len(skipped) - _LISTED:,} more</li>")
    return [f"<details><summary>{summary}</summary>\n<ul>{together(rows)}</ul></details>"]
