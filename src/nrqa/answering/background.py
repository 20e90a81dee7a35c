"""Work that goes on in another thread while this one does something else."""

from __future__ import annotations

import _thread
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_background(work: Callable[[], T]) -> Callable[[], T]:
    """Begin the work; what is returned waits for its result, or raises what it raised.

    Worth its twentieth of a millisecond where the work lets go of Python's lock. Unlike ``threading.Thread.start`` this
    does not wait until the other thread runs, which takes milliseconds where all processors are busy.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    done = _thread.allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to whoever waits
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
