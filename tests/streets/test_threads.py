"""Searches in threads: the same answers on any number of them, from wherever they are called."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.errors import StreetsError
from planner.streets import WalkingNetwork, travel_times
from planner.streets.search import threads, travel_time
from planner.streets.search.threads import THREADS_VARIABLE, in_turn, slice_bounds, thread_count
from tests.streets.drawn import points

SIDE = 24


def _towns_streets() -> WalkingNetwork:
    """Return a grid of streets with some one-way, so that the way back differs."""
    random = np.random.default_rng(5)
    number = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    row, column = np.divmod(number.ravel(), SIDE)
    nodes = pd.DataFrame({"easting_m": column * 70.0, "northing_m": row * 70.0})
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    edges = pd.DataFrame(
        {
            "from_node": start,
            "to_node": end,
            "length_m": 70.0 * random.integers(4, 9, len(start)) / 4.0,
            "oneway": random.random(len(start)) < 0.1,
        }
    )
    return WalkingNetwork.from_tables(nodes, edges)


def _scattered(count: int, prefix: str, seed: int) -> Any:
    places = np.random.default_rng(seed).uniform(0.0, 70.0 * SIDE, (count, 2))
    names = [f"{prefix}{number}" for number in range(count)]
    return points({name: (east, north) for name, (east, north) in zip(names, places, strict=True)})


@pytest.fixture(scope="module", name="streets")
def _streets() -> WalkingNetwork:
    return _towns_streets()


@pytest.fixture(name="shared_out")
def _shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send all but the first slice to the pool, however little there is to do."""
    monkeypatch.setattr(threads, "WORTH_SECONDS", -1.0)


def _times(streets: WalkingNetwork, origins: int, destinations: int, **given: Any) -> pd.DataFrame:
    return travel_times(
        streets,
        _scattered(origins, "r", 1),
        _scattered(destinations, "c", 2),
        limit_minutes=9.0,
        **given,
    )


@pytest.mark.usefixtures("shared_out")
@pytest.mark.parametrize(("origins", "destinations"), [(40, 700), (700, 40), (1, 1), (3, 0)])
def test_the_same_on_any_number_of_threads(
    streets: WalkingNetwork, origins: int, destinations: int
) -> None:
    alone = _times(streets, origins, destinations, threads=1)
    assert len(alone) > 500 or destinations < 2
    for count in (2, 3, 7, 64):
        together = _times(streets, origins, destinations, threads=count)
        pd.testing.assert_frame_equal(together, alone, check_exact=True)
        assert (
            together["walk_minutes"].to_numpy().tobytes()
            == alone["walk_minutes"].to_numpy(dtype=np.float64).tobytes()
        )


@pytest.mark.usefixtures("shared_out")
def test_small_slices_change_nothing(
    streets: WalkingNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _times(streets, 60, 500, threads=1)
    monkeypatch.setattr(travel_time, "SOURCES_AT_ONCE", 7)
    monkeypatch.setattr(travel_time, "ORIGINS_AT_ONCE", 11)
    for count in (1, 4):
        pd.testing.assert_frame_equal(_times(streets, 60, 500, threads=count), alone)
        against = _times(streets, 500, 60, threads=count)
        order = ["origin", "walk_minutes", "destination"]
        pd.testing.assert_frame_equal(against.sort_values(order, ignore_index=True), against)


@pytest.mark.usefixtures("shared_out")
def test_called_from_threads_and_from_a_pool(streets: WalkingNetwork) -> None:
    alone = _times(streets, 40, 300, threads=1)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(_times, streets, 40, 300, threads=3) for _ in range(12)]
        for job in jobs:
            pd.testing.assert_frame_equal(job.result(timeout=60), alone)


def _in_child(queue: Any, streets: WalkingNetwork) -> None:
    queue.put(_times(streets, 40, 300, threads=2)["walk_minutes"].sum())


@pytest.mark.usefixtures("shared_out")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks need a system that has them")
def test_called_in_a_forked_process_while_others_search(streets: WalkingNetwork) -> None:
    """Children forked from a process that searched, and still does in another thread, search."""
    expected = _times(streets, 40, 300, threads=2)["walk_minutes"].sum()
    enough = threading.Event()

    def go_on() -> None:
        while not enough.is_set():
            _times(streets, 40, 300, threads=2)

    busy = threading.Thread(target=go_on)
    busy.start()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: threads and fork
            children = [context.Process(target=_in_child, args=(queue, streets)) for _ in range(3)]
            for child in children:
                child.start()
        assert [queue.get(timeout=60) for _ in children] == [expected] * 3
        for child in children:
            child.join(60)
            assert child.exitcode == 0
    finally:
        enough.set()
        busy.join()


def _no_more_threads(*_: object) -> None:
    text = "can't start new thread"
    raise RuntimeError(text)


