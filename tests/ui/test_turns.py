"""Scripts take turns: so many at once, first come first served, and nobody who was let in is ever kept out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from ui.turns import Heavy, Kind, Turns

SOON = 5.0


def eventually(fact: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON
    while time.monotonic() < until and not fact():
        time.sleep(0.002)
    return fact()


@contextmanager
def on_threads(*works: Callable[[], None]) -> Iterator[None]:
    """Start each on a thread of its own; all must have ended soon after the block."""
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(SOON)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"


def queued(turns: Turns, order: list[str], *names: str, kind: Kind = "page") -> Callable[[], None]:
    """Work that writes its name down when it is let in; each is in line before the next begins."""

    def start() -> None:
        for name in names:
            before = turns.waiting

            def work(name: str = name) -> None:
                with turns.taken(kind):
                    order.append(name)

            threading.Thread(target=work, daemon=True).start()
            assert eventually(lambda before=before: turns.waiting == before + 1)  # type: ignore[misc]

    return start


def test_no_more_are_inside_than_there_are_places() -> None:
    turns, inside, most = Turns(2), set[int](), []

    def work() -> None:
        for _ in range(20):
            with turns.taken("page"):
                inside.add(threading.get_ident())
                most.append(len(inside))
                time.sleep(0.0005)
                inside.discard(threading.get_ident())

    with on_threads(*[work] * 8):
        pass
    assert (max(most), len(most), turns.inside, turns.waiting) == (2, 160, 0, 0)


def test_pages_come_in_their_order_and_fragments_between_them() -> None:
    turns, order = Turns(1), list[str]()
    with turns.taken("page"):
        queued(turns, order, "a", "b", "c")()
        queued(turns, order, "1", "2", kind="fragment")()
    assert eventually(lambda: len(order) == 5)
    assert order == ["1", "a", "2", "b", "c"]


def test_a_fragment_within_its_page_takes_no_second_place() -> None:
    turns = Turns(1)
    with turns.taken("page"), turns.taken("fragment"):
        assert turns.inside == 1
    assert turns.inside == 0


@pytest.mark.parametrize("stops", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_script_its_place_is_given_back(stops: type[BaseException]) -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(stops), turns.taken("page"), turns.away():
            raise stops
    assert turns.inside == 0


def test_who_only_waits_lets_others_draw() -> None:
    turns, done = Turns(1), threading.Event()

    def other() -> None:
        with turns.taken("page"):
            done.set()

    with on_threads(other), turns.taken("page"), turns.away():
        assert done.wait(SOON)


def test_who_comes_back_is_not_kept_out_by_one_who_waits_for_it() -> None:
    turns, lock, gone, back = Turns(1), threading.Lock(), threading.Event(), threading.Event()

    def holder() -> None:
        with turns.taken("page"), lock:
            with turns.away():
                gone.set()
                assert eventually(lambda: turns.inside == 1)  # the other is in, and stands before our lock
            back.set()

    def other() -> None:
        gone.wait(SOON)
        with turns.taken("page"), lock:
            assert back.is_set()

    with on_threads(holder, other):
        pass
    assert turns.inside == 0


def test_a_heavy_call_takes_one_of_its_own_places_and_leaves_the_script_s() -> None:
    turns = Turns(1)
    heavy = Heavy(1, turns)
    with turns.taken("page"):
        with heavy:
            assert turns.inside == 0
        assert turns.inside == 1
    with pytest.raises(ValueError, match="on purpose"), turns.taken("page"), heavy:
        raise ValueError("on purpose")
    with heavy:
        assert turns.inside == 0


def test_whoever_is_heavy_may_ask_for_it_again_and_waits_for_nobody() -> None:
    heavy, met = Heavy(2, Turns(2)), threading.Barrier(2)

    def nested() -> str:
        with heavy:
            met.wait(10)  # both places are taken now
            with heavy:
                return "done"

    with ThreadPoolExecutor(2) as pool:
        assert [future.result(10) for future in [pool.submit(nested) for _ in range(2)]] == ["done", "done"]


def test_no_more_are_heavy_at_once_than_there_are_places() -> None:
    heavy, inside, most = Heavy(2, Turns(2)), [0], [0]
    lock, full = threading.Lock(), threading.Event()

    def work() -> None:
        with heavy:
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                if inside[0] == 2:
                    full.set()
            assert full.wait(10)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(6) as pool:
        for future in [pool.submit(work) for _ in range(6)]:
            future.result(10)
    assert most == [2]
