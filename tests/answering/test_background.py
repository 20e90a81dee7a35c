from __future__ import annotations

import threading

import pytest

from nrqa.answering.background import in_background


def test_work_goes_on_beside_and_its_result_is_waited_for() -> None:
    go = threading.Event()
    result = in_background(lambda: (go.wait(10), threading.current_thread()))
    go.set()
    waited, thread = result()
    assert waited
    assert thread is not threading.current_thread()
    assert result() == (waited, thread)


def test_what_it_raises_is_raised_where_it_is_waited_for() -> None:
    result = in_background(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        result()
