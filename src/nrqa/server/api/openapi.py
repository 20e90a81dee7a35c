"""What the API is, as OpenAPI 3.1: made from the same descriptions by which requests are checked."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nrqa.server.api.answers import written
from nrqa.server.api.events import MOST_EVENTS
from nrqa.server.api.formats import MEDIA
from nrqa.server.api.verbs import ENDPOINTS, MOST_AT_ONCE, MOST_LISTED, USUAL_LISTED, Endpoint
from nrqa.server.problems import MEDIA as PROBLEM
from nrqa.service.objects import ALWAYS
from nrqa.service.parameters import CONDITIONS
from nrqa.service.requests import VERBS
from nrqa.settings import VERSION

_REFUSALS = {
    "304": "Nothing has changed since the tag that was sent.",
    "400": "The request is no HTTP or no JSON.",
    "401": "No token, or another one.",
    "403": "Another page sent it, or the server changes nothing.",
    "404": "There is no such document, page or store.",
    "408": "The request did not arrive in time.",
    "409": "The file is not there as it was indexed.",
    "413": "The request is too large.",
    "415": "The body is no JSON.",
    "421": "The server is not asked under that name.",
    "422": "The question, a filter or a citation cannot be understood.",
    "503": "The index is not there, busy or damaged.",
}


async def described(_: Request) -> Response:
    """The description as JSON."""
    return Response(written(description()), media_type="application/json")


@cache
def description() -> dict[str, Any]:
    """The whole API."""
    paths: dict[str, dict[str, Any]] = {}
    for one in ENDPOINTS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    paths |= _documents()
    paths["/v1/vector_stores/{id}/search"] = {"post": _vector_stores()}
    paths["/v1/events"] = {"get": _events()}
    for path in ("/healthz", "/readyz"):
        answers = {"200": _json("It is.", {"type": "object"}), "503": {"$ref": "#/components/responses/503"}}
        paths[path] = {"get": {"summary": f"Whether it is {'alive' if 'health' in path else 'ready'}.", "security": [],
                               "responses": answers}}  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "nrqa",
            "version": VERSION,
            "summary": "Ranked, cited passages from your own documents.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
            "responses": {status: _refusal(status, why) for status, why in _REFUSALS.items()},
        },
    }


_LISTED = {
    "Link": {
        "description": 'Where the list goes on, as <address>; rel="next"; none where it ends.',
        "schema": {"type": "string"},
    },
    "X-Omitted": {
        "description": "How many come after these: documents, or characters.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "error": {
            "type": "object",
            "required": ["type", "message"],
            "properties": {"type": {"type": "string"}, "message": {"type": "string"}},
        },
    },
}


def _operation(one: Endpoint) -> dict[str, Any]:
    verb = VERBS[one.verb]
    schema = {"type": "object", "required": list(ALWAYS[one.verb])}
    described: dict[str, Any] = {
        "operationId": f"{one.verb}_{one.method.lower()}",
        "summary": verb.help,
        "responses": {"200": _json("What the command prints with --json.", schema), **_refusals()},
    }
    if one.method == "GET":
        described["parameters"] = [*_parameters(one.verb), *_beside(one.verb)]
        if one.verb == "documents":
            described["responses"]["200"]["headers"] = _LISTED
        if one.verb == "search":
            its = described["responses"]["200"]["content"]
            its.update({media.partition(";")[0]: {"schema": {"type": "string"}} for media in MEDIA.values()} | its)
        return described
    body: dict[str, Any] = verb.schema()
    if one.verb == "search":
        body = {"anyOf": [body, {"type": "array", "items": body, "minItems": 1, "maxItems": MOST_AT_ONCE}]}
        batch = {"type": "object", "required": ["answers"]}
        described["responses"]["200"] = _json("An answer, or one for each question.", {"anyOf": [schema, batch]})
    described["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return described


def _parameters(name: str) -> list[dict[str, Any]]:
    """A verb's parameters as a query string has them: conditions as KEY=VALUE, lists by repeating."""
    found = []
    for one in VERBS[name].parameters:
        schema = one.schema()
        if one.kind is CONDITIONS:
            text = {"type": "string", "minLength": 3, "maxLength": 1000, "pattern": "^[^=<>]+(=|>=|<=|>|<).+$"}
            schema = {"type": "array", "items": text, "maxItems": 100, "description": "KEY=VALUE, KEY>=VALUE, …"}
        elif one.kind.is_list:
            glob = {"type": "string", "minLength": 1, "maxLength": 1000}
            schema = {"type": "array", "items": glob, "maxItems": 100, "description": one.help}
        found.append({"name": one.name, "in": "query", "required": one.required, "schema": schema})
    return found