@pytest.mark.usefixtures("shared_out")
def test_a_system_that_gives_no_threads(
    streets: WalkingNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _times(streets, 60, 500, threads=1)
    monkeypatch.setattr(threading.Thread, "start", _no_more_threads)
    pd.testing.assert_frame_equal(_times(streets, 60, 500, threads=4), alone)


def test_threads_that_run_out_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WORTH_SECONDS", -1.0)
    submit = ThreadPoolExecutor.submit
    left = iter(range(5))

    def refusing(pool: ThreadPoolExecutor, work: Callable[[int], int], number: int) -> Any:
        if next(left, None) is None:
            _no_more_threads()
        return submit(pool, work, number)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", refusing)
    assert list(in_turn(lambda number: number * number, 40, 3)) == [n * n for n in range(40)]


def test_a_call_while_the_interpreter_shuts_down(tmp_path: Any) -> None:
    """A thread that outlives the main one can start no others, and searches by itself."""
    script = tmp_path / "late.py"
    script.write_text(
        "import threading, time\n"
        "from planner.streets.search import threads\n"
        "threads.WORTH_SECONDS = -1.0\n"
        "def late():\n"
        "    while threading.main_thread().is_alive():\n"
        "        time.sleep(0.01)\n"
        "    time.sleep(0.2)\n"
        "    print(sum(threads.in_turn(lambda number: number, 30, 4)))\n"
        "threading.Thread(target=late).start()\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "435"), done.stderr


def test_errors_end_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WORTH_SECONDS", -1.0)
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 5:
            text = "slice 5"
            raise MemoryError(text)
        return number

    with pytest.raises(MemoryError, match="slice 5"):
        list(in_turn(work, 1000, 3))
    assert len(begun) < 20
    assert not [one for one in threading.enumerate() if one.name.startswith("planner-streets")]


class _StopError(Exception):
    """A user's own way to end a search."""


@pytest.mark.usefixtures("shared_out")
def test_progress_is_told_and_may_end_the_search(
    streets: WalkingNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel_time, "SOURCES_AT_ONCE", 7)
    for count in (1, 3):
        told: list[tuple[int, int]] = []
        callers: set[int] = set()

        def progress(
            done: int,
            sources: int,
            told: list[tuple[int, int]] = told,
            callers: set[int] = callers,
        ) -> None:
            told.append((done, sources))
            callers.add(threading.get_ident())

        _times(streets, 500, 60, threads=count, progress=progress)
        assert told == sorted(set(told))
        assert told[-1] == (60, 60)
        assert len(told) > 5
        assert callers == {threading.get_ident()}

    def stop(done: int, sources: int) -> None:
        if done > sources // 2:
            raise _StopError

    with pytest.raises(_StopError):
        _times(streets, 500, 60, threads=3, progress=stop)
    assert not [one for one in threading.enumerate() if one.name.startswith("planner-streets")]


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupt_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WORTH_SECONDS", -1.0)
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number == 4:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        return number

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for count in (1, 3):
            begun.clear()
            with pytest.raises(KeyboardInterrupt):
                list(in_turn(work, 1000, count))
            assert len(begun) < 50
    finally:
        signal.signal(signal.SIGINT, before)


def test_little_work_starts_no_threads(
    streets: WalkingNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _times(streets, 40, 300, threads=1)
    monkeypatch.setattr(threads, "WORTH_SECONDS", 1000.0)
    monkeypatch.setattr(threads, "ThreadPoolExecutor", None)  # to call it would be an error
    pd.testing.assert_frame_equal(_times(streets, 40, 300, threads=8), alone)


def test_slices_hold_everything_once() -> None:
    for count in (0, 1, 2, 15, 16, 17, 1000):
        for most in (1, 7, 512):
            for workers in (1, 2, 5):
                bounds = slice_bounds(count, most, workers)
                assert [n for one in bounds for n in range(*one)] == list(range(count))
                assert all(last - first <= most for first, last in bounds)
    assert len(slice_bounds(100, 512, 2)) >= 8
    assert len(slice_bounds(100, 512, 1)) == 1


def test_how_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THREADS_VARIABLE, raising=False)
    assert 1 <= thread_count() <= (os.cpu_count() or 1)
    monkeypatch.setenv(THREADS_VARIABLE, " 5 ")
    assert thread_count() == 5
    assert thread_count(3) == 3
    for wrong in (0, -2):
        with pytest.raises(ValueError, match="threads must be 1 or more"):
            thread_count(wrong)
    for word in ("many", "0", "-1", "1.5", "²"):
        monkeypatch.setenv(THREADS_VARIABLE, word)
        with pytest.raises(StreetsError, match=THREADS_VARIABLE):
            thread_count()
    monkeypatch.setenv(THREADS_VARIABLE, "")
    assert thread_count() >= 1


def test_without_a_system_that_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THREADS_VARIABLE, raising=False)
    for name in ("process_cpu_count", "sched_getaffinity"):
        monkeypatch.delattr(os, name, raising=False)
    for told, expected in ((6, 6), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda told=told: told)
        assert thread_count() == expected


def test_affinity_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THREADS_VARIABLE, raising=False)
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8}, raising=False)
    assert thread_count() == 3
