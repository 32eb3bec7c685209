"""One training step of a small CNN as a list of stops: what the stage draws, and the rule behind every cell.

Pure data from an TrainingStep: arrays by name, and for each stop its pictures (``grids``), which array each shows,
and the engine's own ``Rule`` for every result, so that the browser can write out any cell's arithmetic on the
spot. Values are called ``v:conv1``, gradients ``d:conv1`` and ``d:conv1.weight``, parameters ``conv1.weight``,
updated ones ``new:conv1.weight``, and what an edit changed ``was:…``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.explain import rules
from engine.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.network import Step
from engine.types import Array, Layer, Shape
from engine.written import equation
from pages.backprop.forward_backward.compute import TrainingStep
from ui.figures import grids
from ui.figures.formulas import SOURCES, formula, source
from ui.figures.grids import Grid, Picture, picture_data


@dataclass(frozen=True)
class Stop:
    """One station of the cursor.

    ``kind`` names its formula and code, ``text`` its sentence (a variant of the kind); ``picture`` is what is drawn,
    left to right; ``how`` the way in which the terms make the result; ``start`` the cell explained at first.
    """

    id: str
    phase: str
    layer: str
    kind: str
    picture: Picture
    shapes: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    how: str = "sum"
    start: int | None = None

    def as_data(self, layers: Mapping[str, Layer]) -> dict[str, Any]:
        """Plain JSON, with the formula and the live source of the engine's code for this kind."""
        return {
            "id": self.id,
            "phase": self.phase,
            "layer": self.layer,
            "kind": self.kind,
            "text": self.text or self.kind,
            "picture": picture_data(self.picture),
            "shapes": self.shapes,
            "facts": dict(self.facts),
            "how": self.how,
            "start": self.start,
            "formula": formula(self.kind, layers.get(self.layer)),
            "code": source(*SOURCES[self.kind]),
        }


@dataclass(frozen=True)
class Column:
    """One layer in the strip: the arrays of its values and gradients, and the stops that make them."""

    name: str
    shape: Shape
    cursor: str
    value: tuple[str, str]
    gradient: tuple[str, str] | None
    parameter: tuple[str, str] | None


@dataclass(frozen=True)
class Place:
    """A step, the name of the array that it reads, and the cursors that choose a channel of its input and output."""

    step: Step
    reads: str
    reads_cursor: str
    cursor: str


