"""Runs work in another thread while this thread does something else."""

from __future__ import annotations

import _thread
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_background(work: Callable[[], T]) -> Callable[[], T]:
    """Start the work; the function that is returned waits for its result, or raises what it raised.

    Starting costs a twentieth of a millisecond, which pays where the work releases Python's global lock (GIL). Unlike
    ``threading.Thread.start``, this does not wait until the other thread runs: where all processors are busy, that
    takes milliseconds.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    done = _thread.allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            errors.append(error)
        finally:
            done.release()

    _thread.start_new_thread(run, ())

    def result() -> T:
        with done:
            if errors:
                raise errors[0]
            return results[0]

    return result
