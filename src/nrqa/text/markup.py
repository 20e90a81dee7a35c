"""Markdown without its marks, as the encoder and the lexical signal read it; never shown to anybody."""

from __future__ import annotations

import re

# Every repetition is bounded: the time grows with the length of the text, whatever it contains.
_IMAGE_OR_LINK = re.compile(
    r"""
    !?\[(?P<words>[^\[\]\n]{0,500})\]
    (?: \([^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,4}(?:\s{1,9}"[^"\n]{0,500}")?\)
      | \[[^\[\]\n]{0,500}\] )
    """,
    re.VERBOSE,
)
_AUTOLINK = re.compile(r"<(?:https?|mailto):[^<>\s]{1,2000}>")
# Only names of HTML elements: "String" in List<String> is a word, not a tag.
_TAG = re.compile(
    r"""
    </?(?:a|abbr|article|audio|b|blockquote|br|button|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure
      |font|footer|form|h[1-6]|header|hr|i|iframe|img|input|ins|kbd|label|li|main|mark|nav|ol|p|picture|pre|q|s
      |section|small|source|span|strong|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|u|ul|video)
    (?:[\s/][^<>]{0,1000})?>
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3}|`{1,2}|~~)(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)")
_LINE_MARK = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|```[^`\n]*$|~~~.*$|\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t:|-]*$)", re.MULTILINE
)


def readable(markdown: str) -> str:
    """The words of a piece of Markdown, without link addresses, emphasis marks, tags and fences."""
    text = _without_comments(markdown)
    # Twice, for an image inside a link.
    text = _IMAGE_OR_LINK.sub(r"\g<words>", _IMAGE_OR_LINK.sub(r"\g<words>", text))
    text = _AUTOLINK.sub(" ", text)
    text = _TAG.sub(" ", text)
    text = _LINE_MARK.sub("", text)
    text = _EMPHASIS.sub(r"\2", text)
    # If there are only marks, they are all that can be read.
    return text if any(char.isalnum() for char in text) else markdown


def _without_comments(text: str) -> str:
    kept = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + len("<!--"))) >= 0:
        kept += [text[at:start], " "]
        at = end + len("-->")
    return "".join([*kept, text[at:]])
