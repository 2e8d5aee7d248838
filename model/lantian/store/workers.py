"""Who computes the parts of an ensemble: this process, others of this machine, a Dask cluster.

All three are executors of ``concurrent.futures``. Scheduling, and giving the parts of a worker that
dies to others, is left to Dask.
"""

import asyncio
import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 10.0
"""Time that a scheduler has to answer, and to have a worker [s]."""
LOST = 60.0
"""Time without a worker after which nobody is waited for [s]."""
LOOK = 2.0
"""Time between two looks whether anybody is there [s]."""
AHEAD = 2
"""Parts given out for each thread of a worker: none waits for the next, few wait in memory."""


class UnreachableError(Exception):
    """No scheduler answers, it has no workers, or they are gone; its argument tells the rest."""


@dataclass(frozen=True)
class Workers:
    """Who computes.

    Attributes
    ----------
    executor
        Takes parts.
    threads
        How many are computed at a time; 0 while nobody is there.
    """

    executor: Executor
    threads: Callable[[], int]

    def each(
        self, do: Callable[[T], R], parts: deque[T], take: Callable[[T, Future[R]], None]
    ) -> None:
        """Have parts done, few at a time, and hand on each as it is done.

        Parameters
        ----------
        do
            What is done with a part.
        parts
            In the order in which they are given out; whoever takes one may add others.
        take
            Called with a part and what came of it.

        Raises
        ------
        UnreachableError
            If nobody has been there for long.
        """
        pending: dict[Future[R], T] = {}
        try:
            while parts or pending:
                while parts and len(pending) < AHEAD * max(self.threads(), 1):
                    part = parts.popleft()
                    pending[self.executor.submit(do, part)] = part
                for done in self._next(pending):
                    take(pending.pop(done), done)
        finally:
            for future in pending:
                future.cancel()

    def _next(self, pending: dict[Future[Any], Any]) -> list[Future[Any]]:
        """Wait for the next parts to be done, or until nobody has been there for long.

        In the order in which they were given out.
        """
        seen = monotonic()
        while True:
            done, _ = wait(pending, timeout=LOOK, return_when=FIRST_COMPLETED)
            if done:
                return [future for future in pending if future in done]
            if self.threads():
                seen = monotonic()
            elif monotonic() - seen > LOST:
                raise UnreachableError("no worker left")


class _AtOnce(Executor):
    """Does what it is given before it answers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return what has been done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def local(jobs: int) -> Iterator[Workers]:
    """Yield this process, or so many others of this machine.

    Parameters
    ----------
    jobs
        Processes.

    Yields
    ------
    Workers
        Until the block ends.
    """
    if jobs == 1:
        yield Workers(_AtOnce(), lambda: 1)
        return
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield Workers(pool, lambda: jobs)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """Yield the workers of a Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler: ``tcp://host:8786``.

    Yields
    ------
    Workers
        Until the block ends; parts of a worker that dies are given to others.

    Raises
    ------
    UnreachableError
        If no scheduler answers, or it has no workers.
    """
    from distributed import Client

    connect: Any = Client
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told by us
    try:
        asyncio.run(_greet(address))
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UnreachableError(str(error)) from error
    try:
        _wait_for_workers(client)
        yield Workers(client.get_executor(pure=False), lambda: _threads(client))
    finally:
        client.close(timeout=PATIENCE)


async def _greet(address: str) -> None:
    """Exchange greetings with a scheduler; a client would wait for ever for one that is silent."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.core import connect

    parse_host_port(parse_address(address)[1])  # an address without a port
    call: Any = connect
    try:
        comm = await asyncio.wait_for(call(address, timeout=PATIENCE), PATIENCE)
    except TimeoutError as error:
        raise TimeoutError("it does not answer") from error
    await comm.close()


def _wait_for_workers(client: Any) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise UnreachableError("it has no workers") from error


def _threads(client: Any) -> int:
    """Return how many threads the workers have now; none where the scheduler is gone."""
    try:
        return sum(client.nthreads().values())
    except (OSError, TimeoutError, AttributeError):
        return 0


def killed(error: BaseException) -> bool:
    """Tell whether an error says that a part ended every worker that took it.

    Parameters
    ----------
    error
        What came of the part.
    """
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        return False
    from distributed import KilledWorker

    return isinstance(error, KilledWorker)
