"""Finds the headings of a plain text: single lines without a full stop at the end, with a paragraph after them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nrqa.corpus.readers.shared.heading_lines import (
    NUMBERED,
    QUESTION,
    WORDS,
    is_marked,
    is_name,
    level_of,
    may_be_heading,
)
from nrqa.corpus.readers.shared.paragraphs import Paragraph

_CONTINUED = re.compile(r"\W*(?:\d{1,2}\s+)?(?P<letter>[^\W\d_])")
_ITEM_NUMBER = re.compile(r"\(?(?P<number>\d{1,3})[.)]\s")


def heading_levels(paragraphs: Sequence[Paragraph], text: str) -> dict[int, int]:
    """The headings among the paragraphs: their level by their index in ``paragraphs``.

    A line in capitals has level 1, others have level 2. The level of a numbered heading comes from its number, that of
    a wiki heading from its marks.
    """
    marked = {at: level_of(one.text) for at, one in enumerate(paragraphs) if is_marked(one)}
    if len(marked) > 1:
        return marked  # the text itself marks its headings
    candidates = [may_be_heading(one) for one in paragraphs]
    small = {word for word in WORDS.findall(text) if word.islower()}
    levels: dict[int, int] = {}
    chain = 0
    # From the end, because the text after a line shows whether it is a heading; at most two headings in a row.
    for at in range(len(paragraphs) - 1, -1, -1):
        one = paragraphs[at]
        following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        chain = chain + 1 if at + 1 in levels else 0
        before = paragraphs[at - 1] if at else None
        if at in marked or (
            following is not None
            and candidates[at]
            and chain < 2
            and (at + 1 in levels or _is_body(following, one))
            and (before is None or candidates[at - 1] or before.is_closed or at - 1 in marked)
            and not _is_listed(paragraphs, at)
            and not is_name(one.text, small)
        ):
            levels[at] = level_of(one.text)
    questions = [at for at in levels if paragraphs[at].text[-1] in QUESTION]
    if len(questions) == len(levels) == 1 and questions != [0]:
        return {}  # a question is a heading among other headings or at the top; otherwise it is only rhetorical
    return levels


def _is_body(following: Paragraph, heading: Paragraph) -> bool:
    """Whether a paragraph can be the text below a heading.

    It must be longer than the heading and end like a sentence (or be wrapped over several lines). It must also begin
    like a paragraph: not with a small letter, and not with the second item of a list.
    """
    beginning = following.text[:200]
    unspaced = sum(char > "\u2e80" for char in beginning) * 2
    length = len(following.text) + unspaced
    begun = _CONTINUED.match(beginning)
    numbered = _ITEM_NUMBER.match(beginning)
    return (
        length >= 60
        and length > len(heading.text)
        and (following.is_closed or not following.alone)
        and not (begun and begun["letter"].islower() and not following.is_item)
        and not (numbered and numbered["number"] != "1" and not NUMBERED.match(heading.text))
    )


def _is_listed(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether the line is an item of a list: it has a number or bullet, and so has a line beside it."""
    beside = [paragraphs[near] for near in (at - 1, at + 1) if 0 <= near < len(paragraphs)]
    return paragraphs[at].is_item and any(one.is_item for one in beside)
