"""Why a Word document has no text: the true reason, such as pictures, deleted text, or only headers."""

from __future__ import annotations

from nrqa.corpus.readers.office.docx_styles import W
from nrqa.corpus.readers.office.package import Package
from nrqa.corpus.readers.shared.xml import Element

_ASIDE = (("comments", "comments"), ("header", "headers and footers"), ("footer", "headers and footers"))
_PICTURES = ("drawing", "pict", "object")


def why_empty(package: Package, body: Element) -> str:
    """The reason, for a document in whose body no word is shown."""
    if any((one.text or "").strip() for one in body.iter(W + "delText")):
        return "no text in it: all of it was deleted, with changes tracked"
    if any(True for _ in body.iter(*(W + name for name in _PICTURES))):
        return "no text in it, only pictures"
    related = {one.kind: package.part(one.target) for one in package.relations(package.main).values()}
    for kind, told in _ASIDE:
        part = related.get(kind)
        if part is not None and any((one.text or "").strip() for one in part.iter(W + "t")):
            return f"no text in it, only {told}"
    return "no text in it"
