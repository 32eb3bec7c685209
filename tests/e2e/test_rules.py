"""The browser evaluates the engine's rules to the engine's own terms: the same factors at the same places."""

import base64
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from engine.explain import rules
from engine.explain.terms import Terms, evaluate
from engine.layers import AvgPool2d, Conv2d, ConvTranspose2d, Linear, MaxPool2d
from engine.types import Array
from tests.engine.cases import CASES, Case
from tests.engine.drawn_layers import Mode, one_step
from tests.engine.explain.test_every_layer_explained import explained
from tests.engine.explain.test_layers2_explain import MODES
from ui.components.modules import module

pytestmark = pytest.mark.browser

EVALUATE = """
async ([url, rule, arrays, cells]) => {
  const { termsOf } = await import(url);
  const found = [];
  for (let cell = 0; cell < cells; cell++) {
    const { terms, bias } = termsOf(rule, arrays, cell);
    const real = terms.filter((term) => term.places.every((place) => place.flat >= 0));
    found.push({
      sum: terms.reduce((sum, term) => sum + term.product, bias ?? 0),
      at: real.map((term) => term.places.map((place) => place.flat)),
    });
  }
  return found;
}
"""


READERS = """
async ([url, rule, read, view]) => {
  const { readersOf, unravel } = await import(url);
  const found = [];
  const size = view.reduce((a, b) => a * b, 1);
  for (let flat = 0; flat < size; flat++) found.push(readersOf(rule, read, unravel(flat, view)));
  return found;
}
"""


def flat_places(terms: Terms, arrays: dict[str, Array]) -> list[list[int]]:
    """Where the factors of the terms that aren't padding stand, counted from the array's first entry."""
    found = []
    for left, right in zip(terms.left_at, terms.right_at, strict=True):
        places = [(terms.left_name, left), *([(terms.right_name, right)] if terms.right_name else [])]
        if all((place >= 0).all() for _, place in places):
            found.append([int(np.ravel_multi_index(tuple(p), arrays[name].shape)) for name, p in places])
    return found


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    page = browser.new_page()
    yield page
    page.close()


def rules_js() -> str:
    """The browser's own code, as an address to import it from."""
    return "data:text/javascript;base64," + base64.b64encode(module("shared/rules.js").encode()).decode()


@pytest.mark.parametrize(("case", "train"), [*((case, False) for case in CASES), *MODES], ids=str)
def test_the_browser_finds_the_same_terms_as_the_engine(blank: Any, case: Case, train: bool) -> None:
    step, back = one_step(case.layer, case.shape, Mode(2, train, seed=9))
    arrays = rules.factors(step, back)
    sent = {name: {"data": a.ravel().tolist(), "shape": list(a.shape)} for name, a in arrays.items()}
    for name, rule, result in explained(step, back):
        found = blank.evaluate(EVALUATE, [rules_js(), asdict(rule), sent, result.size])
        for cell, index in enumerate(np.ndindex(*result.shape)):
            terms = evaluate(rule, arrays, result, index)
            assert found[cell]["at"] == flat_places(terms, arrays), f"places of {name}{list(index)}"
            assert found[cell]["sum"] == pytest.approx(result[index], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_read_backwards_a_rule_finds_exactly_the_terms_that_read_a_place(blank: Any, case: Case) -> None:
    step, back = one_step(case.layer, case.shape, Mode(1, False, seed=9))
    for name, rule, result in explained(step, back):
        sizes = {**rule.result, **rule.terms}
        grids = np.indices(tuple(sizes.values())).reshape(len(sizes), -1)
        indices = dict(zip(sizes, grids, strict=True))
        cells = np.arange(result.size).repeat(grids.shape[1] // result.size)
        for read in filter(None, (rule.left, rule.right)):
            found = blank.evaluate(READERS, [rules_js(), asdict(rule), asdict(read), list(read.view)])
            at = rules.places(read, indices)
            for flat, readers in enumerate(found):
                wanted = np.flatnonzero(at == flat)
                told = [tuple(reader["index"][name] for name in sizes) for reader in readers]
                assert sorted(told) == sorted(zip(*grids[:, wanted].tolist(), strict=True)), f"{name} at {flat}"
                assert sorted(reader["flat"] for reader in readers) == cells[wanted].tolist()


LINEAR = [case for case in CASES if isinstance(case.layer, Conv2d | ConvTranspose2d | Linear | AvgPool2d | MaxPool2d)]


@pytest.mark.parametrize("case", LINEAR, ids=str)
def test_what_a_pixel_is_multiplied_by_where_it_goes_makes_its_gradient(blank: Any, case: Case) -> None:
    step, back = one_step(case.layer, case.shape, Mode(2, False, seed=9))
    rule = rules.forward_rule(step.layer, step.x.shape, step.y.shape)
    arrays = rules.factors(step, back)
    found = blank.evaluate(READERS, [rules_js(), asdict(rule), asdict(rule.left), list(rule.left.view)])
    assert rule.right is not None
    # Where x stands around itself, the kernel reads the padded x.
    wanted = back.dx if rule.left.array == "x" else arrays["dpadded"]
    dx = np.zeros(wanted.size)
    for flat, readers in enumerate(found):
        for reader in readers:
            index = {name: np.array(value) for name, value in reader["index"].items()}
            dx[flat] += (
                arrays[rule.right.array].flat[int(rules.places(rule.right, index))] * back.dy.flat[reader["flat"]]
            )
    np.testing.assert_allclose(dx.reshape(wanted.shape), wanted, rtol=1e-9, atol=1e-12)
