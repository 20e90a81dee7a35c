"""Looks for cited passages in a corpus: for each in its own document first; in all others only if it is lost there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nrqa.citations.addresses import ADDRESS
from nrqa.citations.cited import Cited
from nrqa.citations.relocating.judging import Judgment, Likeness, in_place, judged, likeness
from nrqa.citations.relocating.occurrences import BOTH, Occurrence, occurrences_of
from nrqa.citations.relocating.positions import placed
from nrqa.citations.relocating.source import Source
from nrqa.citations.relocating.source_files import SourceFiles
from nrqa.records import Span

_ALIKE = 0.8
"""If its own document still has this share of a passage's words, the passage is not searched for elsewhere."""
_ALIKE_ELSEWHERE = 0.65
"""Share of the words that a stretch of another document must have. Two articles on one subject may have half of the
words in common, all of them names."""


def judgments(cited: Sequence[Cited], files: SourceFiles) -> list[Judgment]:
    """What has become of each cited passage, judged by the sources as they are now."""
    found: list[list[Occurrence]] = []
    cited = [placed(own.counted(one), own) if (own := files.document(one.document)) else one for one in cited]
    for one in cited:
        own = files.document(one.document)
        found.append(occurrences_of(one, own) if own else [])
    lost = [at for at, one in enumerate(cited) if not in_place(one, found[at])]
    for source in files.documents() if lost else ():
        for at in lost:
            if source.document.name != cited[at].document:
                found[at] += occurrences_of(cited[at], source)
    like = _likenesses([_with_words(one, found[at]) for at, one in enumerate(cited)], found, lost, files)
    return [_as_far_as_known(judged(one, found[at], like.get(at)), one, files) for at, one in enumerate(cited)]


def _with_words(cited: Cited, found: Iterable[Occurrence]) -> Cited:
    """The citation with its words, taken from a copy that has its fingerprint."""
    copy = next((one for one in found if not one.doubtful), None)
    return replace(cited, exact=copy.passage.text) if copy and not cited.exact else cited


def _likenesses(
    cited: Sequence[Cited], found: Sequence[Sequence[Occurrence]], lost: Iterable[int], files: SourceFiles
) -> dict[int, Likeness]:
    """For each passage that is not in its place (``lost``), the stretch that is most like its words."""
    like: dict[int, Likeness] = {}
    nowhere: list[int] = []
    for at in lost:
        own = files.document(cited[at].document)
        near = likeness(cited[at], own, apart=_copies(found[at], own)) if own else None
        if near:
            like[at] = near
        if not found[at] and (cited[at].exact or cited[at].part) and not (near and _is_it(near)):
            nowhere.append(at)
    for source in files.documents() if nowhere else ():
        for at in nowhere:
            if source.document.name != cited[at].document:
                other = likeness(cited[at], source)
                if other and other.share >= _ALIKE_ELSEWHERE and (at not in like or other.share > like[at].share):
                    like[at] = other
    return like


def _is_it(near: Likeness) -> bool:
    """Whether a stretch of the cited document is the passage beyond doubt: it has its words, or stands in its place."""
    return near.share >= _ALIKE or near.context == BOTH


def _copies(found: Iterable[Occurrence], source: Source) -> list[Span]:
    places = [one.passage.citation for one in found]
    return [Span(one.start, one.end) for one in places if one.document == source.document.name]


def _as_far_as_known(judgment: Judgment, cited: Cited, files: SourceFiles) -> Judgment:
    """The judgment, but *unchecked* where nobody can say what the document holds now."""
    reason = files.reason(cited.document)
    if reason:
        unknown = f"the document could not be read: {reason}"
    elif cited.document not in files.names and ADDRESS.match(cited.document):
        unknown = "an address is cited, no file of the corpus"
    elif cited.document not in files.names and judgment.status == "gone":
        return replace(judgment, notes=(*judgment.notes, "the corpus has no document of this name"))
    else:
        return judgment
    places = (judgment.passage, *judgment.others) if judgment.status == "moved" and judgment.passage else ()
    return Judgment("unchecked", others=places or judgment.others, notes=(unknown,))
