"""Markdown without its marks, as the encoder and the lexical signal read it; never shown to anybody."""

from __future__ import annotations

import re

_IMAGE_OR_LINK = re.compile(
    r"!?\[(?P<words>[^\]\n]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]*\])"
)
_AUTOLINK = re.compile(r"<(?:https?|mailto):[^>\s]+>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3}|`{1,2}|~~)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LINE_MARK = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|```.*$|~~~.*$|\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+.*$)", re.MULTILINE
)


def readable(markdown: str) -> str:
    """The words of a piece of Markdown: links by their words, no emphasis marks, tags or fences."""
    text = _COMMENT.sub(" ", markdown)
    text = _IMAGE_OR_LINK.sub(r"\g<words>", text)
    text = _AUTOLINK.sub(" ", text)
    text = _TAG.sub(" ", text)
    text = _LINE_MARK.sub("", text)
    text = _EMPHASIS.sub(r"\2", text)
    # Nothing but marks: then the marks are all there is to read.
    return text if any(char.isalnum() for char in text) else markdown
