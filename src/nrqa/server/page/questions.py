"""What a search form asks, as its address tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from nrqa.errors import QuestionError
from nrqa.given import written_conditions
from nrqa.server.page import addresses

MOST_HITS = 50
"""Of one page; whoever wants more than that narrows the question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its filters; "" where nothing is asked yet."""

    question: str
    k: int
    where: dict[str, list[str]]
    only: tuple[str, ...]

    @property
    def options(self) -> dict[str, Any]:
        """What a search takes beside the question."""
        return {"k": self.k, "where": self.where or None, "only": list(self.only) or None}

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of an address that asks the same."""
        return addresses.asked(self.question, self.k, self.where, self.only)


def asked_in(query: QueryParams) -> Asked:
    """What an address asks. Raises QuestionError where a filter or the number of hits is none."""
    written = query.get("k", "") or str(addresses.USUAL_HITS)
    if not written.isdecimal() or not 1 <= int(written) <= MOST_HITS:
        raise QuestionError(f"'{written}' is no number of hits. Ask for 1 to {MOST_HITS}.")
    only = tuple(one.strip() for one in query.getlist("only") if one.strip())
    return Asked(query.get("q", "").strip(), int(written), where_of(query.getlist("where")), only)


def where_of(conditions: list[str]) -> dict[str, list[str]]:
    """The filters that several KEY=VALUE, KEY>=VALUE and the like are."""
    return written_conditions(one for one in conditions if one.strip())
