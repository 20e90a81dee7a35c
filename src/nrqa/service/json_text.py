"""JSON objects as text in which nothing can steer a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nrqa.text.control_characters import escaped_json


def json_text(value: Mapping[str, Any]) -> str:
    """The object on several lines, as it is printed and saved, with a line feed at the end."""
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def json_line(value: Mapping[str, Any]) -> str:
    """The object on one line, with a line feed at the end."""
    return escaped_json(json.dumps(value, ensure_ascii=False)) + "\n"
