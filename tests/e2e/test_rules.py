"""The browser evaluates the engine's rules to the engine's own terms: the same factors at the same places."""

import base64
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from engine.explain import rules
from engine.explain.terms import Terms, evaluate
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


@pytest.mark.parametrize(("case", "train"), [*((case, False) for case in CASES), *MODES], ids=str)
def test_the_browser_finds_the_same_terms_as_the_engine(blank: Any, case: Case, train: bool) -> None:
    code = base64.b64encode(module("shared/rules.js").encode()).decode()
    step, back = one_step(case.layer, case.shape, Mode(2, train, seed=9))
    arrays = rules.factors(step, back)
    sent = {name: {"data": a.ravel().tolist(), "shape": list(a.shape)} for name, a in arrays.items()}
    for name, rule, result in explained(step, back):
        url = f"data:text/javascript;base64,{code}"
        found = blank.evaluate(EVALUATE, [url, asdict(rule), sent, result.size])
        for cell, index in enumerate(np.ndindex(*result.shape)):
            terms = evaluate(rule, arrays, result, index)
            assert found[cell]["at"] == flat_places(terms, arrays), f"places of {name}{list(index)}"
            assert found[cell]["sum"] == pytest.approx(result[index], rel=1e-12, abs=1e-12)
