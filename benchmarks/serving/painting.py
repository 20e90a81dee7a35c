"""How soon Chromium paints pages of a server, and how long the server takes for them."""

import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

from browser import Browser, browser

_TIMES = """
(() => { const [page] = performance.getEntriesByType('navigation');
  return [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
          page.responseStart - page.requestStart, page.transferSize]; })()
"""
"""First paint with something on it and first byte, in milliseconds from the press of Enter, and bytes sent."""


def painted(let_in: str, pages: Mapping[str, Sequence[str]], profile: Path, rounds: int) -> dict[str, dict[str, float]]:
    """For each kind of page, medians over its addresses, each opened so many times; ``cold`` is its very first one."""
    found: dict[str, dict[str, float]] = {}
    with browser(profile) as tab:
        tab.show(1360, 900)
        tab.go(let_in)
        for kind, addresses in pages.items():
            took = [_opened(tab, address) for _ in range(rounds) for address in addresses]
            warm = took[1:] or took
            found[kind] = {
                "cold": took[0][0],
                "p50": statistics.median(one[0] for one in warm),
                "most": max(one[0] for one in warm),
                "server": statistics.median(one[1] for one in warm),
                "KB": statistics.median(one[2] for one in warm) / 1000,
            }
    return found


def _opened(tab: Browser, address: str) -> tuple[float, float, float]:
    tab.evaluate("location.href = 'about:blank'")
    tab.go(address)
    tab.wait("performance.getEntriesByName('first-contentful-paint').length > 0")
    paint, byte, size = tab.evaluate(_TIMES)
    return paint, byte, size
