"""What is called as in PyTorch: both signatures side by side, and a reason for whatever isn't the same.

``python -m tests.engine.pytorch_signatures`` writes docs/pytorch.md.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from inspect import Parameter
from typing import Any

import torch
from torch.optim import lr_scheduler

import engine
from tests.root import ROOT

PAGE = ROOT / "docs" / "pytorch.md"
BY_POSITION = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)

RENAMED = {("PReLU", "start"): ("init", "`init` is every layer's way to its first parameters")}
"""(name, argument here): PyTorch's argument of the same meaning, and why it is called otherwise here."""

OTHER_DEFAULTS = {
    ("LogSoftmax", "dim"): "as Softmax's",
    ("Softmax", "dim"): "PyTorch guesses the axis from the number of axes and warns; 1 is the classes of (N, C)",
    ("OneCycleLR", "total_steps"): "PyTorch's may be left out for `epochs` and `steps_per_epoch`",
}
"""(name, argument): why its default isn't PyTorch's."""

ONLY_HERE = {
    ("CrossEntropyLoss", "cost"): "what taking one class for another costs, added to the scores",
    ("CrossEntropyLoss", "temperature"): "softer shares, for distillation",
    ("MultiMarginLoss", "mean_over_classes"): "`False` is the hinge as most courses write it, without PyTorch's 1/C",
}
"""(name, argument): what an argument does that PyTorch hasn't."""

LEFT_OUT = {
    "inplace": "no layer writes into what it was given: steps can be kept and looked at",
    "device": "there is one: the processor",
    "dtype": "`Network.build(…, dtype=…)` decides it for all layers",
    "size_average": "PyTorch's own old form of `reduction`",
    "reduce": "PyTorch's own old form of `reduction`",
    "params": "`update(params, grads, state)` is given them at every step",
    "foreach": "how PyTorch computes, not what",
    "fused": "how PyTorch computes, not what",
    "capturable": "how PyTorch computes, not what",
    "differentiable": "how PyTorch computes, not what",
    "maximize": "the gradients' sign does it",
    "optimizer": "a schedule is a function of the step, starting from `lr`; `scheduled` puts it into an optimizer",
    "last_epoch": "a schedule is asked for any step, so a run goes on from where it was by asking for the next",
    "ConvTranspose2d.padding_mode": "PyTorch's takes 'zeros' alone",
    "AdaptiveMaxPool2d.return_indices": '`cache["switches"]` has them',
    "MaxPool2d.return_indices": "`MaxPool2d.indices(cache)` has them",
    "Adam.decoupled_weight_decay": "`AdamW` is it",
    "AvgPool2d.divisor_override": "a sum is the mean times the window's size",
    "Hardtanh.min_value": "PyTorch's own old name of `min_val`",
    "Hardtanh.max_value": "PyTorch's own old name of `max_val`",
    "InstanceNorm2d.momentum": "always by the example's own mean and variance",
    "InstanceNorm2d.track_running_stats": "always by the example's own mean and variance",
    "KLDivLoss.log_target": "targets are shares; `np.exp` makes them of logarithms",
    "MultiMarginLoss.weight": "classes count alike",
    "OneCycleLR.epochs": "`total_steps` is the product of both",
    "OneCycleLR.steps_per_epoch": "`total_steps` is the product of both",
    "OneCycleLR.cycle_momentum": "`OneCycleLR.momentum(…)` is a schedule of its own",
    "OneCycleLR.base_momentum": "`OneCycleLR.momentum(…)` is a schedule of its own",
    "OneCycleLR.max_momentum": "`OneCycleLR.momentum(…)` is a schedule of its own",
    "Softplus.threshold": "nothing overflows here without it",
    "Upsample.align_corners": "`False` is what is computed",
    "Upsample.recompute_scale_factor": "a factor is a whole number, so nothing is rounded",
    "BatchNorm1d.bias": "`affine` decides both, γ and β",
    "BatchNorm2d.bias": "`affine` decides both, γ and β",
    "GroupNorm.bias": "`affine` decides both, γ and β",
    "InstanceNorm2d.bias": "`affine` decides both, γ and β",
}
"""argument, or name.argument: why it isn't there."""


@dataclass(frozen=True)
class Pair:
    """One name in both: its arguments here and in PyTorch, each by its name in PyTorch and in order."""

    name: str
    here: dict[str, Parameter]
    there: dict[str, Parameter]

    def by_position(self, arguments: dict[str, Parameter]) -> list[str]:
        """Those that a call without names gives, in order, without what the other form of it has no place for."""
        given = [name for name, parameter in arguments.items() if parameter.kind in BY_POSITION]
        # A schedule starts from a rate where PyTorch's takes it from the optimizer that it is given.
        return [name for name in given if name not in ("params", "optimizer") and not self._stands_for_optimizer(name)]

    def _stands_for_optimizer(self, name: str) -> bool:
        return name == "lr" and "optimizer" in self.there

    def written(self) -> str:
        """``AvgPool2d(kernel_size, stride=None, padding=0, *, count_include_pad=True)``"""
        parts: list[str] = []
        for argument, parameter in self.here.items():
            if parameter.kind is Parameter.KEYWORD_ONLY and "*" not in parts:
                parts.append("*")
            default = "" if parameter.default is Parameter.empty else f"={parameter.default!r}"
            parts.append(self.own_name(argument) + default)
        return f"{self.name}({', '.join(parts)})"

    def next_there(self) -> str:
        """PyTorch's argument at the place from which ours are given by name; where it has none, its are so too."""
        return next(iter(self.by_position(self.there)[len(self.by_position(self.here)) :]), "*")

    def own_name(self, argument: str) -> str:
        """An argument's name here."""
        return next(
            (own for (name, own), (there, _) in RENAMED.items() if (name, there) == (self.name, argument)), argument
        )

    def shared(self) -> Iterator[tuple[str, Any, Any]]:
        """(argument, default here, default there) of those that both have."""
        for name, parameter in self.here.items():
            if name in self.there:
                yield name, parameter.default, self.there[name].default

    def missing(self) -> list[str]:
        """PyTorch's arguments that aren't here."""
        return [name for name in self.there if name not in self.here]

    def own(self) -> list[str]:
        """Arguments that PyTorch hasn't."""
        return [n for n in self.here if n not in self.there and not self._stands_for_optimizer(n)]


