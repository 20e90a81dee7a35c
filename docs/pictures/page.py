"""Takes the pictures of the page in README.md: the search page and the draft checker, of the sample corpus.

python docs/pictures/page.py    (needs Chromium, a font with emoji such as
Debian's fonts-noto-color-emoji, since a source has one, and `nrqa index corpus` before)
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

from browser import browser  # noqa: E402 - a helper of the tests
from serving_process import served  # noqa: E402

COLOURS = 256
DRAFT = """Relations between NATO and Russia

The paper calls it "a direct threat to its nuclear deterrent", and says that Russia
"indefinitely suspended communication channels with the organization".

Its annexation of Crimea "was widely praised by NATO members", it claims.

Finland joined the alliance in April 2023.
"""


def keep(picture: bytes, file: Path) -> None:
    """Write a picture with few colours, which takes a third of the bytes."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def main() -> None:
    here = Path(__file__).parent
    with (
        tempfile.TemporaryDirectory() as profile,
        served(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "index") as (address, once),
        browser(Path(profile)) as tab,
    ):
        tab.show(1280, 800)
        tab.go(once)
        tab.go(f"{address}/?q=why+does+Russia+oppose+missile+defense")
        keep(tab.picture(), here / "page.png")
        tab.go(f"{address}/check")
        tab.evaluate("document.getElementById('text').focus()")
        tab.write(DRAFT)
        tab.click("button.go")
        tab.wait("document.querySelector('.findings') !== null")
        keep(tab.picture(), here / "check.png")


if __name__ == "__main__":
    main()
