"""The filters of a question: those that are offered, all values of one of them, and those in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.headline import holds
from nrqa.server.page.looking import html
from nrqa.server.page.questions import Asked, asked_in
from nrqa.server.problems import Problem

_NEVER = ("title", "created", "modified", "date as written", "source_notice", "identifier", "url", "description")
"""Metadata that divides documents into one each, or says the same as another."""
_FACETS, _VALUES = 8, 8
"""Metadata keys and values that are offered beside the question; a page of its own has all values of a key."""
_LONGEST_VALUE = 40
"""Characters of a value that is offered there."""
_LISTED = 500
"""Values on the page of one key; whoever looks for another writes a part of it."""
_DIVIDES = 2
"""Folders that are worth to be offered: one divides nothing."""
FOLDER = "folder"
"""The heading of the folders, which are chosen as names of documents are."""


async def filters(request: Request) -> Response:
    """All values of one key of the metadata, or all folders, each with its number of documents."""
    desk: ServerDesk = request.app.state.desk
    return await desk.do(_all_values, desk, request)


def offered(desk: ServerDesk, asked: Asked) -> dict[str, Any]:
    """The facets that are offered, and which conditions are chosen; what is no facet's value is written by hand."""
    facets = [one for key, values in desk.snapshot.facets.items() if (one := _facet(key, values, asked))]
    facets.sort(key=lambda one: -sum(value["count"] for value in one["values"]))
    facets = [*_folders(desk, asked), *facets[:_FACETS]]
    names = {(value["field"], value["condition"]): value["name"] for one in facets for value in one["values"]}
    conditions = [
        *(("where", f"{key}{'' if one[:1] in '<>' else '='}{one}") for key, its in asked.where.items() for one in its),
        *(("only", one) for one in asked.only),
    ]
    by_hand = [one for one in conditions if one not in names]
    first = {field: next((one for of, one in by_hand if of == field), "") for field in ("where", "only")}
    return {
        "facets": facets,
        "chosen": [
            {
                "name": names.get((field, one), one) if field == "only" else one,
                "without": _address(_without(asked.parameters, field, one)),
            }
            for field, one in conditions
        ],
        "other_where": first["where"],
        "other_only": first["only"],
        "more": [(field, one) for field, one in by_hand if one != first[field]],
    }


def _facet(key: str, values: Mapping[str, int], asked: Asked) -> dict[str, Any] | None:
    short = {one: count for one, count in values.items() if len(one) <= _LONGEST_VALUE}
    chosen = asked.where.get(key, ())
    if (len(short) < 2 and not chosen) or key in _NEVER or not short:
        return None
    shown = list(dict.fromkeys([*(one for one in chosen if one in short), *list(short)[:_VALUES]]))
    return {
        "key": key,
        "values": [_value("where", one, f"{key}={one}", short[one], chosen=one in chosen) for one in shown],
        "more": len(values) - len(shown),
        "all": _all(key, asked),
    }


def _folders(desk: ServerDesk, asked: Asked) -> list[dict[str, Any]]:
    found = desk.listing.folders(desk.snapshot)
    if len(found) < _DIVIDES:
        return []
    chosen = [one for one in found if one in asked.only]
    shown = list(dict.fromkeys([*chosen, *list(found)[:_VALUES]]))
    values = [_value("only", found[one].name, one, found[one].documents, chosen=one in chosen) for one in shown]
    return [{"key": FOLDER, "values": values, "more": len(found) - len(shown), "all": _all("", asked)}]


def _value(field: str, name: str, condition: str, count: int, *, chosen: bool) -> dict[str, Any]:
    return {"field": field, "name": name, "condition": condition, "count": count, "chosen": chosen}


def _all(key: str, asked: Asked) -> str:
    """The page with all values of a key; of no key, with all folders."""
    return addresses.with_parameters("/filters", [*([("key", key)] if key else []), *asked.parameters])


def _all_values(desk: ServerDesk, request: Request) -> Response:
    asked = asked_in(request.query_params)
    key, holding = request.query_params.get("key", ""), request.query_params.get("holding", "").strip()
    fitting = [one for one in _values(desk, asked, key) if holding.casefold() in one["name"].casefold()]
    for one in fitting[:_LISTED]:
        others = _without(asked.parameters, one["field"], one["condition"])
        one["address"] = _address(others if one["chosen"] else [*others, (one["field"], one["condition"])])
    return html(
        "filters.html",
        here="",
        holds=holds(desk),
        key=key or FOLDER,
        kept=[*([("key", key)] if key else []), *asked.parameters],
        holding=holding,
        values=fitting[:_LISTED],
        found=len(fitting),
        back=_address(asked.parameters),
    )


def _values(desk: ServerDesk, asked: Asked, key: str) -> list[dict[str, Any]]:
    """All values of a key; of no key, all folders."""
    if not key:
        folders = desk.listing.folders(desk.snapshot).items()
        return [_value("only", one.name, glob, one.documents, chosen=glob in asked.only) for glob, one in folders]
    if key not in desk.snapshot.facets:
        raise Problem(404, "No document has metadata of that name.")
    values = desk.snapshot.facets[key].items()
    return [
        _value("where", one, f"{key}={one}", count, chosen=one in asked.where.get(key, ())) for one, count in values
    ]


def _address(parameters: addresses.Parameters) -> str:
    return addresses.with_parameters("/", parameters)


def _without(parameters: addresses.Parameters, field: str, value: str) -> list[tuple[str, str]]:
    return [(key, one) for key, one in parameters if key != field or one != value]
