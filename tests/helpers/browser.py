"""Chromium without a window, driven over its pipe: which words of a page a link lights."""

from __future__ import annotations

import base64
import fcntl
import io
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
LIGHT = "<style>::target-text{background-color:rgb(255,0,255)!important;color:black!important}</style>"
"""What a page needs so that the light can be told from the page's own colours."""
_SECONDS = 60
_WORDS = """
(() => { const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) for (const word of node.data.matchAll(/\\S+/g)) {
    const range = document.createRange();
    range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
    const box = range.getClientRects()[0];
    if (box && box.width) found.push([word[0], box.left, box.top, box.right, box.bottom]);
  } return found; })()
"""
_DRAWN = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 200))))"


class Browser:
    """One tab of Chromium; ``lit`` opens an address in it."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._numbers = itertools.count(1)
        self._read = b""
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")
        self._call("Emulation.setDeviceMetricsOverride", width=600, height=3000, deviceScaleFactor=1, mobile=False)

    def lit(self, address: str) -> str:
        """The words of the page at an address that are lit, with a blank between two; "" where nothing is."""
        from PIL import Image

        for one in ("about:blank", address):
            self._call("Page.navigate", url=one)
            until = time.monotonic() + _SECONDS
            while self._said("document.readyState") != "complete" or (self._said("location.href") != one.split("#")[0]):
                assert time.monotonic() < until, one
                time.sleep(0.02)
        self._call("Runtime.evaluate", expression=_DRAWN, awaitPromise=True)
        drawn = base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"])
        picture = Image.open(io.BytesIO(drawn)).convert("RGB")
        return " ".join(word for word, *box in self._said(_WORDS) if _is_lit(picture, box))

    def show(self, width: int, height: int, *, dark: bool = False, scripts: bool = True, printed: bool = False) -> None:
        """Show pages from now on in a window of that size; with light or dark colours, with or without scripts."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        colours = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._call("Emulation.setEmulatedMedia", media="print" if printed else "", features=colours)
        self._call("Emulation.setScriptExecutionDisabled", value=not scripts)

    def go(self, address: str) -> None:
        """Open an address, and wait until it is there."""
        self._call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def wait(self, expression: str) -> Any:
        """Wait until an expression of JavaScript is true; its value."""
        until = time.monotonic() + _SECONDS
        while not (found := self.evaluate(expression)):
            assert time.monotonic() < until, f"{expression} in {self.evaluate('document.body.innerText')}"
            time.sleep(0.05)
        return found

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript; of a promise, what it becomes; None while a page is changed."""
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return found["result"].get("value")

    def press(self, key: str, code: int = 0) -> None:
        """Press a key: one with a text, or one with a name and its code."""
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code or ord(key[0]), **text)

    def write(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        self._call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click on the first element that a selector names, as soon as it and the rest of the page are there."""
        where = f"document.querySelector({json.dumps(selector)})"
        self.wait(f"document.readyState === 'complete' && {where} !== null")
        self.evaluate(f"{where}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        x, y = self.evaluate(f"(b => [b.x + b.width / 2, b.y + b.height / 2])({where}.getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def allow_copying(self, origin: str) -> None:
        """Let pages from there write to the clipboard and read it."""
        allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        self._call("Browser.grantPermissions", permissions=allowed, origin=origin)
        self._call("Emulation.setFocusEmulationEnabled", enabled=True)

    def save_into(self, folder: Path) -> None:
        """Save what is downloaded into a folder."""
        self._call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def picture(self) -> bytes:
        """The window as a PNG."""
        self._call("Runtime.evaluate", expression=_DRAWN, awaitPromise=True)
        return base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"])

    def _said(self, expression: str) -> Any:
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")
        return found.split("#")[0] if isinstance(found, str) else found

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (found := self._next()).get("id") != number:
            pass
        assert "error" not in found, found
        result: dict[str, Any] = found["result"]
        return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            data = os.read(self._answers, 1 << 20)
            assert data, "Chromium ended"
            self._read += data
        message, _, self._read = self._read.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a new profile; it ends with the block."""
    assert CHROMIUM
    # Chromium reads commands from descriptor 3 and writes answers to 4: ours are moved out of their way first.
    ours = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (*os.pipe(), *os.pipe())]
    commands_in, commands_out, answers_in, answers_out = ours

    def pipes() -> None:
        os.dup2(commands_in, 3)
        os.dup2(answers_out, 4)

    words = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank",
    ]  # fmt: skip
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    process = subprocess.Popen(words, preexec_fn=pipes, pass_fds=(3, 4), **quiet)  # noqa: PLW1509 - no threads here
    try:
        os.close(commands_in)
        os.close(answers_out)
        yield Browser(commands_out, answers_in)
    finally:
        process.terminate()
        process.wait(20)
        os.close(commands_out)
        os.close(answers_in)


def _is_lit(picture: Any, box: list[float]) -> bool:
    left, top, right, bottom = box
    middle = round((top + bottom) / 2)
    pixels = [picture.getpixel((x, middle)) for x in range(round(left), round(right)) if 0 <= x < picture.width]
    lit = sum(red > 200 and green < 90 and blue > 200 for red, green, blue in pixels)
    return bool(0 <= middle < picture.height and lit > len(pixels) / 3)
