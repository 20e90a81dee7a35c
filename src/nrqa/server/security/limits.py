"""How much a request may hold, and how long it may take to arrive."""

from __future__ import annotations

import asyncio
import time

from starlette.types import Message, Receive

MIB = 1024 * 1024
MOST_BODY = 1 * MIB
"""Bytes of a request, but for drafts: the longest batch of questions is some 100 KB."""
MOST_DRAFT = 32 * MIB
"""Bytes of a request with a draft: a word processor's file with its pictures."""
_ARRIVING = 60.0
"""Seconds for a request's body to arrive: 32 MiB at 5 Mbit/s."""


class TooLargeError(Exception):
    """A request holds more than it may."""


class TooSlowError(Exception):
    """A request takes longer to arrive than it may."""


def limited(receive: Receive, most: int) -> Receive:
    """What arrives, until it is more than ``most`` bytes, or takes longer than a minute."""
    arrived, until = 0, time.monotonic() + _ARRIVING
    whole = False

    async def one_more() -> Message:
        nonlocal arrived, whole
        if whole:
            return await receive()  # waits for the client to leave, as long as the answer takes
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                message = await receive()
        except TimeoutError:
            raise TooSlowError from None
        arrived += len(message.get("body", b""))
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        if arrived > most:
            raise TooLargeError
        return message

    return one_more