def _beside(name: str) -> list[dict[str, Any]]:
    if name == "search":
        return [_query("format", {"type": "string", "enum": [str(form) for form in MEDIA]})]
    if name == "documents":
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": USUAL_LISTED}
        return [_query("limit", limit), _query("cursor", {"type": "string", "maxLength": 80})]
    return []


def _documents() -> dict[str, dict[str, Any]]:
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    page = {"name": "page", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    place = {"type": "integer", "minimum": 0, "maximum": 10**9}
    png = {"200": {"description": "A picture.", "content": {"image/png": {"schema": {"type": "string"}}}}}
    file = {
        "200": {"description": "The file.", "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
    }
    scale = _query("scale", {"type": "number", "minimum": 0.25, "maximum": 4, "multipleOf": 0.01})
    number = _query("generation", {"type": "integer", "minimum": 0})

    def get(summary: str, parameters: list[dict[str, Any]], answers: dict[str, Any] | None = None) -> dict[str, Any]:
        usual = {"200": _json("It.", {"type": "object", "required": ["document"]})}
        return {"get": {"summary": summary, "parameters": [name, *parameters],
                        "responses": {**(answers or usual), **_refusals()}}}  # fmt: skip

    begin = "/v1/documents/{name}"
    return {
        begin: get("What is known of a document, and its outline.", []),
        f"{begin}/text": get(
            "The text of a document, or a stretch of it.",
            [_query("from", place), _query("to", place)],
            {"200": {**_json("It.", {"type": "object", "required": ["document", "text"]}), "headers": _LISTED}},
        ),
        f"{begin}/pages/{{page}}.json": get("The words of a page, with their boxes.", [page]),
        f"{begin}/pages/{{page}}.png": get("A page of a PDF as a picture.", [page, scale, number], png),
        f"{begin}/original": get("The file, as long as it is the one that was indexed.", [], file),
    }


def _vector_stores() -> dict[str, Any]:
    question = {"type": "string", "minLength": 1, "maxLength": 2000}
    body = {
        "type": "object",
        "required": ["query"],
        "additionalProperties": False,
        "properties": {
            "query": {"anyOf": [question, {"type": "array", "items": question, "minItems": 1, "maxItems": 10}]},
            "filters": {"type": "object"},
            "max_num_results": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
            "ranking_options": {"type": "object"},
            "rewrite_query": {"type": "boolean", "enum": [False]},
        },
    }
    page = {"type": "object", "required": ["object", "search_query", "data", "has_more", "next_page"]}
    return {
        "summary": "Search as OpenAI's clients ask for it; the store is 'nrqa'.",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": _json("Passages.", page), **_refusals()},
    }


def _events() -> dict[str, Any]:
    most = _query("most", {"type": "integer", "minimum": 1, "maximum": MOST_EVENTS})
    known = {"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 20}}
    told = "Server-sent events: the present generation, then each change of it and of standing answers."
    return {
        "summary": "What happens to the index, told as it happens; with `most`, that many events.",
        "parameters": [most, known],
        "responses": {
            "200": {"description": told, "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            **_refusals(),
        },
    }


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _json(why: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": why, "content": {"application/json": {"schema": schema}}}


def _refusals() -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS}


def _refusal(status: str, why: str) -> dict[str, Any]:
    if status == "304":
        return {"description": why}
    return {"description": why, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
