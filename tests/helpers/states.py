"""A corpus that is in one state or another as a whole, and what an answer says of it: mixed generations show."""

from __future__ import annotations

from pathlib import Path

from nrqa.records import Answer

DOCUMENTS = 12


def write_state(corpus: Path, state: int) -> None:
    """All documents as they are in that state, each replaced by a rename."""
    for at in range(DOCUMENTS):
        draft = corpus / f".draft-{at}"
        # Half of the text stays, so that both new and old vectors are in every generation.
        shared = f"The document {at} has a part that stays as it is in every state of all.\n\n" if at % 2 else ""
        draft.write_text(f"{shared}The document {at} has the state number {state} of all states, and says so here.\n")
        draft.rename(corpus / f"document-{at}.txt")


def states_of(answer: Answer) -> set[int]:
    """The states that the hits of an answer speak of."""
    return {int(hit.passage.text.split("state number ")[1].split()[0]) for hit in answer.hits}
