"""Content controls of a Word document: whether they hold text, a table of contents, or only a prompt."""

from __future__ import annotations

from nrqa.corpus.readers.office.docx_styles import Styles, W, is_on
from nrqa.corpus.readers.office.package import Package
from nrqa.corpus.readers.shared.xml import Element

_CONTENTS_GALLERY = "Table of Contents"


def content_of(control: Element) -> Element:
    """What the control holds."""
    found = control.find(W + "sdtContent")
    return control if found is None else found


def is_left_out(control: Element, styles: Styles, package: Package) -> bool:
    """Whether a control holds a table of contents, or only a prompt ("Click here to enter a date").

    Programs leave the mark of a prompt on controls whose text somebody wrote, too. So the words themselves must have
    the style of prompts, or be those that the document's own list of prompts has for this control.
    """
    properties = control.find(W + "sdtPr")
    if properties is None:
        return False
    gallery = properties.find(f"{W}docPartObj/{W}docPartGallery")
    if gallery is not None and gallery.get(W + "val") == _CONTENTS_GALLERY:
        return True
    if not is_on(properties, "showingPlcHdr"):
        return False
    said = [run for run in content_of(control).iter(W + "r") if run.find(W + "t") is not None]
    return all(_is_prompt(run, styles) for run in said) or _text(content_of(control)) == _prompt(properties, package)


def _is_prompt(run: Element, styles: Styles) -> bool:
    style = run.find(f"{W}rPr/{W}rStyle")
    return style is not None and style.get(W + "val", "") in styles.prompts


def _prompt(properties: Element, package: Package) -> str | None:
    """The words of the prompt in the document's glossary; None where it has none."""
    named = properties.find(f"{W}placeholder/{W}docPart")
    glossary = None if named is None else package.part(package.related(package.main, "glossaryDocument"))
    if named is None or glossary is None:
        return None
    for part in glossary.iterfind(f"{W}docParts/{W}docPart"):
        name = part.find(f"{W}docPartPr/{W}name")
        if name is not None and name.get(W + "val") == named.get(W + "val"):
            return _text(part)
    return None


def _text(element: Element) -> str:
    return " ".join("".join(one.text or "" for one in element.iter(W + "t")).split())
