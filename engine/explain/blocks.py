"""The rules of layers that hold layers: their sums and gates, and inside them the rules of what they hold.

The gradient of "body.conv1.weight" is explained by conv1's own rule, which reads "body.conv1.x" and
"body.conv1.dy": the arrays of the inner step, under the name that its parameters have in the block.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from engine.explain.rule import (
    Read,
    Rule,
    backward_factors,
    chosen_factors,
    factors,
    forward_rule,
    input_rule,
    one_by_one,
    param_rules,
    way_by_way,
)
from engine.layers.blocks import Highway, Parallel, Residual
from engine.trace import BackStep, Step, Trace, backward_through, shapes_through
from engine.types import Array, Shape

Block = Residual | Highway | Parallel

# Forwards: a sum of two paths, two numbers mixed by a gate, or one branch's number as it is.


@chosen_factors.register
def _(layer: Residual, step: Step) -> dict[str, Array]:
    return {"paths": np.stack([_output(step, path) for path in layer.paths()])}


@chosen_factors.register
def _(layer: Highway, step: Step) -> dict[str, Array]:
    h, t = step.cache["h"], step.cache["t"]
    return {"paths": np.stack([h, step.x]), "gates": np.stack([t, 1 - t])}


@chosen_factors.register
def _(layer: Parallel, step: Step) -> dict[str, Array]:
    return {"branches": np.concatenate([_output(step, path) for path in layer.paths()], axis=1)}


def _output(step: Step, path: str) -> Array:
    """What a path made of x: x itself, if it is empty."""
    trace: Trace = step.cache[path]
    return trace.y if trace.steps else step.x


@forward_rule.register
def _(layer: Residual, x: Shape, y: Shape) -> Rule:
    return way_by_way(prod(y), 2, "paths")


@forward_rule.register
def _(layer: Highway, x: Shape, y: Shape) -> Rule:
    return way_by_way(prod(y), 2, "paths", "gates")


@forward_rule.register
def _(layer: Parallel, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(y), "branches")


# Backwards: x was used by every path, so what comes back through them adds up.


@backward_factors.register
def _(layer: Residual, step: Step, back: BackStep) -> dict[str, Array]:
    return _through_paths(step, dict.fromkeys(layer.paths(), back.dy))


@backward_factors.register
def _(layer: Highway, step: Step, back: BackStep) -> dict[str, Array]:
    """Besides H and T there is a third way: x itself, as far as the gate lets it through."""
    h, t = step.cache["h"], step.cache["t"]
    found = _through_paths(step, {"transform": back.dy * t, "gate": back.dy * (h - step.x)})
    return found | {
        "dpaths": np.concatenate([back.dy[None], found["dpaths"]]),
        "passes": np.stack([1 - t, np.ones_like(t), np.ones_like(t)]),
    }


@backward_factors.register
def _(layer: Parallel, step: Step, back: BackStep) -> dict[str, Array]:
    bounds = pairwise(accumulate(step.cache["widths"], initial=0))
    return _through_paths(step, {path: back.dy[:, a:b] for path, (a, b) in zip(layer.paths(), bounds, strict=True)})


def _through_paths(step: Step, upstream: dict[str, Array]) -> dict[str, Array]:
    """What each path hands back to x, and all factors of its inner steps."""
    found: dict[str, Array] = {}
    dpaths = []
    for path, dy in upstream.items():
        trace: Trace = step.cache[path]
        if not trace.steps:
            dpaths.append(dy)
            continue
        back = backward_through(trace, dy)
        dpaths.append(back.dx)
        for inner in trace:
            named = factors(inner, back[inner.name])
            found |= {f"{path}.{inner.name}.{name}": array for name, array in named.items()}
    return found | {"dpaths": np.stack(dpaths)}


@input_rule.register(Residual)
@input_rule.register(Parallel)
def _(layer: Residual | Parallel, x: Shape, y: Shape) -> Rule:
    return way_by_way(prod(x), len(layer.paths()), "dpaths")


@input_rule.register
def _(layer: Highway, x: Shape, y: Shape) -> Rule:
    return way_by_way(prod(x), 3, "dpaths", "passes")


@param_rules.register(Residual)
@param_rules.register(Highway)
@param_rules.register(Parallel)
def _(layer: Block, x: Shape, y: Shape) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for path, layers in layer.paths().items():
        made = [shape for _, shape in shapes_through(layers, x[1:])]
        for (name, inner), before, after in zip(layers, [x[1:], *made], made, strict=False):
            for parameter, rule in param_rules(inner, (x[0], *before), (x[0], *after)).items():
                found[f"{path}.{name}.{parameter}"] = _inside(f"{path}.{name}", rule)
    return found


def _inside(where: str, rule: Rule) -> Rule:
    """The rule with the place put before the names of the arrays that it reads."""

    def there(read: Read) -> Read:
        return replace(read, array=f"{where}.{read.array}")

    return replace(rule, left=there(rule.left), right=rule.right and there(rule.right))
