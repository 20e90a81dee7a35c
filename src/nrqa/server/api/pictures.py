"""Pages of documents as pictures, and documents as the files they are."""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from nrqa.server.desk import ServerDesk
from nrqa.server.problems import Problem
from nrqa.server.reader.originals import original
from nrqa.server.reader.pages import SCALE

_KEPT = "private, max-age=3600"
"""For addresses that name the generation: another file would be another address."""
_SCALE = re.compile(r"\d(?:\.\d{1,2})?")
_SMALLEST, _LARGEST = 0.25, 4.0
_PLAIN = re.compile(r"[^A-Za-z0-9._-]")


async def page_picture(request: Request) -> Response:
    """A page of a PDF as a PNG."""
    desk: ServerDesk = request.app.state.desk
    name, page = request.path_params["name"], request.path_params["page"]
    written = request.query_params.get("scale", "") or str(SCALE)
    if not _SCALE.fullmatch(written) or not _SMALLEST <= float(written) <= _LARGEST:
        raise Problem(422, f"scale is in pixels a point, from {_SMALLEST} to {_LARGEST}.")
    data = await desk.do(_picture, desk, name, page, float(written))
    headers = {"cache-control": _KEPT} if "generation" in request.query_params else {}
    return Response(data, media_type="image/png", headers=headers)


async def original_file(request: Request) -> Response:
    """The file that a document was read from, to be saved, never to be shown in the browser."""
    desk: ServerDesk = request.app.state.desk
    name = request.path_params["name"]
    data = await desk.do(original, name, desk.snapshot, desk.folder)
    file = PurePosixPath(name).name
    named = f"attachment; filename=\"{_PLAIN.sub('_', file)}\"; filename*=UTF-8''{quote(file, safe='')}"
    return Response(data, media_type="application/octet-stream", headers={"content-disposition": named})


def _picture(desk: ServerDesk, name: str, page: int, scale: float) -> bytes:
    found = desk.documents.read(name, desk.snapshot)
    if not any(page == number for number, _, _ in found.pages):
        raise Problem(404, "The document has no such page.")
    snapshot = desk.snapshot
    file = partial(original, name, snapshot, desk.folder)
    return desk.pages.picture(snapshot.known[name].sha256, page, file, scale=scale).picture
