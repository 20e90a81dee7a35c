"""The page in a real browser: an analyst from question to copied citation, an editor from draft to annotated copy."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import CHROMIUM, Browser, browser
from serving_process import served

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")]
QUESTION = "why does Russia oppose missile defense"
DRAFT = (
    'It says "Russia perceives NATO missile defense installations as a direct threat to its nuclear deterrent". '
    'It also says "Russia perceives NATO missile defense installations as a minor threat to its nuclear deterrent".\n'
)
_CONTRAST = """
(() => {
  const linear = x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4;
  const light = c => { const v = c.map(linear);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('body'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || e.closest('svg, .unseen, .skip, dialog, script') || !e.checkVisibility()) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([node.data.trim().slice(0, 40), Math.round(ratio * 100) / 100]);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def server(articles_index: Path) -> Iterator[tuple[str, str]]:
    with served(articles_index) as found:
        yield found


@pytest.fixture(scope="module")
def tab(server: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that was let in by the one-time token."""
    with browser(tmp_path_factory.mktemp("profile")) as found:
        found.show(1360, 900)
        found.go(server[1])
        found.allow_copying(server[0])
        yield found


@pytest.fixture(autouse=True)
def _as_usual(tab: Browser) -> None:
    tab.show(1360, 900)


def test_the_token_is_gone_from_the_address_and_no_script_reads_the_cookie(
    tab: Browser, server: tuple[str, str]
) -> None:
    tab.go(f"{server[0]}/")
    assert tab.evaluate("document.cookie") == ""
    tab.go(server[1])
    assert tab.evaluate("location.pathname + location.search") == "/"


def test_an_analyst_comes_from_a_question_to_a_copied_citation_by_keys_alone(
    tab: Browser, server: tuple[str, str]
) -> None:
    tab.go(f"{server[0]}/")
    tab.press("/")
    tab.write(QUESTION)
    tab.press("Enter", 13)
    assert "Answered" in tab.wait("document.readyState === 'complete' && document.querySelector('#verdict')?.innerText")
    tab.press("j")
    tab.press("j")
    assert tab.evaluate("document.activeElement.id") == "hit-2"
    tab.press("k")
    tab.press("c")
    tab.wait("document.getElementById('said').innerText.includes('Copied: citation')")
    cite = tab.evaluate("navigator.clipboard.readText()")
    assert cite.startswith("nato-russia.txt:29 ")
    tab.press("q")
    tab.wait("document.getElementById('said').innerText.includes('Copied: quotation')")
    assert cite in tab.evaluate("navigator.clipboard.readText()")
    tab.press("Enter", 13)
    tab.wait("location.pathname === '/read/nato-russia.txt' && document.querySelector('#here mark') !== null")
    tab.wait("(b => b.top >= 0 && b.bottom < 900)(document.querySelector('#here mark').getBoundingClientRect())")
    tab.wait("document.readyState === 'complete'")
    assert "deterrent" in tab.evaluate("[...document.querySelectorAll('mark.answer')].map(m => m.innerText).join(' ')")
    tab.press("n")
    tab.wait("document.readyState === 'complete' && !location.search.includes('hit=1')")
    # The next one stands further down in the same document, and a tick at the edge tells where.
    assert tab.evaluate("location.pathname") == "/read/nato-russia.txt"
    rank = tab.evaluate("new URLSearchParams(location.search).get('hit')")
    assert tab.evaluate("document.querySelector('.ticks [aria-current] text').textContent") == rank
    tab.press("p")
    tab.wait("location.search.includes('hit=1')")


def test_an_editor_comes_from_a_draft_to_the_annotated_copy(
    tab: Browser, server: tuple[str, str], tmp_path: Path
) -> None:
    tab.save_into(tmp_path)
    tab.go(f"{server[0]}/check")
    tab.evaluate("document.getElementById('text').focus()")
    tab.write(DRAFT)
    tab.click("button.go")
    label = "document.readyState === 'complete' && document.querySelector('.findings .label-of')?.innerText"
    assert tab.wait(label) == "Wrong"
    assert tab.evaluate("document.querySelector('del').innerText.trim()") == "direct"
    assert tab.evaluate("document.querySelector('ins').innerText.trim()") == "minor"
    tab.click("form.again button")
    until = time.monotonic() + 30
    while not (found := [*tmp_path.glob("annotated.md")]):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert "**misquoted**" in found[0].read_text("utf-8")


def test_everything_is_there_without_a_script(tab: Browser, server: tuple[str, str]) -> None:
    tab.show(1360, 900, scripts=False)
    tab.go(f"{server[0]}/?q={QUESTION.replace(' ', '+')}")
    assert "Answered" in tab.evaluate("document.querySelector('#verdict').innerText")
    tab.click(".hit .copies summary")
    assert "nato-russia.txt:29" in tab.evaluate("document.querySelector('.hit [data-copy=citation]').innerText")
    assert tab.evaluate("document.querySelector('.beside mark') !== null")
    tab.click(".hit a.where")
    tab.wait("location.pathname.startsWith('/read/') && document.readyState === 'complete'")
    assert tab.evaluate("document.querySelector('#here mark') !== null")
    assert tab.evaluate("document.querySelectorAll('button.copy').length") == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/?q=why+does+Russia+oppose+missile+defense", "/?q=quantum+bananas", "/status", "/check"]
)
def test_all_words_stand_out_and_nothing_is_wider_than_a_narrow_window(
    tab: Browser, server: tuple[str, str], path: str, *, dark: bool
) -> None:
    tab.show(320, 800, dark=dark)
    tab.go(f"{server[0]}{path}")
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.evaluate(_CONTRAST) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_printed_page_has_the_hits_and_no_forms(tab: Browser, server: tuple[str, str]) -> None:
    tab.show(800, 1100, printed=True)
    tab.go(f"{server[0]}/?q={QUESTION.replace(' ', '+')}")
    assert tab.evaluate("document.querySelector('.hit').checkVisibility()")
    assert not tab.evaluate("document.querySelector('form.ask').checkVisibility()")


def test_a_page_of_another_site_neither_reads_nor_frames_ours(tab: Browser, server: tuple[str, str]) -> None:
    tab.go("data:text/html,<p>elsewhere</p>")
    told = tab.evaluate(f"fetch({json.dumps(server[0] + '/v1/status')}).then(() => 'read', () => 'refused')")
    assert told == "refused"
