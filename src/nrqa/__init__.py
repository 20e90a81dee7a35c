"""nrqa answers a question with ranked, cited passages from your own documents, and never generates text.

>>> import nrqa
>>> report = nrqa.reindex("corpus", "index")                          # doctest: +SKIP
>>> answer = nrqa.ask("why does Russia oppose missile defense")       # doctest: +SKIP
>>> answer.hits[0].passage.citation.place                             # doctest: +SKIP
'nato-russia.txt:29'

Importing this package loads no other module: every name is fetched when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # True to type checkers; importing typing would take longer than everything else here
if TYPE_CHECKING:
    from typing import Any

    from nrqa.answering import Index, ask
    from nrqa.checking import check
    from nrqa.checking.results import Checked
    from nrqa.errors import (
        CorpusError,
        DiskFullError,
        DraftError,
        EncoderError,
        IndexBusyError,
        IndexDamagedError,
        IndexIncompatibleError,
        IndexMissingError,
        IndexUnusableError,
        NrqaError,
        OfflineError,
        QuestionError,
        QuestionSetError,
        ReceiptError,
        UnreadableError,
    )
    from nrqa.evaluation import evaluate
    from nrqa.indexing import reindex
    from nrqa.receipts.model import Receipt
    from nrqa.records import (
        Answer,
        Citation,
        Document,
        Explanation,
        Hit,
        IndexReport,
        Match,
        Passage,
        Searched,
        Skipped,
        Span,
    )
    from nrqa.replaying import replay
    from nrqa.replaying.results import Replay
    from nrqa.results import Comparison, Evaluation, QuestionResult
    from nrqa.watching import watch

    __version__: str

__all__ = [
    "Answer",
    "Checked",
    "Citation",
    "Comparison",
    "CorpusError",
    "DiskFullError",
    "Document",
    "DraftError",
    "EncoderError",
    "Evaluation",
    "Explanation",
    "Hit",
    "Index",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexIncompatibleError",
    "IndexMissingError",
    "IndexReport",
    "IndexUnusableError",
    "Match",
    "NrqaError",
    "OfflineError",
    "Passage",
    "QuestionError",
    "QuestionResult",
    "QuestionSetError",
    "Receipt",
    "ReceiptError",
    "Replay",
    "Searched",
    "Skipped",
    "Span",
    "UnreadableError",
    "ask",
    "check",
    "evaluate",
    "reindex",
    "replay",
    "watch",
]

_HOMES = {
    "Checked": "nrqa.checking.results",
    "Comparison": "nrqa.results",
    "Evaluation": "nrqa.results",
    "Index": "nrqa.answering",
    "QuestionResult": "nrqa.results",
    "Receipt": "nrqa.receipts.model",
    "Replay": "nrqa.replaying.results",
    "ask": "nrqa.answering",
    "check": "nrqa.checking",
    "evaluate": "nrqa.evaluation",
    "reindex": "nrqa.indexing",
    "replay": "nrqa.replaying",
    "watch": "nrqa.watching",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        return import_module("nrqa.settings").VERSION
    if name not in __all__:
        raise AttributeError(f"module 'nrqa' has no attribute {name!r}")
    home = _HOMES.get(name, "nrqa.errors" if name.endswith("Error") else "nrqa.records")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