class Stops:
    """The stops of one training step, in order, and the arrays that they show."""

    def __init__(self, of: TrainingStep) -> None:
        self.step = of
        self.places = tuple(_places(of))

    def arrays(self) -> dict[str, Array]:
        """Every array that a stop shows or reads, by name, in float32."""
        e = self.step
        found: dict[str, Array] = {"v:x": e.x, "d:x": e.back.dx, "p": e.p, "d:z": e.dz, "after:p": e.p_after}
        found["exp"] = np.exp(e.trace.y - e.trace.y.max(axis=1, keepdims=True))
        found["surprise"] = -np.log(np.maximum(e.p, np.finfo(np.float32).tiny))
        found["target"] = (np.arange(e.p.shape[1]) == e.target)[None]
        for place in self.places:
            name = place.step.name
            found[f"v:{name}"], found[f"d:{name}"] = place.step.y, e.back[name].dy
            for factor, array in rules.factors(place.step).items():
                if factor != "x":
                    found[f"{name}.{factor}"] = array
            for parameter, gradient in e.back[name].grads.items():
                found[f"d:{name}.{parameter}"] = gradient
        found |= {f"new:{name}": array for name, array in e.updated.params.items()}
        if e.edits:
            was = e.original.forward(e.original_x)
            found |= {f"was:v:{step.name}": step.y for step in was} | {"was:v:x": e.original_x}
            found |= {f"was:{name}": array for name, array in e.original.params.items()}
        return {name: np.asarray(array, np.float32) for name, array in found.items()}

    def stops(self) -> tuple[Stop, ...]:
        """Input, each layer forward, softmax, loss, its gradient, each layer backward, the update, the loss after."""
        forward = [self._forward(place) for place in self.places]
        backward = [stop for place in reversed(self.places) for stop in self._backward(place)]
        return (self._image(), *forward, *self._loss(), *backward, self._update(), self._after())

    def columns(self) -> tuple[Column, ...]:
        """The strip of the whole network, input left, output right."""
        e = self.step
        first = self.places[0].step.name
        columns = [Column("image", e.x.shape[1:], "x", ("v:x", "image"), ("d:x", f"{first}.input"), None)]
        for place, after in zip(self.places, (*self.places[1:], None), strict=True):
            name = place.step.name
            maker = f"{after.step.name}.input" if after else "logits.gradient"
            weights = (f"d:{name}.weight", f"{name}.weight") if "weight" in place.step.params else None
            shape = place.step.y.shape[1:]
            value, gradient = (f"v:{name}", f"{name}.forward"), (f"d:{name}", maker)
            columns.append(Column(name, shape, place.cursor, value, gradient, weights))
        columns.append(Column("softmax", e.p.shape[1:], "class", ("p", "softmax"), None, None))
        return tuple(columns)

    def best(self) -> dict[str, int]:
        """For each cursor the channel where most is going on: the largest sum of |gradient|."""
        found = {"x": 0, "class": self.step.target}
        for place in self.places:
            if isinstance(place.step.layer, Conv2d):
                gradient = self.step.back[place.step.name].dy
                found[place.cursor] = int(np.abs(gradient).sum(axis=(0, 2, 3)).argmax())
        return found

    def _image(self) -> Stop:
        e = self.step
        text = "image" if e.guess == e.target else "image-wrong"
        x = grids.maps("Y", "input", "v:x", e.x.shape, "x", result=True, symbol="x")
        facts = {"label": e.target, "guess": e.guess, "percent": _percent(float(e.p[0, e.guess]))}
        return Stop("image", "forward", "x", "image", [x], _shape(e.x), facts, text, how="given")

    def _forward(self, place: Place) -> Stop:
        step, name, layer = place.step, place.step.name, place.step.layer
        grouped = ("c", place.reads_cursor) if isinstance(layer, Conv2d) else None
        rule = _rule(rules.forward_rule(layer, step.x.shape, step.y.shape), place, grouped)
        stop = Stop(f"{name}.forward", "forward", name, "", [], f"{_shape(step.x)} → {_shape(step.y)}")
        if isinstance(layer, Linear):
            return self._linear_forward(stop, place, rule)
        x = grids.maps("X", "input", place.reads, step.x.shape, place.reads_cursor)
        y = grids.maps("Y", "output", f"v:{name}", step.y.shape, place.cursor, result=True, rule=rule)
        if isinstance(layer, Conv2d):
            weight = step.params["weight"]
            kernel = grids.kernel("W", "kernel", f"{name}.weight", weight.shape, place.cursor, place.reads_cursor)
            facts = {"channels": step.x.shape[1], "kh": layer.kernel[0], "kw": layer.kernel[1]}
            return replace(
                stop,
                kind="conv",
                text="conv" if step.x.shape[1] > 1 else "conv-first",
                picture=[replace(x, pad=layer.geometry[1]), "∗", kernel, "=", y],
                facts=facts,
                shapes=f"x {_shape(step.x)} · W {_shape(weight, 0)} → y {_shape(step.y)}",
            )
        if isinstance(layer, ReLU):
            facts = {"zeros": int((step.x <= 0).sum()), "total": step.x.size}
            return replace(stop, kind="relu", how="gate", picture=[x, "→", y], facts=facts)
        assert isinstance(layer, MaxPool2d), f"no stop is written for {layer!r}"
        kh, kw = layer.geometry[0]
        x = replace(x, winners=f"{name}.taken", window=rule["left"])
        picture: Picture = [x, "→", replace(y, size=1.25)]
        return replace(stop, kind="max-pool", how="max", picture=picture, facts={"kh": kh, "kw": kw})

    def _linear_forward(self, stop: Stop, place: Place, rule: dict[str, Any]) -> Stop:
        layer, name, e = place.step.layer, place.step.name, self.step
        assert isinstance(layer, Linear)
        features = self._unflattened(place)
        x = grids.flat("X", "input", place.reads, features)
        weight = grids.flat("W", "weight", f"{name}.weight", features, row="Y")
        z = grids.bars("Y", "output", "logits z", f"v:{name}", layer.out_features, result=True, rule=rule, symbol="z")
        facts = {
            "features": layer.in_features,
            "guess": e.guess,
            "label": e.target,
            "guess_score": _number(e.trace.y[0, e.guess]),
            "label_score": _number(e.trace.y[0, e.target]),
        }
        return replace(
            stop,
            kind="linear",
            text="linear-right" if e.guess == e.target else "linear",
            picture=[[x, weight], "=", z],
            facts=facts,
            shapes=f"x {layer.in_features} · W {layer.out_features}×{layer.in_features} → z {layer.out_features}",
            start=e.guess,
        )

    def _loss(self) -> Iterator[Stop]:
        e = self.step
        right = "-right" if e.guess == e.target else ""
        p_label, p_guess = float(e.p[0, e.target]), float(e.p[0, e.guess])
        classes, last = e.p.shape[1], self.places[-1].step.name
        cost = equation([p_label], lambda p: -math.log(p[0]), e.loss, decimals=3, most=9, write=_number)
        facts = {
            "guess": e.guess,
            "label": e.target,
            "guess_percent": _percent(p_guess),
            "label_percent": _percent(p_label),
            "p_label": cost.parts[0],
            "p_guess": _number(p_guess, 3),
            "push_up": _number(1 - p_label, 3),
            "loss": cost.result,
            "is": cost.sign,
        }
        z = grids.bars("Z", "input", "logits z", f"v:{last}", classes)
        exponentials = grids.shares("E", "local", "e^(z − max)", "exp", classes)
        p = grids.shares("P", "input", "p", "p", classes)
        look: dict[str, Any] = {"ramp": "sequential", "decimals": 3, "symbol": "−ln p"}
        surprise = grids.bars("Y", "output", "−ln p", "surprise", classes, result=True, **look)
        truth = grids.shares("O", "target", "y, one-hot", "target", classes, decimals=0)
        dz = grids.bars("Y", "result", "dL/dz", "d:z", classes, result=True, limit=1, decimals=3)
        picture: Picture = [z, "→", exponentials, "→", replace(p, id="Y", role="output", result=True, symbol="p")]
        to = f"z {classes} → p {classes}"
        yield Stop("softmax", "loss", "softmax", "softmax", picture, to, facts, "softmax" + right, "ratio", e.guess)
        to = f"p {classes}, y → L"
        yield Stop("loss", "loss", "softmax", "loss", [p, "→", surprise], to, facts, "loss", "log", e.target)
        text, to = "logits-grad" + right, f"p {classes}, y {classes} → dz {classes}"
        picture = [p, "−", truth, "=", dz]
        yield Stop("logits.gradient", "loss", last, "logits-grad", picture, to, facts, text, "difference", e.target)

    def _backward(self, place: Place) -> Iterator[Stop]:
        step, name, layer = place.step, place.step.name, place.step.layer
        back = self.step.back[name]
        grouped = ("k", place.cursor) if isinstance(layer, Conv2d) else None
        rule = _rule(rules.input_rule(layer, step.x.shape, step.y.shape), place, grouped)
        if isinstance(layer, Linear):
            yield from self._linear_backward(place, rule)
            return
        into = f"d:{place.reads.removeprefix('v:')}"
        dy = grids.maps("dY", "upstream", f"d:{name}", step.y.shape, place.cursor)
        dx = grids.maps("Y", "result_dx", into, step.x.shape, place.reads_cursor, result=True, rule=rule)
        stop = Stop(f"{name}.input", "backward", name, "", [], f"dy {_shape(step.y)} → dx {_shape(step.x)}")
        if isinstance(layer, Conv2d):
            yield self._conv_weight(place, dy)
            weight = step.params["weight"]
            turned = grids.kernel(
                "W", "kernel_turned", f"{name}.weight", weight.shape, place.cursor, place.reads_cursor, turned=True
            )
            rows, columns = (max(0, d * (k - 1) - p) for k, p, d in zip(layer.kernel, *layer.geometry[1:], strict=True))
            yield replace(
                stop,
                kind="conv-input",
                picture=[replace(dy, pad=(rows, columns)), "∗", turned, "=", dx],
                shapes=f"dy {_shape(step.y)} · W {_shape(weight, 0)} → dx {_shape(step.x)}",
                facts={"maps": layer.out_channels},
            )
        elif isinstance(layer, ReLU):
            seen: dict[str, Any] = {"name": "1[x > 0]", "ramp": "sequential", "limit": 1.6, "decimals": 0}
            gate = grids.maps("G", "local", f"{name}.gate", step.x.shape, place.cursor, channels=False, **seen)
            facts = {"arrived": int(np.count_nonzero(back.dy)), "passed": int(np.count_nonzero(back.dx))}
            yield replace(stop, kind="relu-input", picture=[dy, "×", gate, "=", dx], facts=facts)
        else:
            window = _rule(rules.forward_rule(layer, step.x.shape, step.y.shape), place)["left"]
            marked: dict[str, Any] = {"winners": f"{name}.taken", "window": window, "edit": False, "channels": False}
            switches = grids.maps("X", "switches", place.reads, step.x.shape, place.cursor, **marked)
            picture: Picture = [replace(dy, size=1.2), "×", switches, "=", dx]
            yield replace(stop, kind="max-pool-input", picture=picture, how="route")

    def _conv_weight(self, place: Place, dy: Grid) -> Stop:
        step, name, layer = place.step, place.step.name, place.step.layer
        assert isinstance(layer, Conv2d)
        of_parameter = rules.param_rules(layer, step.x.shape, step.y.shape)
        shape = step.params["weight"].shape
        x = grids.maps("X", "input", place.reads, step.x.shape, place.reads_cursor, pad=layer.geometry[1])
        dweight = grids.kernel("Y", "result_dw", f"d:{name}.weight", shape, place.cursor, place.reads_cursor)
        results = [replace(dweight, result=True, rule=_rule(of_parameter["weight"], place))]
        if layer.bias:
            db = grids.line("B", "result_db", f"d:{name}.bias", layer.out_channels, place.cursor)
            rule = _rule(of_parameter["bias"], place)
            results.append(replace(db, result=True, rule=rule, how="positions"))
        shapes = f"x {_shape(step.x)} · dy {_shape(step.y)} → dW {_shape(step.params['weight'], 0)}"
        picture: Picture = [x, "∗", dy, "=", results]
        return Stop(f"{name}.weight", "backward", name, "conv-weight", picture, shapes, how="positions")

    def _linear_backward(self, place: Place, rule: dict[str, Any]) -> Iterator[Stop]:
        step, name, layer, e = place.step, place.step.name, place.step.layer, self.step
        assert isinstance(layer, Linear)
        classes, features = layer.out_features, layer.in_features
        maps = self._unflattened(place)
        weight_rule = _rule(rules.param_rules(layer, step.x.shape, step.y.shape)["weight"], place)
        dz = grids.bars("dY", "upstream", "dz", f"d:{name}", classes, limit=1, decimals=3)
        x = grids.flat("X", "input", place.reads, maps)
        dweight = grids.flat("Y", "result_dw", f"d:{name}.weight", maps, row="class", result=True, rule=weight_rule)
        shapes = f"dz {classes} · x {features} → dW {classes}×{features}"
        picture: Picture = [replace(dz, pick="class"), "×", [x, dweight]]
        yield Stop(f"{name}.weight", "backward", name, "linear-weight", picture, shapes)
        weight = grids.bars("W", "weight", "W[:, j]", f"{name}.weight", classes, column=True, edit=True)
        dx = grids.flat("Y", "result_dx", f"d:{place.reads.removeprefix('v:')}", maps, result=True, rule=rule)
        shapes = f"dz {classes} · W {classes}×{features} → dx {features}"
        picture = [dz, "×", weight, "=", replace(dx, size=0.92)]
        facts = {"label": e.target, "guess": e.guess}
        yield Stop(f"{name}.input", "backward", name, "linear-input", picture, shapes, facts)

    def _update(self) -> Stop:
        """The step of every array of parameters, which links know by its number: weights first."""
        size = sum(array.size for array in self.step.network.params.values())
        learned = [(key, place) for key in ("weight", "bias") for place in self.places if key in place.step.params]
        choices = [_updated(place, key) for key, place in learned]
        kernels = [i for i, (key, place) in enumerate(learned) if place.step.params[key].ndim == 4]
        facts = {"parameters": size, "choices": choices, "usual": kernels[-1]}
        return Stop("update", "update", "", "update", [], "W, dW → W", facts, how="update")

    def _after(self) -> Stop:
        e = self.step
        worse = not e.loss_after <= e.loss
        text = "after-worse" if worse else "after-right" if e.guess_after == e.target else "after-wrong"
        facts = {
            "loss": _number(e.loss, 3),
            "loss_after": _number(e.loss_after, 3),
            "guess_after": e.guess_after,
            "percent_after": _percent(float(e.p_after[0, e.guess_after])),
            "label": e.target,
        }
        classes = e.p.shape[1]
        before = grids.shares("A", "before", "p", "p", classes)
        after = grids.shares("Y", "after", "p", "after:p", classes, result=True)
        to = "L(W) → L(W − η dW)"
        return Stop("after", "update", "softmax", "after", [before, "→", after], to, facts, text, "change", e.target)

    def _unflattened(self, place: Place) -> Shape:
        """(C, H, W) of the maps that a linear layer reads flattened; (1, 1, features) where there are none."""
        shape = next((p.step.y.shape[1:] for p in self.places if f"v:{p.step.name}" == place.reads), None)
        shape = self.step.x.shape[1:] if shape is None else shape
        return shape if len(shape) == 3 else (1, 1, math.prod(shape))


