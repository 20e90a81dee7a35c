"""Asks the process that runs a brought encoder, limits its time, and believes nothing that it answers."""

from __future__ import annotations

import subprocess
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Timer
from typing import IO, TYPE_CHECKING, Any, TypeVar

from nrqa.cage.launching import command, environment
from nrqa.cage.time_limit import give_time, ran_out
from nrqa.encoder.batches import cores
from nrqa.encoder.brought.messages import numbers, receive, send, tokens_from
from nrqa.encoder.brought.table import open_brought_table
from nrqa.encoder.protocol import USUAL, Encoded, Model, Tokens
from nrqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SECONDS = 120
"""For a request of at most ``_TOGETHER`` texts: a hundred times what large models take for questions."""
_TOGETHER = 16
MEMORY = 2 << 30
"""Bytes of address space for Python, its libraries and what is computed; the encoder's files come on top, twice."""

_Process = subprocess.Popen[bytes]
_Found = TypeVar("_Found")


class BroughtEncoder:
    """An encoder in a process of its own; see ``Encoder``, which it implements. Several threads may use it.

    The process starts at once, and runs until the object goes. One that died is started again for the next request.
    """

    def __init__(
        self, model: Model, folder: Path, *, one_shot: bool = False, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        """``model`` is as the index describes it."""
        self.model = model
        self._folder, self._one_shot = folder.resolve(), one_shot
        self._seconds = seconds
        self._memory = memory + 2 * sum(file.stat().st_size for file in folder.iterdir())
        self._turn = Lock()
        self._process = _started(self._folder, self._memory)
        self._end = weakref.finalize(self, _ended, self._process)
        try:
            self._table = open_brought_table(folder)
        except ValueError as error:
            raise useless(str(error)) from error

    def engine_name(self) -> str:
        """The name of the engine."""
        return USUAL

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without special tokens and without truncation."""
        found = self._ask("count", texts, lambda content, _, __: [_count(one) for one in content["counts"]])
        return [one for some in found for one in some]

    def passage_room(self) -> int:
        """How many tokens of a passage the model reads: its limit minus special tokens and prompt."""
        (found,) = self._ask("count", [""], lambda content, _, __: _count(content["room"]))
        return min(max(1, found), self.model.max_tokens)

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The ids and spans that ``encode_passages`` would give, without encoding."""

        def read(content: dict[str, Any], stream: IO[bytes], some: Sequence[str]) -> list[Tokens]:
            return tokens_from(stream, content["counts"], some, self.model, width=0)

        return [(one.ids, one.spans) for some in self._ask("tokens", texts, read) for one in some]

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Vectors of passages."""
        return self._encode("passages", texts)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        """Vectors of questions; text beyond the model's limit is not read."""
        return self._encode("questions", texts)

    def _encode(self, what: str, texts: Sequence[str]) -> Encoded:
        import numpy as np

        found = self._ask(what, texts, self._encoded)
        vectors = [vectors for vectors, _, _ in found] or [np.empty((0, self.model.dimensions), np.float32)]
        tokens = tuple(one for _, some, _ in found for one in some)
        return Encoded(np.concatenate(vectors), tokens, self._table, found[0][2] if found else -1)

    def _encoded(
        self, content: dict[str, Any], stream: IO[bytes], texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], list[Tokens], int]:
        import numpy as np

        vectors = numbers(stream, np.dtype(np.float32), (len(texts), self.model.dimensions))
        tokens = tokens_from(stream, content["counts"], texts, self.model, width=self.model.token_width)
        if self._table is not None and any((one.ids >= len(self._table)).any() for one in tokens):
            raise ValueError("tokens that its table does not have")
        return vectors, tokens, _count(content["unknown"], least=-1)

    def _ask(
        self, what: str, texts: Sequence[str], read: Callable[[dict[str, Any], IO[bytes], Sequence[str]], _Found]
    ) -> list[_Found]:
        """What is read of the answer for each few of the texts."""
        return [self._answered(what, texts[at : at + _TOGETHER], read) for at in range(0, len(texts), _TOGETHER)]

    def _answered(
        self, what: str, texts: Sequence[str], read: Callable[[dict[str, Any], IO[bytes], Sequence[str]], _Found]
    ) -> _Found:
        asked = {"model": self.model.to_dict(), "one_shot": self._one_shot, "what": what, "texts": list(texts)}
        with self._turn:
            if self._process.poll() is not None:
                self._end()
                self._process = _started(self._folder, self._memory)
                self._end = weakref.finalize(self, _ended, self._process)
            process = self._process
            give_time(process.pid, int(self._seconds * cores()))
            late = Event()
            timer = Timer(self._seconds, _stop, (process, late))
            timer.start()
            try:
                send(_pipe(process.stdin), asked)
                content = receive(_pipe(process.stdout))
                if "failed" not in content:
                    return read(content, _pipe(process.stdout), texts)
            except (OSError, EOFError):
                process.kill()
                code = process.wait()
                took = late.is_set() or ran_out(code)
                raise useless(f"it takes longer than {self._seconds:g} seconds" if took else "it crashed") from None
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                process.kill()  # what it still says would be taken for the next answer
                raise useless(f"its answer is none: {error}"[:200]) from error
            finally:
                timer.cancel()
        raise useless("".join(filter(str.isalnum, str(content["failed"])))[:100])


def _started(folder: Path, memory: int) -> _Process:
    # Two places at most that memory is taken from, since each counts as sixty-four megabytes.
    around = {"MALLOC_ARENA_MAX": "2", "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": str(cores())}
    return subprocess.Popen(  # noqa: S603 - a module of our own
        command("nrqa.encoder.brought.process", str(folder), str(memory)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment() | around,
        start_new_session=True,
    )


def _ended(process: _Process) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            _pipe(pipe).close()


def _stop(process: _Process, late: Event) -> None:
    late.set()
    process.kill()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _count(value: object, least: int = 0) -> int:
    if type(value) is not int or not least <= value < 1 << 40:
        raise ValueError("a count that is none")
    return value


def useless(why: str) -> EncoderError:
    """The error of an encoder that came with an index and cannot be used."""
    return EncoderError(
        f"The encoder that was packed with the index does not run ({why}). Pack it again: "
        "nrqa pack INDEX FILE.nrqa --encoder"
    )
