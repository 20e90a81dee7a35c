"""Requests about tools, as the protocol has them, and as each client can read their results.

What the tools do is loaded by the first call, or behind the first answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import mcp_types as types
from mcp.shared.exceptions import MCPError

from nrqa.agents import apps
from nrqa.agents.doing import Doing
from nrqa.agents.tools import TOOLS, Tool
from nrqa.errors import NrqaError
from nrqa.given import shown
from nrqa.service.desk import Desk

if TYPE_CHECKING:
    from nrqa.agents.calling import GoOn

_READS = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_CHATGPT = "openai-mcp"
"""The name by which ChatGPT and OpenAI's API introduce themselves."""
_MOMENT = 0.1
"""Seconds after which index and encoder are opened, once a client has asked for the tools."""


def tool_requests(desk: Desk, doing: Doing, *, structured: bool) -> dict[str, Any]:
    """What answers them, by the names that the SDK's server has for it."""

    async def listed(context: Any, _: Any) -> types.ListToolsResult:
        if not desk.is_warm:
            desk.warm_behind(_MOMENT)  # not before the list is on its way: loading would hold it up
        found = [_described(one, structured=structured) for one in TOOLS.values()]
        if apps.is_supported(context):
            found = [one.model_copy(update={"meta": apps.OF_TOOL}) if one.name == apps.TOOL else one for one in found]
        return types.ListToolsResult(tools=found)

    async def called(context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        if asked.name not in TOOLS:
            known = ", ".join(TOOLS)
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {shown(asked.name)}. There are: {known}.")
        work = _work(desk, asked.name, asked.arguments or {}, _client(context), structured=structured)
        try:
            found = await doing.stoppable(work)
            if not apps.is_supported(context):
                found.meta = None
            return found
        except (NrqaError, OSError) as error:
            told = types.TextContent(text=f"{type(error).__name__}: {error}")
            return types.CallToolResult(content=[told], is_error=True)

    return {"on_list_tools": listed, "on_call_tool": called}


def _work(
    desk: Desk, name: str, arguments: Mapping[str, Any], client: str, *, structured: bool
) -> Callable[[GoOn], types.CallToolResult]:
    """What is to be done for a call; it loads what it needs itself, in the thread where it is done."""

    def work(go_on: GoOn) -> types.CallToolResult:
        if structured:
            from nrqa.agents import structured as objects

            if objects.is_structured(name):
                return _object(objects.call(desk, name, arguments))
        if client == _CHATGPT:
            from nrqa.agents import chatgpt

            if name in chatgpt.TOLD:
                return _text(chatgpt.TOLD[name](desk, arguments))
        return _told(desk, name, arguments, go_on)

    return work


def _told(desk: Desk, name: str, arguments: Mapping[str, Any], go_on: GoOn) -> types.CallToolResult:
    from nrqa.agents.calling import call

    found = call(desk, name, arguments, go_on)
    result = _text(found.text)
    if found.picture:
        result.content.append(types.ImageContent(data=found.picture, mime_type="image/png"))
        result.meta = {apps.OF_RESULT: dict(found.about)}
    return result


def _text(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)])


def _object(found: dict[str, Any]) -> types.CallToolResult:
    """The object, and the same as text: some clients read only this."""
    text = types.TextContent(text=json.dumps(found, ensure_ascii=False))
    return types.CallToolResult(content=[text], structured_content=found)


def _client(context: Any) -> str:
    """The name by which the client introduced itself; "" where it did not."""
    params = context.session.client_params
    return params.client_info.name if params else ""


def _described(one: Tool, *, structured: bool) -> types.Tool:
    takes, gives = one.schema(), None
    if structured:
        from nrqa.agents import structured as objects

        if objects.is_structured(one.name):
            takes, gives = objects.input_schema(one.name), objects.output_schema(one.name)
    return types.Tool(
        name=one.name,
        title=one.title,
        description=one.says,
        input_schema=takes,
        output_schema=gives,
        annotations=_READS,
    )
