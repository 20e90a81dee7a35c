"""axe-core over every page, in light and dark colours and in a narrow window.

axe is another project's, under the MPL, and no part of this one: `make test-page` fetches it and names it in NRQA_AXE.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import project
from browser import CHROMIUM, Browser, browser
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from nrqa.service import verbs
from serving_process import served

AXE = os.environ.get("NRQA_AXE", "")
pytestmark = pytest.mark.slow
if not AXE or CHROMIUM is None:
    pytest.skip("make test-page fetches axe, and needs Chromium", allow_module_level=True)
QUESTION = "why does Russia oppose missile defense"
ASKED = "q=why+does+Russia+oppose+missile+defense"
DRAFT = (
    'It says "Russia perceives NATO missile defense installations as a direct threat to its nuclear deterrent". '
    'It also says "Russia perceives NATO missile defense installations as a minor threat to its nuclear deterrent". '
    'And "nobody ever spoke of such a thing at all". Nuclear weapons were moved.\n'
)
PAGES = {
    "answered": f"/?{ASKED}",
    "filtered": f"/?{ASKED}&only=*.txt&k=20",
    "absent": "/?q=quantum+bananas",
    "nothing asked": "/",
    "text": f"/read/nato-russia.txt?{ASKED}",
    "PDF": "/read/paper.pdf",
    "PDF as text": "/read/paper.pdf?as=text",
    "table": "/read/members.csv",
    "documents": "/documents",
    "filters": f"/filters?{ASKED}",
    "values of a filter": f"/filters?key=title&{ASKED}",
    "standing": "/standing",
    "status": "/status",
    "errors": "/errors",
    "why not": f"/why-not?{ASKED}&document=members.csv",
    "problem": "/?q=tea&where=nonsense",
    "not there": "/nothing",
    "draft": "/check",
}
REFUSED = {"problem": 422, "not there": 404}
WINDOWS = {"light": (1360, 900, False), "dark": (1360, 900, True), "narrow": (320, 800, False)}
RULES = """
axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values:
  ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}).then(found => found.violations.flatMap(
  one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)))
"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[tuple[Browser, str]]:
    """A browser that was let in, and the address of a server of documents of each kind."""
    place = tmp_path_factory.mktemp("seen")
    corpus = shutil.copytree(project.CORPUS, place / "corpus")
    shutil.copy(project.DOCUMENTS / "pdf" / "latex-two-columns.pdf", corpus / "paper.pdf")
    (corpus / "members.csv").write_text("Country,Capital\nEstonia,Tallinn\nPoland,Warsaw\n")
    (corpus / "broken.pdf").write_bytes(b"no PDF")
    reindex(corpus, place / "index", encoder=encoder)
    verbs.add_standing(place / "index", QUESTION)
    with (
        served(place / "index", "--allow-standing") as (address, once),
        browser(place / "profile") as found,
    ):
        found.show(1360, 900)
        found.go(once)
        yield found, address


def wrong(tab: Browser) -> list[str]:
    """What axe finds wrong with the page that is open, all of it unfolded."""
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    tab.evaluate(Path(AXE).read_text("utf-8"))
    found = tab.evaluate(RULES)
    assert found is not None, "axe did not run"
    return list(found)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_wrong_with_a_page(tab: tuple[Browser, str], page: str, window: str) -> None:
    width, height, dark = WINDOWS[window]
    tab[0].show(width, height, dark=dark)
    tab[0].go(tab[1] + PAGES[page])
    assert tab[0].evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == REFUSED.get(page, 200)
    assert wrong(tab[0]) == []


@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing_wrong_with_a_checked_draft(tab: tuple[Browser, str], window: str) -> None:
    width, height, dark = WINDOWS[window]
    tab[0].show(width, height, dark=dark)
    tab[0].go(f"{tab[1]}/check")
    tab[0].evaluate("document.getElementById('text').focus()")
    tab[0].write(DRAFT)
    tab[0].click("button.go")
    tab[0].wait("document.querySelector('.findings .label-of') !== null && document.readyState === 'complete'")
    assert wrong(tab[0]) == []


def test_axe_finds_what_is_wrong(tab: tuple[Browser, str]) -> None:
    """It would find nothing either where it did not run."""
    tab[0].show(1360, 900)
    tab[0].go(f"{tab[1]}/")
    tab[0].evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input>')")
    assert {one.partition(":")[0] for one in wrong(tab[0])} >= {"image-alt", "label"}