def _updated(place: Place, key: str) -> dict[str, Any]:
    """w - η dw = the new w, cell by cell: a kernel, a linear layer's weights of one class, or all biases."""
    name, shape = f"{place.step.name}.{key}", place.step.params[key].shape
    if key == "bias":
        old = Grid("W", "bias", "b", name, "kernel", (1, 1, *_folded(shape[0])), edit=True, decimals=3)
    elif len(shape) == 4:
        old = grids.kernel("W", "weight", name, shape, place.cursor, place.reads_cursor, size=1.3, decimals=3)
    else:
        old = grids.flat("W", "weight", name, _folded(shape[1]), row=place.cursor, decimals=2)
    kind, w = ("update-bias", "b") if key == "bias" else ("update", "W")
    dw = replace(old, id="dW", role="gradient", name=f"d{w}", array=f"d:{name}", edit=False)
    made: dict[str, Any] = {"role": f"new_{old.role}", "array": f"new:{name}", "symbol": w, "text": kind}
    new = replace(old, id="Y", edit=False, result=True, **made)
    told = {"name": f"{place.step.name} {w}", "shapes": f"{w}, d{w} → {w}", "formula": formula(kind)}
    return told | {"picture": picture_data([old, "−", dw, "=", new])}


def _folded(size: int) -> tuple[int, int]:
    """So many numbers as a rectangle, as nearly square as they go: 64 as 8×8, 10 as 2×5."""
    rows = max(rows for rows in range(1, math.isqrt(size) + 1) if size % rows == 0)
    return rows, size // rows


def _places(of: TrainingStep) -> Iterator[Place]:
    """Every step but Flatten, which only renames its input's numbers: who reads it, reads what it reads."""
    reads, cursor = "v:x", "x"
    for step in of.trace:
        if isinstance(step.layer, Flatten):
            continue
        own = step.name if isinstance(step.layer, Conv2d) else "class" if isinstance(step.layer, Linear) else cursor
        yield Place(step, reads, cursor, own)
        reads, cursor = f"v:{step.name}", own


def _rule(rule: rules.Rule, place: Place, group: tuple[str, str] | None = None) -> grids.RuleData:
    """An engine rule as JSON, its arrays under the names that they have here."""
    reads = (rule.left, rule.right, rule.bias)
    own = {read.array: f"{place.step.name}.{read.array}" for read in reads if read}
    return grids.rule_data(rule, own | {"x": place.reads, "dy": f"d:{place.step.name}"}, group=group)


def _shape(array: Array, batch: int = 1) -> str:
    """A shape as people write it, without the batch: 16×4×4."""
    return "×".join(map(str, array.shape[batch:]))


def _number(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
