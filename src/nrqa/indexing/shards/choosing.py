"""Where shards are encoded: in this process with all else, in processes of this machine, or on a cluster."""

from __future__ import annotations

from functools import partial

from nrqa.errors import EncoderError
from nrqa.indexing.shards.spreading import Spread


def spread_over(*, processes: int | None = None, ray: str | None = None, spread: Spread | None = None) -> Spread | None:
    """What has shards encoded elsewhere; None where the build does that itself.

    EncoderError for a number of processes that cannot be, for two ways at once, and where Ray is not installed.
    """
    if sum(one is not None for one in (processes, ray, spread)) > 1:
        raise EncoderError("Shards are encoded by processes here or on a cluster: give --processes or --ray, not both.")
    if spread is not None:
        return spread
    if ray is not None:
        from nrqa.indexing.shards.ray_cluster import on_ray, require_ray

        require_ray()
        return partial(on_ray, address=ray)
    if processes is None:
        return None
    if processes < 1:
        raise EncoderError(f"{processes} processes encode nothing. Give a number from 1 up: --processes 4")
    from nrqa.indexing.shards.processes import in_processes

    return partial(in_processes, processes=processes)
