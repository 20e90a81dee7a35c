"""nrqa answers a question with ranked, cited passages from your own documents, and never generates text.

>>> import nrqa
>>> report = nrqa.reindex("corpus", "index")                          # doctest: +SKIP
>>> answer = nrqa.ask("why does Russia oppose missile defense")       # doctest: +SKIP
>>> answer.hits[0].place                                              # doctest: +SKIP
'nato-russia.txt:29'

Importing this package loads no other module: every name is fetched when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # True to type checkers; importing typing would take longer than everything else here
if TYPE_CHECKING:
    from typing import Any

    from nrqa.answering.asking import Index, ask
    from nrqa.answering.calibration import Calibration
    from nrqa.answering.inspecting import Shown, Status, status
    from nrqa.auditing.receipts.model import Receipt
    from nrqa.auditing.replaying import replay
    from nrqa.auditing.replaying.results import Replay
    from nrqa.auditing.standing import Standing, StandingReport
    from nrqa.auditing.whynot import why_not
    from nrqa.auditing.whynot.results import WhyNot
    from nrqa.bundles.packing import Packed, pack
    from nrqa.bundles.unpacking import Unpacked, unpack
    from nrqa.checking.checking import check
    from nrqa.checking.results import Checked
    from nrqa.citations.verifying import Verification, verify
    from nrqa.errors import (
        CorpusError,
        CursorError,
        DiskFullError,
        DraftError,
        EncoderError,
        IndexBusyError,
        IndexDamagedError,
        IndexIncompatibleError,
        IndexMissingError,
        IndexUnusableError,
        NoAnswerError,
        NrqaError,
        OfflineError,
        QuestionError,
        QuestionSetError,
        ReceiptError,
        UnreadableError,
    )
    from nrqa.evaluation.calibrating import calibrate
    from nrqa.evaluation.evaluating import evaluate
    from nrqa.evaluation.results import Comparison, Evaluation, QuestionResult
    from nrqa.health.examining import Diagnosis, doctor
    from nrqa.indexing.reindexing import reindex
    from nrqa.indexing.watching import watch
    from nrqa.records import (
        Answer,
        Citation,
        Document,
        Explanation,
        Form,
        Hit,
        IndexReport,
        Match,
        Passage,
        Searched,
        Skipped,
        Span,
    )
    from nrqa.service.programs import add_standing, export, list_standing, remove_standing, show, standing

    __version__: str

__all__ = [
    "Answer",
    "Calibration",
    "Checked",
    "Citation",
    "Comparison",
    "CorpusError",
    "CursorError",
    "Diagnosis",
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
    "NoAnswerError",
    "NrqaError",
    "OfflineError",
    "Packed",
    "Passage",
    "QuestionError",
    "QuestionResult",
    "QuestionSetError",
    "Receipt",
    "ReceiptError",
    "Replay",
    "Searched",
    "Shown",
    "Skipped",
    "Span",
    "Standing",
    "StandingReport",
    "Status",
    "Unpacked",
    "UnreadableError",
    "Verification",
    "WhyNot",
    "add_standing",
    "ask",
    "calibrate",
    "check",
    "doctor",
    "evaluate",
    "export",
    "list_standing",
    "pack",
    "reindex",
    "remove_standing",
    "replay",
    "show",
    "standing",
    "status",
    "unpack",
    "verify",
    "watch",
    "why_not",
]

_HOMES = {
    "Calibration": "nrqa.answering.calibration",
    "Checked": "nrqa.checking.results",
    "Comparison": "nrqa.evaluation.results",
    "Diagnosis": "nrqa.health.examining",
    "Evaluation": "nrqa.evaluation.results",
    "Index": "nrqa.answering.asking",
    "Packed": "nrqa.bundles.packing",
    "QuestionResult": "nrqa.evaluation.results",
    "Receipt": "nrqa.auditing.receipts.model",
    "Replay": "nrqa.auditing.replaying.results",
    "Shown": "nrqa.answering.inspecting",
    "Standing": "nrqa.auditing.standing",
    "StandingReport": "nrqa.auditing.standing",
    "Status": "nrqa.answering.inspecting",
    "Unpacked": "nrqa.bundles.unpacking",
    "Verification": "nrqa.citations.verifying",
    "WhyNot": "nrqa.auditing.whynot.results",
    "add_standing": "nrqa.service.programs",
    "ask": "nrqa.answering.asking",
    "calibrate": "nrqa.evaluation.calibrating",
    "check": "nrqa.checking.checking",
    "doctor": "nrqa.health.examining",
    "evaluate": "nrqa.evaluation.evaluating",
    "export": "nrqa.service.programs",
    "list_standing": "nrqa.service.programs",
    "pack": "nrqa.bundles.packing",
    "reindex": "nrqa.indexing.reindexing",
    "remove_standing": "nrqa.service.programs",
    "replay": "nrqa.auditing.replaying",
    "show": "nrqa.service.programs",
    "standing": "nrqa.service.programs",
    "status": "nrqa.answering.inspecting",
    "unpack": "nrqa.bundles.unpacking",
    "verify": "nrqa.citations.verifying",
    "watch": "nrqa.indexing.watching",
    "why_not": "nrqa.auditing.whynot",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        return import_module("nrqa.settings").VERSION
    if name not in __all__:
        raise AttributeError(f"module 'nrqa' has no attribute {name!r}")
    home = _HOMES.get(name, "nrqa.errors" if name.endswith("Error") else "nrqa.records")
    if home != "nrqa.errors":
        import_module("nrqa.records").drawn_by(_drawn)
    return getattr(import_module(home), name)


def _drawn(record: Any, form: Form) -> str:
    """How a record looks, for ``str`` and notebooks; what draws is loaded only then."""
    from nrqa.rendering.drawing import look

    return look(record, form)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
