"""Errors as HTTP tells them: problem details (RFC 9457) for programs, a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from nrqa.errors import (
    CorpusError,
    DraftError,
    EncoderError,
    IndexBusyError,
    IndexMissingError,
    IndexUnusableError,
    NrqaError,
    QuestionError,
    QuestionSetError,
    ReceiptError,
    UnreadableError,
)
from nrqa.service.objects import error_object

MEDIA = "application/problem+json"
_STATUS: tuple[tuple[type[NrqaError], int], ...] = (
    (QuestionError, 422),
    (DraftError, 422),
    (ReceiptError, 422),
    (QuestionSetError, 422),
    (UnreadableError, 422),
    (CorpusError, 409),
    (IndexMissingError, 503),
    (IndexBusyError, 503),
    (IndexUnusableError, 503),
    (EncoderError, 503),
)
"""The first class that an error is of tells its status; any other error of nrqa's is 500."""
_SOON = {IndexMissingError: 10, IndexBusyError: 2}
"""Seconds after which asking again may help: an index is being built, or another process writes."""


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """What a request is answered with where it cannot be answered as it wishes."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        name: str = "",
        headers: Mapping[str, str] | None = None,
        error: BaseException | None = None,
    ) -> None:
        """``name`` says which kind of problem it is, where that is more than its status; ``error`` is nrqa's own."""
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        self.name = name or HTTPStatus(status).phrase
        self.error = error

    def to_dict(self, instance: str) -> dict[str, object]:
        """The object of RFC 9457; ``instance`` is the request's number. nrqa's own error stands beside it."""
        return {
            "type": f"/errors#{self.name.replace(' ', '-')}",
            "title": self.name,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **({} if self.error is None else error_object(self.error)),
        }


def problem_of(error: NrqaError) -> Problem:
    """The problem that an error of nrqa's is."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    soon = next((seconds for kind, seconds in _SOON.items() if isinstance(error, kind)), None)
    headers = {} if soon is None else {"retry-after": str(soon)}
    return Problem(status, str(error), name=type(error).__name__, headers=headers, error=error)
