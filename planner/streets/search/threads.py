"""Long searches shared out over threads: compiled code that runs without the GIL, in slices.

A pool lives for one call: nothing is shared with other calls, threads or forked processes that
could be waited for in vain.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from planner.errors import StreetsError
from planner.labels import message

T = TypeVar("T")

THREADS_VARIABLE: Final = "PLANNER_THREADS"
"""Environment variable: threads that a search may use where its caller does not say."""

WORTH_SECONDS: Final = 0.01
"""Work shorter than this stays in the caller's thread: starting others costs about 0.2 ms each."""

AHEAD: Final = 2
"""Slices a thread that may be under way or waiting to be taken: bounds what answers hold."""


def thread_count(threads: int | None = None) -> int:
    """Return how many threads a search may use.

    Parameters
    ----------
    threads
        The caller's own choice. None: what the environment variable ``PLANNER_THREADS`` says, else
        as many as the machine lets this process run at once (its CPU affinity, where the system
        tells it).

    Raises
    ------
    ValueError
        If the caller's choice is below 1.
    StreetsError
        If the environment variable is no whole number above 0.
    """
    if threads is not None:
        if threads < 1:
            text = f"threads must be 1 or more, or None, not {threads}"
            raise ValueError(text)
        return int(threads)
    wish = os.environ.get(THREADS_VARIABLE, "").strip()
    if not wish:
        return _usable_cpus()
    if not wish.isdecimal() or int(wish) < 1:
        raise StreetsError(message("threads.refused", name=THREADS_VARIABLE, value=wish))
    return int(wish)


def _usable_cpus() -> int:
    """Return how many CPUs this process may use, at least 1."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def slice_bounds(count: int, most: int, threads: int) -> list[tuple[int, int]]:
    """Return slices of ``count`` things, each its first and the one after its last.

    Parameters
    ----------
    count
        Things to share out.
    most
        Most things in a slice.
    threads
        Threads to share out among: each gets several slices, so that none waits long for the last.
    """
    size = max(1, min(most, -(-count // (8 * threads)))) if threads > 1 else most
    return [(first, min(first + size, count)) for first in range(0, count, size)]


def in_turn(work: Callable[[int], T], slices: int, threads: int) -> Generator[T, None, None]:
    """Yield ``work(0)``, ``work(1)``, …, worked out by several threads, in this order.

    Never more than a few answers wait to be taken. The first slice is always worked out by the
    caller's own thread, and all of them if that shows the rest to be short, or if the system gives
    no more threads (at its limit, or while the interpreter shuts down). An error in a slice, and an
    interrupt of the caller, end the work: slices under way are finished first, others never begin.

    Parameters
    ----------
    work
        Works out a slice by its number, the same whichever thread does it.
    slices
        How many there are.
    threads
        Threads at work at once, from 1.
    """
    if not slices:
        return
    before = time.perf_counter()
    answer = work(0)
    seconds = time.perf_counter() - before
    yield answer
    if min(threads, slices) == 1 or seconds * (slices - 1) < WORTH_SECONDS:
        for number in range(1, slices):
            yield work(number)
        return
    yield from _pooled(work, slices, min(threads, slices - 1))


def _pooled(work: Callable[[int], T], slices: int, threads: int) -> Generator[T, None, None]:
    """Yield the answers of all slices but the first."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="planner-streets")
    waiting: deque[Future[T]] = deque()
    number = 1
    try:
        while waiting or number < slices:
            while number < slices and len(waiting) < AHEAD * threads:
                try:
                    waiting.append(pool.submit(work, number))
                except RuntimeError:  # no more threads to be had
                    break
                number += 1
            if waiting:
                yield waiting.popleft().result()
            else:
                yield work(number)
                number += 1
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
