"""Bodies of requests: JSON, or nothing that is taken."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from starlette.requests import Request

from nrqa.server.problems import Problem


async def body_of(request: Request) -> Any:
    """The JSON that a request holds. Raises Problem where it holds something else."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != "application/json" and not said.endswith("+json"):
        # A form of another page could send anything but this without being asked first.
        raise Problem(415, "The body is JSON: send the header Content-Type: application/json.")
    data = await request.body()
    try:
        return json.loads(data, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is no JSON ({error}).") from None


def _none(written: str) -> NoReturn:
    raise ValueError(f"{written} is no number of JSON")
