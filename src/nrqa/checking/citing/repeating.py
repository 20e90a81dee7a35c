"""What "ibid.", "op. cit.", "the same document" and "(p. 3)" mean: a work that the draft has cited before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nrqa.checking.citing.meaning import Cited, Meant, Standing
from nrqa.checking.citing.works import Works, folded

IBID = "ibid."
"""The same work, and the same place if none is named."""
SAME = "same"
"""The same work. Any other word is in the name of the work or of its author."""

_IBID = r"(?:ibid(?:em)?|ibíd(?:em)?|ebd|ebenda|ebendort|ivi|tamże|там же|ib)"
_SAME = (
    r"(?:(?:the )?same (?:document|source|report|study|paper|article|book|file|text|author)"
    r"|(?:das|die|der)selbe (?:Dokument|Quelle|Bericht|Studie|Text|Aufsatz|Buch)"
    r"|(?:le|la) même (?:document|source|rapport|étude|texte|article|livre)"
    r"|(?:el|la) mism[oa] (?:documento|fuente|informe|estudio|texto|artículo|libro))"
)
_CITED_BEFORE = r"(?:op\. ?cit|loc\. ?cit|ob\. ?cit|art\. ?cit|a\. ?a\. ?O|dz\. ?cyt|цит\. ?соч|supra)"
_AGAIN = re.compile(
    rf"\W{{0,3}}(?:(?P<ibid>(?:{_IBID}|idem|id)(?!\w))|(?P<same>{_SAME})(?!\w)"
    rf"|(?P<name>[^\W\d_][\w'’.-]*(?:,? [\w'’.-]+){{0,3}}?)?[,:]? ?(?P<before>{_CITED_BEFORE})(?!\w))",
    re.IGNORECASE,
)
_PAGE_ONLY = re.compile(
    r"(?:pp?|pages?|S|Seiten?|págs?|str|с)\.? ?(?:\d{1,6}|[ivxlc]{1,8}\b)(?![^;]*\b(?:below|above|unten|oben)\b)",
)
IN_TEXT = re.compile(rf"(?<!\w)(?:{_IBID}(?:\.|(?=,? ?(?:pp?\.|S\.)))|{_SAME}(?!\w))", re.IGNORECASE)
"""Words for a work that was cited before, in running text."""


def again_in(text: str) -> str | None:
    """The word for the work that was cited before, if the text means that; None where it means something else."""
    found = _AGAIN.match(text)
    if found is None:
        return SAME if _PAGE_ONLY.match(text) else None
    if found["ibid"]:
        return IBID
    words = re.findall(r"[^\W\d_]{3,}", found["name"] or "")
    return folded(words[0]) if words else SAME


class Antecedents:
    """The works that a draft has cited so far, in the order of reading."""

    def __init__(self, works: Works) -> None:
        self._works = works
        self._last: tuple[Cited, ...] = ()
        self._by_word: dict[str, Cited] = {}

    def resolved(self, citations: Iterable[Standing], *, peek: bool = False) -> list[Standing]:
        """The citations of a paragraph with what "ibid." means in it; with ``peek`` they are not remembered."""
        before = self._last
        found = []
        for one in citations:
            cited = replace(one.cited, meant=self._meant(one.cited.meant)) if one.cited.meant.again else one.cited
            found.append(replace(one, cited=cited))
            if not one.remark and one.shape != "code":
                self._remember(cited, by_words=not peek)
        if peek:
            self._last = before
        return found

    def _meant(self, again: Meant) -> Meant:
        if again.again in (IBID, SAME):
            last = self._last
        else:
            last = tuple(one for one in (self._by_word.get(again.again),) if one)
        if len(last) == 1:
            meant = last[0].meant
            inherited = meant.places if again.again == IBID and not again.places else ()
            return replace(meant, places=again.places or inherited, told="")
        several = tuple(dict.fromkeys(name for one in last for name in one.meant.documents))
        if not several:
            return replace(again, again="")
        return Meant(
            (), again.places, candidates=several, told=f"“{again.again}” may mean any of these: {', '.join(several)}"
        )

    def _remember(self, cited: Cited, *, by_words: bool) -> None:
        together = self._last if self._last and self._last[0].span == cited.span else ()
        self._last = (*together, cited)[:_MOST]
        if by_words:
            written = re.findall(r"[^\W\d_]{3,}", cited.text[:_LONGEST])
            authors = (word for name in cited.meant.documents[:1] for word in self._works.families_of(name))
            self._by_word.update(dict.fromkeys([*map(folded, written), *authors], cited))


_MOST = 20
_LONGEST = 300
