"""The process that runs a brought encoder: it may read that folder and Python's own files, and compute.

A graph can be made to take for ever, to ask for all memory, or to make use of a mistake in what runs it. Whatever
happens here, the kernel refuses other files, the network, programs and signals (package cage); the other side
(``encoder``) limits the time, and looks at what comes back.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from nrqa.cage.entering import enter

if TYPE_CHECKING:
    from nrqa.encoder.onnx_encoder import OnnxEncoder

_LONGEST = 1 << 30
"""Bytes of the longest request."""


def main() -> None:
    """Answers requests on standard input until it ends; the arguments are the folder, and the most memory in bytes."""
    folder, memory = sys.argv[1:]
    # Standard output carries the messages: what a library prints must not get between them.
    messages = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    enter(int(memory), readable=(folder,), with_parent=False)
    # Imported only now: their libraries start inside.
    from pathlib import Path

    from nrqa.encoder.brought.messages import receive, send
    from nrqa.encoder.onnx_encoder import OnnxEncoder
    from nrqa.encoder.protocol import Model

    encoder = None
    while True:
        try:
            asked = receive(sys.stdin.buffer, _LONGEST)
        except EOFError:
            return
        try:
            encoder = encoder or OnnxEncoder(Model(**asked["model"]), Path(folder), one_shot=asked["one_shot"])
            content, rest = _answer(encoder, asked["what"], asked["texts"])
        except Exception as error:  # noqa: BLE001 - onnxruntime and tokenizers raise types of their own
            content, rest = {"failed": type(error).__name__}, []
        send(messages, content, rest)


def _answer(encoder: OnnxEncoder, what: str, texts: list[str]) -> tuple[dict[str, Any], list[bytes]]:
    from nrqa.encoder.brought.messages import tokens_as_bytes
    from nrqa.encoder.protocol import Tokens

    if what == "count":
        return {"counts": encoder.count_tokens(texts), "room": encoder.passage_room()}, []
    if what == "tokens":
        import numpy as np

        found = encoder.tokens_of_passages(texts)
        tokens = tuple(Tokens(ids, np.empty((len(ids), 0), np.float32), spans) for ids, spans in found)
        return {"counts": [len(one.ids) for one in tokens]}, tokens_as_bytes(tokens)
    encoded = encoder.encode_questions(texts) if what == "questions" else encoder.encode_passages(texts)
    content = {"counts": [len(one.ids) for one in encoded.tokens], "unknown": encoded.unknown}
    return content, [encoded.vectors.tobytes(), *tokens_as_bytes(encoded.tokens)]


if __name__ == "__main__":
    main()
