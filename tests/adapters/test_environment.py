"""The environment of the frameworks stands on nrqa's own: what both pin, they pin alike."""

from __future__ import annotations

import re

import project


def _pinned(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text.lower().replace("_", "-"), re.MULTILINE))


def test_no_package_is_pinned_twice_in_two_versions() -> None:
    ours = _pinned((project.ROOT / "constraints.txt").read_text("utf-8"))
    theirs = _pinned((project.TESTS / "adapters" / "requirements.txt").read_text("utf-8"))
    theirs |= _pinned((project.ROOT / "docs" / "requirements.txt").read_text("utf-8"))
    assert len(theirs) > 50
    assert not {name: (ours[name], theirs[name]) for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]}
    assert "torch" not in theirs, "CUDA comes with it"
