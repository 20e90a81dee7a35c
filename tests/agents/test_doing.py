"""Work in threads: bounded in time and number, and stopped where nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import anyio
import anyio.to_thread
import pytest

pytest.importorskip("mcp")

from nrqa.agents.doing import Doing, StoppedError
from nrqa.errors import TooLongError


def test_work_that_takes_too_long_ends_in_an_error_and_is_told_to_stop() -> None:
    stopped = Event()

    def endless(go_on: Callable[[], None]) -> None:
        try:
            while True:
                time.sleep(0.005)
                go_on()
        except StoppedError:
            stopped.set()
            raise

    async def run() -> None:
        doing = Doing(seconds=0.1, at_once=1)
        with pytest.raises(TooLongError, match=r"longer than 0\.1 seconds"):
            await doing.stoppable(endless)
        assert await doing.do(lambda: 7) == 7

    anyio.run(run)
    assert stopped.wait(5)


def test_work_that_is_cancelled_is_told_to_stop() -> None:
    begun, stopped = Event(), Event()

    def endless(go_on: Callable[[], None]) -> None:
        begun.set()
        try:
            while True:
                time.sleep(0.005)
                go_on()
        except StoppedError:
            stopped.set()

    async def run() -> None:
        doing = Doing(at_once=1)
        async with anyio.create_task_group() as group:
            group.start_soon(doing.stoppable, endless)
            await anyio.to_thread.run_sync(begun.wait, 5)
            group.cancel_scope.cancel()
        assert await doing.do(lambda: 7) == 7
        assert doing.is_idle

    anyio.run(run)
    assert stopped.wait(5)


def test_calls_that_never_end_are_never_more_than_the_places() -> None:
    free, at_work = Event(), []

    def stuck(number: int) -> None:
        at_work.append(number)
        free.wait(10)

    async def run() -> None:
        doing = Doing(seconds=0.05, at_once=2)
        for number in range(6):
            with pytest.raises(TooLongError):
                await doing.do(stuck, number)
        assert at_work == [0, 1], "those that waited for a place are not begun once they were given up"
        free.set()
        doing.seconds = 5
        assert await doing.do(lambda: 7) == 7

    anyio.run(run)


def test_what_the_work_raises_is_raised() -> None:
    async def run() -> None:
        with pytest.raises(TimeoutError, match="of the disk"):
            await Doing().do(_fails)

    anyio.run(run)


def _fails() -> None:
    raise TimeoutError("of the disk")
