"""Finds the headings of a plain text: single lines without a full stop at the end, with a paragraph after them.

The form of a line decides first (``heading_lines``), then what is before and after it, then the others of its kind: a
number that follows that of another heading is a heading, too, since otherwise the text below it would seem to belong
to the one before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from nrqa.corpus.readers.shared.heading_lines import (
    NUMBERED,
    QUESTION,
    WORDS,
    is_chapter,
    is_marked,
    is_name,
    is_numbered_with_stop,
    is_usual,
    level_of,
    may_be_heading,
    number_of,
)
from nrqa.corpus.readers.shared.paragraphs import Paragraph

_CONTINUED = re.compile(r"\W*(?:\d{1,2}\s+)?(?P<letter>[^\W\d_])")
_ITEM_NUMBER = re.compile(r"\(?(?P<number>\d{1,3})[.)]\s")
_LEADERS = re.compile(r"(?:\. ?){5}")
"""The dots between a heading and its page in a table of contents."""
_SURELY_TEXT = 120
"""A line of so many characters is a paragraph, however it ends: nobody wraps text that wide."""
_LEAST_RUN = 3
_LEADING_ON = (":", ";", "：", "；")
_LEADING_TO_NEXT = (":", "：", ",", "，", "、")


def heading_levels(paragraphs: Sequence[Paragraph], text: str) -> dict[int, int]:
    """The headings among the paragraphs: their level by their index in ``paragraphs``.

    A line in capitals has level 1, others have level 2. The level of a numbered heading comes from its number, that of
    a wiki heading from its marks.
    """
    marked = {at: level_of(one.text) for at, one in enumerate(paragraphs) if is_marked(one)}
    if len(marked) > 1:
        return marked  # the text itself marks its headings
    stopped = _stopped(paragraphs)
    candidates = [at in stopped or may_be_heading(one) for at, one in enumerate(paragraphs)]
    levels = _by_what_is_around(paragraphs, candidates, marked, text)
    for at in _in_order(paragraphs, candidates, levels):
        levels[at] = level_of(paragraphs[at].text)
    questions = [at for at in levels if paragraphs[at].text[-1] in QUESTION]
    if len(questions) == len(levels) == 1 and questions != [0]:
        return {}  # a question is a heading among other headings or at the top; otherwise it is only rhetorical
    if _is_alone(paragraphs, levels, text):
        return {}
    return _with_ranks(paragraphs, levels)


def _by_what_is_around(
    paragraphs: Sequence[Paragraph], candidates: Sequence[bool], marked: Mapping[int, int], text: str
) -> dict[int, int]:
    """The candidates with a paragraph after them (or another heading), and the end of a paragraph before them."""
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
            and (before is None or candidates[at - 1] or _is_ended(before, one, text) or at - 1 in marked)
            and not _is_listed(paragraphs, at)
            and not is_name(one.text, small)
        ):
            levels[at] = level_of(one.text)
    return levels


def _stopped(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Numbered lines that end in a full stop, where at least three follow each other by their numbers."""
    found: set[int] = set()
    run: list[int] = []
    for at, one in enumerate(paragraphs):
        if is_numbered_with_stop(one) and not _is_listed(paragraphs, at):
            run = [*run[-_LEAST_RUN:], at] if run and _is_next(paragraphs[run[-1]].text, one.text) else [at]
            if len(run) == _LEAST_RUN:
                found.update(run)
            elif len(run) > _LEAST_RUN:
                found.add(at)
    return found


def _is_next(line: str, following: str) -> bool:
    *above, number = number_of(line)
    return number_of(following) == (*above, number + 1)


def _in_order(paragraphs: Sequence[Paragraph], candidates: Sequence[bool], levels: Mapping[int, int]) -> set[int]:
    """The candidates whose number comes right after that of a heading, or right before that of the next one."""
    numbers = {
        at: number
        for at, one in enumerate(paragraphs)
        if candidates[at] and (number := number_of(one.text)) and not _is_listed(paragraphs, at)
    }
    found: set[int] = set()
    for order, step in ((sorted(numbers), 1), (sorted(numbers, reverse=True), -1)):
        latest: dict[tuple[int, ...], int] = {}  # the last part of the number of the latest heading, by the parts above
        for at in order:
            above, last = numbers[at][:-1], numbers[at][-1]
            known = at in levels or at in found
            if known or latest.get(above) == last - step:
                latest[above] = last
                if not known and at + 1 < len(paragraphs):
                    found.add(at)
    return found


def _is_alone(paragraphs: Sequence[Paragraph], levels: Mapping[int, int], text: str) -> bool:
    """Whether the only heading has no number, no capitals and no empty line beside it: it may well be a name."""
    if len(levels) != 1:
        return False
    at = next(iter(levels))
    words = paragraphs[at].text
    if not at or number_of(words) or words.isupper() or is_usual(words) or is_marked(paragraphs[at]):
        return False
    return not any(_is_apart(paragraphs[near], paragraphs[near + 1], text) for near in (at - 1, at))


def _with_ranks(paragraphs: Sequence[Paragraph], levels: dict[int, int]) -> dict[int, int]:
    """The levels, with capitals not above the numbered sections if those are counted through the whole document."""
    counted = [number[0] for at in sorted(levels) if len(number := number_of(paragraphs[at].text)) == 1]
    if len(counted) < 2 or any(first >= second for first, second in pairwise(counted)):
        return levels
    return {at: 2 if level == 1 and not is_chapter(paragraphs[at].text) else level for at, level in levels.items()}


def _is_ended(one: Paragraph, following: Paragraph, text: str) -> bool:
    """Whether nothing shows that the paragraph goes on in the one that follows."""
    if one.is_closed:
        return True
    if one.text.endswith(_LEADING_TO_NEXT):
        return False
    return len(one.text) >= _SURELY_TEXT or _is_apart(one, following, text)


def _is_apart(one: Paragraph, following: Paragraph, text: str) -> bool:
    """Whether an empty line is between the two."""
    return len(text[one.end : following.start].splitlines()) > 1


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
        and (
            following.is_closed or not following.alone or length >= _SURELY_TEXT or following.text.endswith(_LEADING_ON)
        )
        and not _LEADERS.search(beginning)
        and not (begun and begun["letter"].islower() and not following.is_item)
        and not (numbered and numbered["number"] != "1" and not NUMBERED.match(heading.text))
    )


def _is_listed(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether the line is an item of a list: it has a number or bullet, and so has a line beside it."""
    beside = [paragraphs[near] for near in (at - 1, at + 1) if 0 <= near < len(paragraphs)]
    return paragraphs[at].is_item and any(one.is_item for one in beside)
