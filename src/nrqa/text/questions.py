"""A question without what has no meaning in it: signs around it, control sequences, another width of letters."""

from __future__ import annotations

import re
import unicodedata

from nrqa.text.letters import INVISIBLE

_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -~]?|[\x00-\x1f\x7f-\x9f]+")
"""What a terminal would obey: colours, titles, line ends."""
_HIDDEN = re.compile(f"(?![\u200c\u200d])[{INVISIBLE}]+")
"""Joiners stay: Persian and Indian words are spelled with them."""
_WIDE = re.compile("[\u3000\uff01-\uffee\U0001d400-\U0001d7ff]+")
"""Letters of full or half width, and the bold and italic ones that are meant for formulas."""
_AROUND = r"\s\"'`´‘’‚‛“”„‟«»‹›「」『』〈〉《》【】〔〕❝❞()\[\]{}¿¡!?*_~|,;:…·•‣◦—–、。！？"
_BEFORE = re.compile(rf"(?:[{_AROUND}<>]|[-#+=./]+(?=[\s{_AROUND}<>]))+(?!\d)|[{_AROUND}]+")
_AFTER = re.compile(rf"[{_AROUND}<>.=/\\-]")


def plain(question: str) -> str:
    """The question as the signals read it; the same for all ways to set it off."""
    text = _CONTROL.sub(" ", question) if not question.isprintable() else question
    if not text.isascii():
        text = _HIDDEN.sub("", text)
        text = unicodedata.normalize("NFC", _WIDE.sub(_usual, text))
    bare = " ".join(text.split())
    before = _BEFORE.match(bare)
    bare = bare[before.end() :] if before else bare
    end = len(bare)
    while end:
        marks = len(bare[:end].rstrip("#+")) if bare[end - 1] in "#+" else end
        if marks < end and (not marks or bare[marks - 1] == " "):
            end = marks
        elif _AFTER.match(bare, end - 1):
            end -= 1
        else:
            break
    return bare[:end] or question


def _usual(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group())
