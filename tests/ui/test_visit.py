"""What a tab holds on the server: taken up after a reload, never from a tab that is open, and let go of in the end."""

from __future__ import annotations

import time

from pages.training.watch_it_train.run import Desk, Recipe, make_optimizer
from ui.visit import Cloakroom, Visit

RECIPE = Recipe("he_normal", "sgd", batch_size=64, seed=0, epochs=2)
OPTIMIZER = make_optimizer("sgd", 0.05, 0.9, 0.001)


def closed(_session: str) -> bool:
    return False


def room(**given: float) -> Cloakroom:
    return Cloakroom(seconds=given.get("seconds", 60.0), places=int(given.get("places", 10)))


def entered(cloakroom: Cloakroom, **things: object) -> Visit:
    visit = Visit("session", things=dict(things))
    cloakroom.enter(visit)
    return visit


def begun_desk() -> Desk:
    desk = Desk()
    desk.training(RECIPE, OPTIMIZER, "full").run.advance()
    return desk


def test_the_next_session_takes_up_what_the_one_before_it_held() -> None:
    cloakroom, desk = room(), begun_desk()
    before, after = entered(cloakroom, training=desk, network="w"), entered(cloakroom)
    cloakroom.leave(before)
    assert cloakroom.take_up(after, before.token, closed) == "taken"
    assert after.things == {"training": desk, "network": "w"}
    assert desk.training(RECIPE, OPTIMIZER, "full").run.step == 1


def test_it_may_come_before_the_server_has_heard_that_the_old_session_ended() -> None:
    cloakroom = room()
    before, after = entered(cloakroom, network="w"), entered(cloakroom)
    assert cloakroom.take_up(after, before.token, closed) == "taken"
    cloakroom.leave(before)
    assert after.things == {"network": "w"}
    assert cloakroom.take_up(entered(cloakroom), before.token, closed) == "unknown"


def test_a_tab_that_is_open_gives_nothing_away() -> None:
    cloakroom = room()
    before, copy = entered(cloakroom, network="w"), entered(cloakroom)
    assert cloakroom.take_up(copy, before.token, lambda session: session == "session") == "open"
    assert before.things == {"network": "w"}
    assert not copy.things


def test_a_token_that_nobody_has_given_brings_nothing() -> None:
    cloakroom = room()
    visit = entered(cloakroom, network="w")
    assert cloakroom.take_up(visit, "no such token", closed) == "unknown"
    assert cloakroom.take_up(visit, visit.token, closed) == "unknown"
    assert visit.things == {"network": "w"}


def test_no_two_visits_have_the_same_token() -> None:
    assert len({Visit("").token for _ in range(1000)}) == 1000
    assert len(Visit("").token) >= 20


def test_what_was_only_begun_anew_gives_way_to_the_run_that_is_taken_up() -> None:
    cloakroom, fresh = room(), Desk()
    fresh.training(RECIPE, OPTIMIZER, "full")
    before, after = entered(cloakroom, training=begun_desk()), entered(cloakroom, training=fresh)
    cloakroom.leave(before)
    cloakroom.take_up(after, before.token, closed)
    assert after.things["training"] is not fresh
    assert not fresh.begun()


def test_a_run_without_a_step_is_not_worth_keeping() -> None:
    cloakroom, desk = room(), Desk()
    desk.training(RECIPE, OPTIMIZER, "full")
    before = entered(cloakroom, training=desk)
    cloakroom.leave(before)
    assert cloakroom.take_up(entered(cloakroom), before.token, closed) == "unknown"


def test_what_nobody_takes_up_is_let_go_of() -> None:
    cloakroom, desk = room(seconds=0.05), begun_desk()
    before = entered(cloakroom, training=desk)
    cloakroom.leave(before)
    until = time.monotonic() + 10
    while desk.begun() and time.monotonic() < until:
        time.sleep(0.01)
    assert not desk.begun()
    assert cloakroom.take_up(entered(cloakroom), before.token, closed) == "unknown"


def test_of_too_many_the_oldest_goes() -> None:
    cloakroom = room(places=2)
    visits = [entered(cloakroom, network=str(number)) for number in range(3)]
    for visit in visits:
        cloakroom.leave(visit)
    answers = [cloakroom.take_up(entered(cloakroom), visit.token, closed) for visit in visits]
    assert answers == ["unknown", "taken", "taken"]
