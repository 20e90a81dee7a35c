"""Separates what the sender of a message wrote from quotations of others and from signatures.

Mail programs mark a quotation with ``>``, with a line that says who wrote it (``On … wrote:``), or with the header of
the quoted message; each program does so in the language of its user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["own", "quoted", "apart"]
"""``apart`` is what does not become a passage: lines that say who is quoted, signatures, the armour of signed text."""

_MARK = re.compile(r"[ \t]?(?P<marks>>(?:[ \t]?>)*)[ \t]?(?P<words>.*)")
_WROTE = re.compile(
    r"""
    (?:(?:on|am|le|el|il|em|op|den|w\sdniu|dne|в|fre|man|tir|ons|tor|lør|søn|mån|tis|lör|sön|\d|[^:]{0,80}\d)\b.{0,250}?)
    \b(?:wrote|schrieb(?:en)?|a\sécrit|écrit|escribió|ha\sscritto|scrive|escreveu|schreef|geschreven|skrev|napisał(?:a|\(a\))?|
       napsal(?:a|\(a\))?|написал(?:а|\(а\))?|пишет|kirjoitti|yazdı|írta)\b[^:\n]{0,120}[:：]$
  | .{0,200}(?:写道|寫道|のメール|書きました|님이\s작성)[:：]?$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ORIGINAL = re.compile(
    r"""
    [-_*\s]{2,}
    (?:original\s(?:message|appointment)|ursprüngliche\snachricht|originalnachricht|message\sd['’]origine|message\soriginal|
       mensaje\soriginal|messaggio\soriginale|mensagem\soriginal|oorspronkelijk\sbericht|ursprungligt\smeddelande|
       oprindelig\smeddelelse|opprinnelig\smelding|wiadomość\soryginalna|исходное\sсообщение|原始邮件|原始郵件|元のメッセージ)
    [-_*\s]{2,}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FROM = re.compile(r"\*?(?:from|von|de|da|van|från|fra|od|от|差出人|发件人|寄件者)\*?\s?[:：]\*?\s*\S", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(?:sent|date|gesendet|datum|envoyé|enviado(?:\sel)?|fecha|inviato|data|verzonden|skickat|sendt|wysłano|отправлено|дата|"
    r"送信日時|发送时间|日期)\*?\s?[:：]",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\*?(?:to|cc|an|à|para|a|aan|till|til|do|кому|subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|"
    r"宛先|收件人|件名|主题)\*?\s?[:：]",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"forwarded\smessage|weitergeleitete\snachricht|message\stransféré|mensaje\sreenviado|messaggio\sinoltrato|"
    r"mensagem\sencaminhada|doorgestuurd\sbericht|пересылаемое\sсообщение|转发的邮件",
    re.IGNORECASE,
)
FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|enc|vs|пересл)\s*:", re.IGNORECASE)
"""The beginning of the subject of a message that forwards another one."""
_MOST_SIGNATURE = 30
_ARMOUR = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----|-----BEGIN PGP SIGNATURE-----")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive lines of one kind, without their marks; ``depth`` is the depth of nested quotations."""

    kind: Kind
    lines: tuple[str, ...]
    depth: int = 0


def stretches(body: str, *, forward: bool) -> list[Stretch]:
    """A plain text body in stretches, in order; ``forward`` says that the text below was forwarded, not quoted."""
    lines = body.split("\n")
    found: list[Stretch] = []
    at = 0
    below = False
    while at < len(lines):
        depth = _depth(lines[at])
        if depth:
            end = next((later for later in range(at, len(lines)) if _depth(lines[later]) != depth), len(lines))
            found.append(Stretch("quoted", tuple(_unmarked(line) for line in lines[at:end]), depth))
            at = end
            continue
        end, is_quoted = _announced(lines, at, forward=forward)
        below |= is_quoted
        end = end or _apart(lines, at)
        kind: Kind = "apart" if end else "quoted" if below else "own"
        end = end or at + 1
        found.append(Stretch(kind, tuple(lines[at:end])))
        at = end
    return list(_merged(found))


def _announced(lines: Sequence[str], at: int, *, forward: bool) -> tuple[int, bool]:
    """The index of the line after an announcement of a quotation here, or 0; and whether all text below is quoted."""
    if not forward and _ORIGINAL.fullmatch(lines[at].strip()):
        return at + 1, True
    if not forward and _is_header(lines, at):
        return next((later for later in range(at, len(lines)) if not lines[later].strip()), len(lines)), True
    end = _said(lines, at)
    following = next((later for later in range(end, len(lines)) if lines[later].strip()), None) if end else None
    # If the next line has no mark, all the text that follows is quoted.
    return (0, False) if following is None else (end, not _depth(lines[following]))


def _apart(lines: Sequence[str], at: int) -> int:
    """The index of the line after a signature or armour that begins here; 0 if none does."""
    if lines[at] in ("-- ", "--", "—") and len(lines) - at <= _MOST_SIGNATURE:
        return next((later for later in range(at + 1, len(lines)) if _depth(lines[later])), len(lines))
    if _ARMOUR.fullmatch(lines[at].strip()):
        # The head of signed text ends at an empty line; its signature ends where the text ends.
        blank = next((later for later in range(at, len(lines)) if not lines[later].strip()), len(lines))
        return blank if "MESSAGE" in lines[at] else len(lines)
    return 0


def _said(lines: Sequence[str], at: int) -> int:
    """The index of the line after one, two or three lines that say who wrote what follows; 0 if there are none."""
    for count in (1, 2, 3):
        if at + count > len(lines) or (count > 1 and not lines[at + count - 1].strip()):
            return 0
        words = " ".join(line.strip() for line in lines[at : at + count])
        if len(words) <= 400 and _WROTE.fullmatch(words):
            return at + count
    return 0


def _is_header(lines: Sequence[str], at: int) -> bool:
    """Whether the header of another message begins here, as Outlook writes it above a quotation."""
    if not _FROM.match(lines[at].strip()):
        return False
    below = [line.strip() for line in lines[at + 1 : at + 7]]
    if at and _FORWARDED.search(" ".join(lines[max(0, at - 3) : at])):
        return False
    return any(_SENT.match(line) for line in below[:3]) and sum(bool(_TO.match(line)) for line in below) >= 1


def _depth(line: str) -> int:
    found = _MARK.match(line)
    # ">From " is an escaped line "From " of a mailbox, not a quotation.
    return found["marks"].count(">") if found and not line.startswith(">From ") else 0


def _unmarked(line: str) -> str:
    found = _MARK.match(line)
    return found["words"] if found else line


def _merged(found: list[Stretch]) -> Iterator[Stretch]:
    """Joins neighbouring stretches of one kind and depth; empty lines belong to the stretch before them."""
    held: Stretch | None = None
    for one in found:
        blank = one.kind == "own" and not any(line.strip() for line in one.lines)
        if held is not None and (blank or (one.kind == held.kind and one.depth == held.depth)):
            held = Stretch(held.kind, held.lines + one.lines, held.depth)
        else:
            if held is not None:
                yield held
            held = one
    if held is not None:
        yield held


def is_forwarded(words: str) -> bool:
    """Whether the text says that what follows was forwarded."""
    return bool(_FORWARDED.search(words[:300]))
