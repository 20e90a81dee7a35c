"""Whether an answer rests on everything in the corpus that could hold one."""

from __future__ import annotations

from nrqa.corpus.files.textless import could_hold_text
from nrqa.index.freshness import ADDED
from nrqa.records import Searched


def is_complete(searched: Searched) -> bool:
    """Whether everything that could hold an answer was searched, and is as it was; pictures and archives hold none."""
    added = [one for one in searched.stale if one.reason.startswith(ADDED)]
    if len(added) < len(searched.stale):
        return False
    return not any(could_hold_text(one) for one in (*searched.unreadable, *added))
