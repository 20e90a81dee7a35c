"""A worker process of this machine: takes shards on standard input, gives pieces on standard output."""

from __future__ import annotations

import os
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Any

from nrqa.corpus.worker.messages import receive, send
from nrqa.indexing.process_tuning import collect_rarely, return_large_blocks
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.encoding import OpenEncoder, open_encoder, working
from nrqa.indexing.shards.task import shard_of, task_of
from nrqa.indexing.shards.telling import told_of

_Message = tuple[dict[str, Any], list[bytes]]


def main(opening: OpenEncoder = open_encoder) -> None:
    """Encodes each shard that arrives, until the input ends."""
    # Standard output carries the messages: what a library prints must not get between them.
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the work, and ends this one
    return_large_blocks()
    collect_rarely()
    asked: SimpleQueue[_Message] = SimpleQueue()
    Thread(target=_listen, args=[asked], daemon=True).start()
    content, (codebook,) = asked.get()
    shard: Shard = ()
    try:
        with working(task_of(content, codebook), opening) as encode:
            while True:
                shard = shard_of(asked.get()[0]["shard"])
                send(messages, {}, [encode(shard)])
    except MemoryError:  # the process ends, and the next one may have more
        raise
    except Exception as error:  # noqa: BLE001 - libraries and drivers raise errors of any kind
        send(messages, {"error": told_of(error, shard)})


def _listen(asked: SimpleQueue[_Message]) -> None:
    """Take what is sent. Where the other side has died, end at once: nobody waits for this shard any more."""
    while (message := receive(sys.stdin.buffer)) is not None:
        asked.put(message)
    os._exit(0)


if __name__ == "__main__":
    main()
