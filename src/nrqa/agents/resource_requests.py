"""Requests about resources and completions, as the protocol has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError

from nrqa.agents import apps, resources
from nrqa.agents.doing import Doing
from nrqa.errors import NrqaError
from nrqa.service.desk import Desk

_CURSOR = re.compile(r"\d{1,9}")


def resource_requests(desk: Desk, doing: Doing) -> dict[str, Any]:
    """What answers them, by the names that the SDK's server has for it."""

    async def listed(context: Any, asked: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        at = _place(asked.cursor if asked else None)
        every = await _or_invalid(doing, resources.names, desk)
        some = every[at : at + resources.LISTED]
        after = at + len(some)
        found = [types.Resource(uri=resources.address_of(one), name=one, mime_type="text/plain") for one in some]
        if at == 0:
            found.insert(0, types.Resource(uri=resources.STATUS, name="status", mime_type="text/plain"))
            if apps.is_supported(context):
                found.insert(0, types.Resource(uri=apps.READER, name="reader", mime_type=apps.MEDIA))
        return types.ListResourcesResult(resources=found, next_cursor=str(after) if after < len(every) else None)

    async def templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        found = [
            types.ResourceTemplate(uri_template=address, name=name, description=says, mime_type=media)
            for address, name, says, media in resources.TEMPLATES
        ]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def read(context: Any, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        address = str(asked.uri)
        if address == apps.READER and apps.is_supported(context):
            app = types.TextResourceContents(uri=address, mime_type=apps.MEDIA, text=apps.reader())
            return types.ReadResourceResult(contents=[app])
        found = await _or_invalid(doing, resources.read, desk, address, data={"uri": address})
        content: types.TextResourceContents | types.BlobResourceContents
        if found.blob:
            content = types.BlobResourceContents(uri=address, mime_type=found.media, blob=found.blob)
        else:
            content = types.TextResourceContents(uri=address, mime_type=found.media, text=found.text)
        return types.ReadResourceResult(contents=[content])

    async def completed(_: Any, asked: types.CompleteRequestParams) -> types.CompleteResult:
        every = await _or_invalid(doing, resources.completed, desk, asked.argument.value)
        some = every[: resources.COMPLETED]
        more = len(every) > len(some)
        return types.CompleteResult(completion=types.Completion(values=some, total=len(every), has_more=more))

    return {
        "on_list_resources": listed,
        "on_list_resource_templates": templates,
        "on_read_resource": read,
        "on_completion": completed,
    }


async def _or_invalid(doing: Doing, work: Callable[..., Any], *arguments: Any, data: Any = None) -> Any:
    """What the work gives; what nrqa refuses is told as the protocol tells it: invalid parameters."""
    try:
        return await doing.do(work, *arguments)
    except (NrqaError, OSError) as error:
        raise MCPError(types.INVALID_PARAMS, str(error), data) from None


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not _CURSOR.fullmatch(cursor):
        raise MCPError(types.INVALID_PARAMS, "That cursor was not given by this server.")
    return int(cursor)
