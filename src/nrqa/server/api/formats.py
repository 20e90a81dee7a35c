"""Answers in the formats of other programs, chosen by the address or by the header Accept."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from nrqa.errors import QuestionError
from nrqa.index.freshness import corpus_of
from nrqa.records import Answer
from nrqa.rendering.formats import Format, written
from nrqa.rendering.formats.item import Sources
from nrqa.server.desk import ServerDesk

MEDIA: Mapping[Format, str] = {
    Format.JSON: "application/json",
    Format.JSONL: "application/jsonl; charset=utf-8",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.CSL_JSON: "application/vnd.citationstyles.csl+json",
    Format.BIBTEX: "application/x-bibtex; charset=utf-8",
    Format.RIS: "application/x-research-info-systems; charset=utf-8",
}
SUFFIX: Mapping[Format, str] = {
    Format.JSON: "json",
    Format.JSONL: "jsonl",
    Format.MARKDOWN: "md",
    Format.CSV: "csv",
    Format.CSL_JSON: "csl.json",
    Format.BIBTEX: "bib",
    Format.RIS: "ris",
}


def form_named(name: str) -> Format:
    """The format of that name. Raises QuestionError where there is none."""
    try:
        form = Format(name)
    except ValueError:
        form = Format.TEXT
    if form not in MEDIA:
        raise QuestionError(f"'{name[:40]}' is no format. There are: {', '.join(MEDIA)}.")
    return form


def form_wanted(request: Request, named: str) -> Format:
    """The format that an address names, else the first that the header Accept knows by its media type, else JSON."""
    if named:
        return form_named(named)
    accepted = [one.partition(";")[0].strip().lower() for one in request.headers.get("accept", "").split(",")]
    by_media = {media.partition(";")[0]: form for form, media in MEDIA.items()}
    return next((by_media[one] for one in accepted if one in by_media), Format.JSON)


def file_of_answer(desk: ServerDesk, answer: Answer, form: Format) -> str:
    """The answer in a format other than JSON; its links lead to the corpus on this machine."""
    snapshot = desk.index.snapshot_at(answer.generation)

    def text_of(name: str) -> str | None:
        found = snapshot.document_named(name)
        return found[0] if found else None

    sources = Sources(corpus_of(snapshot.manifest, desk.folder), text_of, seams_of=snapshot.seams_of)
    return written(answer, form, sources)
