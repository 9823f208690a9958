"""Shards in worker processes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import pyarrow as pa

from tiltakseffekt.synthetic.delivery.order import Order
from tiltakseffekt.synthetic.delivery.pieces import Piece, make_shard


def make_shards(
    order: Order, folder: Path, waiting: Sequence[int], cores: int
) -> Generator[tuple[Piece, int], None, None]:
    """Yield each shard as it is finished, with the memory of its process at most so far."""
    if cores == 1:
        yield from (make_shard(order, folder, shard) for shard in waiting)
        return
    # Processes are started anew, not forked: threads of libraries do not survive a fork.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=fresh, initializer=begin_worker) as pool:
        try:
            for done in as_completed([pool.submit(make_shard, order, folder, shard) for shard in waiting]):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def begin_worker() -> None:
    """Leave interrupts to the parent, end with it, and keep to one core."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
