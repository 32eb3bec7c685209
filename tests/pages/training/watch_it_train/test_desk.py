"""The desk keeps a few runs, and gives one back after a reset."""

from __future__ import annotations

from pages.training.watch_it_train.run import ASIDE, Desk, Recipe, make_optimizer

RECIPE = Recipe("he_normal", "sgd", batch_size=64, seed=0, epochs=2)


OPTIMIZER = make_optimizer("sgd", 0.05, 0.9, 0.001)


def begun_desk() -> Desk:
    desk = Desk()
    desk.training(RECIPE, OPTIMIZER, "full").run.advance()
    return desk


def steps(desk: Desk, recipe: Recipe = RECIPE) -> int:
    return desk.training(recipe, OPTIMIZER, "full").run.step


def test_a_reset_can_be_undone() -> None:
    desk = begun_desk()
    desk.reset()
    assert steps(desk) == 0
    assert desk.before() == 1
    desk.undo_reset()
    assert steps(desk) == 1
    assert desk.before() is None


def test_a_run_is_still_there_when_its_recipe_comes_back() -> None:
    desk, other = begun_desk(), Recipe("zeros", "sgd", batch_size=64, seed=0, epochs=2)
    assert steps(desk, other) == 0
    assert steps(desk) == 1


def test_a_desk_has_room_for_a_few_runs_only() -> None:
    desk = Desk()
    recipes = [Recipe("he_normal", "sgd", batch_size=64, seed=seed, epochs=2) for seed in range(6)]
    for recipe in recipes:
        desk.training(recipe, OPTIMIZER, "full").run.advance()
    assert [steps(desk, recipe) for recipe in reversed(recipes[-1 - ASIDE :])] == [1] * (1 + ASIDE)
    assert steps(desk, recipes[0]) == 0