def _arguments(kind: type) -> dict[str, Parameter]:
    """An initializer's arguments; where it takes any (``*args``), as torch.nn.Tanh does, it has none of its own."""
    return {
        name: parameter
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    }


def pairs() -> list[Pair]:
    """Every public layer, loss, optimizer and schedule whose name PyTorch has too."""
    found = []
    for name in engine.__all__:
        own = getattr(engine, name)
        twin = next(
            (getattr(room, name) for room in (torch.nn, torch.optim, lr_scheduler) if hasattr(room, name)), None
        )
        if inspect.isclass(own) and is_dataclass(own) and inspect.isclass(twin):
            here = {RENAMED.get((name, n), (n, ""))[0]: p for n, p in _arguments(own).items()}
            found.append(Pair(name, here, _arguments(twin)))
    return found


def reason_left_out(name: str, argument: str) -> str | None:
    """Why an argument isn't here: its own reason, or that of all of its name."""
    return LEFT_OUT.get(f"{name}.{argument}") or LEFT_OUT.get(argument)


def _default(value: Any) -> str:
    return "must be given" if value is Parameter.empty else f"`{value!r}`"


def _row(*cells: str | None) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table(*heads_and_rows: Any) -> str:
    *heads, rows = heads_and_rows
    return "\n".join([_row(*heads), "|" + "---|" * len(heads), *rows])


def page() -> str:
    """docs/pytorch.md: the signatures, and what differs."""
    both = sorted(pairs(), key=lambda pair: pair.name.lower())
    parted = [f"| `{p.written()}` | `{p.next_there()}` |" for p in both if "*" in p.written()]
    defaults = [
        _row(f"`{p.name}`", f"`{argument}`", _default(here), _default(there), OTHER_DEFAULTS.get((p.name, argument)))
        for p in both
        for argument, here, there in p.shared()
        if here != there
    ]
    names = [_row(f"`{name}`", f"`{own}`", f"`{there}`", why) for (name, own), (there, why) in RENAMED.items()]
    own = [_row(f"`{p.name}`", f"`{n}`", ONLY_HERE.get((p.name, n))) for p in both for n in p.own()]
    why_missing: dict[tuple[str, str], list[str]] = {}
    for p in both:
        for argument in p.missing():
            why_missing.setdefault((argument, reason_left_out(p.name, argument) or ""), []).append(f"`{p.name}`")
    missing = [
        _row(f"`{argument}`", "many" if len(where) > 6 else ", ".join(where), why)
        for (argument, why), where in sorted(why_missing.items())
    ]
    return f"""# Beside PyTorch

Layers, losses, optimizers and schedules that have PyTorch's name take PyTorch's arguments. What a call gives by
position means the same in both, and defaults are the same; what differs stands here. The tables are made from both
signatures (PyTorch {torch.__version__.split("+")[0]}), and `tests/engine/test_pytorch_signatures.py` keeps them so.

## Where the orders part

Behind `*` an argument is given by its name: at its place PyTorch has another one.

{_table("Call", "PyTorch's next", parted)}

## Other defaults

{_table("Of", "Argument", "Here", "PyTorch", "Why", defaults)}

## Other names

{_table("Of", "Here", "PyTorch", "Why", names)}

## Arguments that PyTorch hasn't

{_table("Of", "Argument", "What it does", own)}

## PyTorch's arguments that aren't here

{_table("Argument", "Of", "Why", missing)}

## What else differs

- First weights are He's and biases 0, where PyTorch draws both from U(-1/√fan_in, 1/√fan_in):
  `Network.build(…, initializer=PyTorchDefault())` does so too.
- Parameters, caches and an optimizer's memory stand beside the specs, as plain data: `forward(params, x)` gives
  `y, cache`.
- Schedules count steps from 1 and keep their end: `CosineAnnealingLR` doesn't climb again, `OneCycleLR` can be asked
  beyond its last step. `ReduceLROnPlateau.update(metric, state)` gives the next state; `state.lr` is the rate.
- A mean over nothing (all targets ignored, or of weight 0) is 0; PyTorch's is NaN.
- The weights of `BCELoss` and `BCEWithLogitsLoss` lie along the last axis alone.
- `LPPool2d` takes the numbers' sizes |x|, so odd norms of negative numbers exist.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
