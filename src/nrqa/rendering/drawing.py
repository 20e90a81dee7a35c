"""How each record looks, as text and in a notebook. What draws it is loaded when somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nrqa.checking.results import Checked
from nrqa.evaluation.results import Comparison, Evaluation
from nrqa.records import Answer, Form, Hit
from nrqa.rendering.plain_text import text_of

if TYPE_CHECKING:
    from rich.console import RenderableType


def look(record: Any, form: Form) -> str:
    """The record as the command line prints it to a pipe, or as HTML."""
    return _html(record) if form == "html" else text_of(_renderable(record)).rstrip("\n")


def _renderable(record: Any) -> RenderableType:
    from nrqa.rendering import answer, checked_draft, evaluation

    drawers: dict[type, Callable[[Any], RenderableType]] = {
        Answer: answer.render_answer,
        Hit: answer.render_hit,
        Checked: checked_draft.render_checked,
        Evaluation: evaluation.render_evaluation,
        Comparison: evaluation.render_comparison,
    }
    return drawers[type(record)](record)


def _html(record: Any) -> str:
    from nrqa.rendering.notebook import answer, checked_draft, evaluation

    drawers: dict[type, Callable[[Any], str]] = {
        Answer: answer.answer_html,
        Hit: answer.hit_html,
        Checked: checked_draft.checked_html,
        Evaluation: evaluation.evaluation_html,
        Comparison: evaluation.comparison_html,
    }
    return drawers[type(record)](record)
