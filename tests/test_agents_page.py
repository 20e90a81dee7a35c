"""docs/agents.md is true: its calls, made again, give what stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import project
from nrqa.agents.calling import call
from nrqa.agents.tools import TOOLS
from nrqa.service.desk import Desk

PAGE = project.ROOT / "docs" / "agents.md"
SKILL = project.ROOT / "docs" / "skills" / "cite-documents" / "SKILL.md"


def test_the_transcript_is_what_the_tools_say(articles_index: Path) -> None:
    written = re.search(r"^```text\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert written
    calls = re.split(r"^→ ", written[1], flags=re.MULTILINE)[1:]
    assert len(calls) > 3
    desk = Desk(articles_index)
    for one in calls:
        asked, _, said = one.partition("\n")
        tool, _, arguments = asked.partition(" ")
        # Scores differ in their last digits from machine to machine.
        found = call(desk, tool, json.loads(arguments)).text
        assert _rough(found) == _rough(said.rstrip("\n")), asked


def _rough(text: str) -> str:
    return re.sub(r"confidence \d\.\d\d", "confidence", re.sub(r"generation \d+", "generation", text))


def test_page_and_skill_name_every_tool() -> None:
    for name in TOOLS:
        assert f"`{name}`" in PAGE.read_text("utf-8"), name
    skill = SKILL.read_text("utf-8")
    assert {"search", "fetch", "check", "verify", "status", "show_page", "why_not"} <= set(
        re.findall(r"`(\w+)`", skill)
    )
    assert skill.count("\n") < 30, "what every conversation has to read is short"
