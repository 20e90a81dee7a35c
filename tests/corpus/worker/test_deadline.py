from __future__ import annotations

import time

import pytest

from nrqa.corpus.worker.deadline import Deadline


@pytest.mark.slow
def test_what_takes_too_long_is_told_once_and_what_does_not_never() -> None:
    told: list[str] = []
    with Deadline(0.3) as deadline:
        for _ in range(3):
            with deadline.over(lambda: told.append("short")):
                time.sleep(0.15)
        with deadline.over(lambda: told.append("long")):
            time.sleep(0.9)
        time.sleep(0.5)
    assert told == ["long"]


@pytest.mark.slow
def test_what_follows_is_watched_though_the_one_before_could_not_be_ended() -> None:
    told: list[str] = []

    def refused() -> None:
        raise PermissionError

    with Deadline(0.1) as deadline:
        with deadline.over(refused):
            time.sleep(0.4)
        with deadline.over(lambda: told.append("late")):
            time.sleep(0.4)
    assert told == ["late"]


@pytest.mark.slow
def test_nobody_watches_any_more_once_it_is_over() -> None:
    told: list[str] = []
    with Deadline(0.1) as deadline:
        pass
    with deadline.over(lambda: told.append("late")):
        time.sleep(0.5)
    assert told == []
