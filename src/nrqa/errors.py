"""The one exception tree of nrqa.

* NrqaError
  x CorpusError             the corpus folder is missing, empty, or not a folder
    - UnreadableError       one source file cannot be read (collected, never fatal to a run)
      + ScanError           it has pages, but only text recognition (OCR) can read them
      + ReadingEndedError   reading it took too much time or memory, or crashed
  x IndexUnusableError      the index cannot be used
    - IndexMissingError     there is no index at that place
    - IndexBusyError        another process is writing to it
    - IndexDamagedError     a file of it is missing, cut short or altered
    - IndexIncompatibleError  made by another format or encoder than this process can use
  x DiskFullError           there is no room to write the index
  x NoMemoryError           there is too little memory
  x EncoderError            the model cannot be found, loaded or trusted
    - OfflineError          it would have to be downloaded, and the network is forbidden
  x QuestionError           the question, a filter or a citation cannot be understood
    - CursorError           a result cannot go on where a cursor says
  x NoAnswerError           nothing answers, and the caller asked for an error then
  x DraftError              a draft cannot be read
  x QuestionSetError        a question set, or a run saved from one, cannot be used
  x ServerError             the server cannot be started as it is wanted
  x ReceiptError            a receipt or a standing question cannot be read, or was altered

Every message says what happened, with the value, and how to correct it.
"""

EMPTY_FILE = "empty file"
"""The reason of a file without a single byte."""


def installed_as() -> str:
    """The distribution that is installed, nrqa or nrqa-slim: one put over the other is neither."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        distribution("nrqa-slim")
    except PackageNotFoundError:
        return "nrqa"
    return "nrqa-slim"


def installing(extra: str) -> str:
    """The command that installs an extra of what is here."""
    return f"pip install '{installed_as()}[{extra}]'"


class NrqaError(Exception):
    """Anything nrqa refuses or fails to do, with the remedy in its message."""


class CorpusError(NrqaError):
    """The corpus folder cannot be used."""


class UnreadableError(CorpusError):
    """One source file cannot be read; its message is the reason listed for it."""


class ScanError(UnreadableError):
    """Only text recognition (OCR) can read the file's pages."""

    def __init__(self, reason: str, pages: int) -> None:
        """``pages`` is how many pages the file has."""
        super().__init__(reason)
        self.pages = pages


class ReadingEndedError(UnreadableError):
    """Reading the file took too much time or memory, or crashed: another machine may read it."""


class IndexUnusableError(NrqaError):
    """The index cannot be used."""


class IndexMissingError(IndexUnusableError):
    """No generation is published at that place."""


class IndexBusyError(IndexUnusableError):
    """Another process holds the writer lock."""


class IndexDamagedError(IndexUnusableError):
    """A file of the published generation is missing, cut short or altered."""


class IndexIncompatibleError(IndexUnusableError):
    """The index was made by another format or encoder than this process can use."""


class DiskFullError(NrqaError):
    """There is no room on the disk to write the index; the published one is unchanged."""


class NoMemoryError(NrqaError):
    """There is too little memory; the published index is unchanged."""


class EncoderError(NrqaError):
    """The model cannot be found, loaded or trusted."""


class OfflineError(EncoderError):
    """The model is not on this machine and the network is forbidden."""


class QuestionError(NrqaError, ValueError):
    """The question, a filter or a citation cannot be understood."""


class CursorError(QuestionError):
    """A cursor is of another generation or another request, or is none."""


class NoAnswerError(NrqaError):
    """Nothing answers the question, and the caller asked for an error then."""


class DraftError(NrqaError):
    """A draft to be checked cannot be read."""


class QuestionSetError(NrqaError, ValueError):
    """A question set, or a run saved from one, cannot be used; names file and line."""


class ServerError(NrqaError):
    """The server cannot be started as it is wanted, or a package that it needs is missing."""


class TooLongError(NrqaError):
    """A request took longer than a server gives it; the server goes on."""


class ReceiptError(NrqaError, ValueError):
    """A receipt or a standing question cannot be read or written, or was altered since."""
