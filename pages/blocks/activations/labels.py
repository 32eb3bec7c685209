"""Every word that the picture itself writes, in the reader's language, and how each activation is written: its formula,
its slope's, and both with the numbers put in.

Gaps in braces are filled in the browser. Those of a formula's lines: {x}, {y} = f(x), {s} = f'(x), and the activation's
own settings by name. Where an activation is made of parts, ``left`` is its line for x ≤ 0 and ``right`` the one for
x > 0. ``e^[…]`` is a power.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ui.i18n import _, _p


def _fraction(above: str, below: str) -> str:
    return f'<span class="frac"><span>{above}</span><span>{below}</span></span>'


def _cases(*lines: tuple[str, str]) -> str:
    rows = "".join(f"<span>{value}</span><span>{where}</span>" for value, where in lines)
    return f'<span class="cases">{rows}</span>'


@dataclass(frozen=True)
class Written:
    """``symbol`` is how a plot names f; ``formula`` and ``slope`` are HTML; the four lines are plain text."""

    symbol: str
    formula: str
    slope: str
    left: str
    right: str
    slope_left: str
    slope_right: str


def _leaky(symbol: str, factor: str, gap: str) -> Written:
    return Written(
        symbol,
        _cases(("x", "x &gt; 0"), (f"{factor}·x", "x ≤ 0")),
        _cases(("1", "x &gt; 0"), (factor, "x ≤ 0")),
        f"{gap} × {{x}}", "{x}", gap, "1",
    )  # fmt: skip


WRITTEN: Mapping[str, Written] = MappingProxyType(
    {
        "sigmoid": Written(
            "σ",
            _fraction("1", "1 + e<sup>−x</sup>"), "σ(x)·(1 − σ(x))",
            "1 / (1 + e^[−{x}])", "1 / (1 + e^[−{x}])", "{y} × (1 − {y})", "{y} × (1 − {y})",
        ),
        "tanh": Written(
            "tanh",
            f"{_fraction('e<sup>x</sup> − e<sup>−x</sup>', 'e<sup>x</sup> + e<sup>−x</sup>')} = 2σ(2x) − 1",
            "1 − tanh<sup>2</sup>(x)",
            "2·σ(2 × {x}) − 1", "2·σ(2 × {x}) − 1", "1 − {y}²", "1 − {y}²",
        ),
        "relu": Written(
            "ReLU", "max(0, x)", _cases(("1", "x &gt; 0"), ("0", "x ≤ 0")), "max(0, {x})", "max(0, {x})", "0", "1"
        ),
        "leaky_relu": _leaky("LeakyReLU", "s", "{negative_slope}"),
        "prelu": _leaky("PReLU", "w", "{weight}"),
        "rrelu": _leaky("RReLU", "r", "({lower} + {upper})/2"),
        "elu": Written(
            "ELU",
            _cases(("x", "x &gt; 0"), ("α·(e<sup>x</sup> − 1)", "x ≤ 0")),
            _cases(("1", "x &gt; 0"), ("α·e<sup>x</sup>", "x ≤ 0")),
            "{alpha} × (e^[{x}] − 1)", "{x}", "{alpha} × e^[{x}]", "1",
        ),
        "softplus": Written(
            "softplus",
            f"{_fraction('1', 'β')} ln(1 + e<sup>βx</sup>)", "σ(βx)",
            "ln(1 + e^[{beta} × {x}]) / {beta}", "ln(1 + e^[{beta} × {x}]) / {beta}",
            "σ({beta} × {x})", "σ({beta} × {x})",
        ),
        "maxout": Written(
            "maxout",
            "max(s<sub>1</sub>x, s<sub>2</sub>x, c)", "the winning piece’s own",
            "max({left} × {x}, {right} × {x}, {level})", "max({left} × {x}, {right} × {x}, {level})", "{s}", "{s}",
        ),
        "gelu": Written(
            "GELU", "x·Φ(x)", "Φ(x) + x·φ(x)", "{x} × Φ({x})", "{x} × Φ({x})",
            "Φ({x}) + {x} × φ({x})", "Φ({x}) + {x} × φ({x})",
        ),
        "silu": Written(
            "SiLU", "x·σ(x)", "σ(x)·(1 + x·(1 − σ(x)))", "{x} × σ({x})", "{x} × σ({x})",
            "σ({x}) × (1 + {x} × (1 − σ({x})))", "σ({x}) × (1 + {x} × (1 − σ({x})))",
        ),
    }
)  # fmt: skip


def title(name: str) -> str:
    """How an activation is called in a row of names: PyTorch's spelling."""
    return name if name == "sigmoid" else WRITTEN[name].symbol


def labels() -> dict[str, str]:
    """By the names that the component's modules use."""
    return {**_moving(), **_crowd(), **_compare(), **_chain(), **_zigzag(), **_race(), **_learned(), **_dying()}


def _moving() -> dict[str, str]:
    return {
        "scene-crowd": _("A crowd"),
        "scene-compare": _("All curves"),
        "scene-chain": _("A chain"),
        "scene-zigzag": _("Zig-zag"),
        "scene-race": _("A race"),
        "scene-learned": _("Learned slope"),
        "scene-dying": _("Dying units"),
        "scenes": _("What to look at"),
        "functions": _("Activations"),
        "choose": _("Look at {name}"),
        "compare_with": _("Compare with {name}"),
        "formula": _("Formula"),
        "facts": _("Facts"),
        "type_value": _("Drag, use the arrow keys, or press Enter and type"),
        "not_a_number": _("A number from {low} to {high}, please."),
        "winning": _("the winning piece’s own"),
    }


def _crowd() -> dict[str, str]:
    return {
        "input": _("Input"),
        "output": _("Output"),
        "count": _("{count} numbers"),
        "mean": _("mean"),
        "spread": _("spread"),
        "mean_is": _("mean {value}"),
        "spread_is": _("spread {value}"),
        "arrives": _("Gradient that arrives"),
        "goes_on": _("Gradient that goes on"),
        "saturated": _("meet a slope below 0.05"),
        "stopped": _("are stopped: slope below 0.0001"),
        "dead": _("{dead} of {units} units {dead|is|are} dead for all {examples} examples"),
        "unit_is": _("unit {unit} lets {share} of a gradient through on average"),
        "unit_dead": _("unit {unit} is dead: no gradient for any of its {examples} examples"),
        "passes": _("gradient that passes a unit"),
        "goes_on_as": _("A gradient of 1 that arrives here goes on as"),
        "flat_zone": _("nearly flat"),
        "curve_of": _("{name} and its slope, with the crowd’s way through it"),
        "point_at": _("point at the curve · drag the crowd"),
        "tap_curve": _("tap the curve"),
        "at": _("at x = {x}"),
        "preset-centre": _("In the middle"),
        "preset-out": _("Far out"),
        "preset-below": _("Below zero"),
    }


def _compare() -> dict[str, str]:
    return {
        "curves": _("Curves"),
        "show_f": _("values f"),
        "show_slope": _("slopes f′"),
        "show_both": _("both"),
        "compare_all": _("Show all"),
        "compare_none": _("Only this one"),
        "range": _("range"),
        "mean_out": _("mean output"),
        "steepest": _("steepest"),
        "saturates": _("saturates"),
        "dies": _("slope 0"),
        "dies_help": _(
            "Its slope is exactly 0 for a whole range of x. "
            "Where slopes are next to 0, units stop too: see Dying units."
        ),
        "dead_most": _("dead at worst"),
        "dead_most_help": _("The largest share of dead units, at any of the learning rates tried here."),
        "cost": _("cost"),
        "left": _("left"),
        "right": _("right"),
        "both_sides": _("both"),
        "no": _("no"),
        "yes": _("yes"),
        "centred": _("zero-centred"),
        "cost_help": _("Time for one number, forward and backward, measured on this server; ReLU’s is 1."),
        "mean_help": _("Of inputs with mean 0 and spread 1. Zero-centred where it is 0."),
        "train_draws": _("in training, anywhere in the band"),
    }


def _chain() -> dict[str, str]:
    return {
        "values_row": _("values"),
        "slopes_row": _("slopes"),
        "gradients_row": _("gradients"),
        "forward_arrow": _("forward →"),
        "backward_arrow": _("← backward"),
        "start": _("start"),
        "weight": _("weight"),
        "links": _("links"),
        "this_chain": _("this chain"),
        "every_start": _("starts −6 … 6"),
        "bound": _("bound"),
        "chain_axis": _p("of a chain", "link"),
        "gradient_axis": _("size, in powers of ten"),
        "bound_line": _("at most {share} a link"),
        "chain_plot": _("What is left of the gradient at each link"),
        "powers_help": _("paler by powers of ten"),
        "product": _("product of {count} {count|link|links}"),
        "bound_says": _("no link passes on more than {bound}"),
        "drag_length": _("length of the chain"),
    }


def _zigzag() -> dict[str, str]:
    return {
        "positive": _("Inputs behind a sigmoid: all positive"),
        "centred_inputs": _("The same inputs less ½: around zero"),
        "best_rate": _("each its best"),
        "at_rate": _("rate {rate}"),
        "short-positive": _("all positive"),
        "short-centred": _("centred"),
        "goal": _("goal"),
        "you_are": _("now"),
        "step_of": _("step {step} of {steps}"),
        "rate": _("learning rate"),
        "distance": _("still {distance} away"),
        "arrived": _("arrived at step {step}"),
        "allowed": _("both up"),
        "allowed_down": _("both down"),
        "w1": _("weight 1"),
        "w2": _("weight 2"),
        "same_sign": _("{share} of its steps push both weights the same way"),
        "seed": _("seed"),
        "way": _("The way of the two weights"),
    }


def _race() -> dict[str, str]:
    return {
        "race_plot": _("Loss on held-out digits, each at its best rate"),
        "race_loss": _("loss"),
        "race_steps": _p("of training", "step"),
        "race_of": _("{name}, rate {rate}"),
        "all_seeds": _("band: all seeds"),
        "race_help": _("point at a step · click to go there"),
        "race_waiting": _("The engine trains both networks at many learning rates …"),
        "lead_of_seed": _("seed {seed}"),
        "lead_of_all": _("mean of all seeds"),
        "lead_spread": _("spread between the seeds"),
    }


def _learned() -> dict[str, str]:
    return {
        "start_slope": _("slope at the start"),
        "aim": _("slope of the points"),
        "fit_plot": _("The curve and the points that it is fitted to"),
        "bowl_plot": _("The loss at every slope, and the way down"),
        "slope_axis": _("slope w"),
        "loss_axis": _("mean squared error"),
        "slope_is": _("w = {w}, which began at {start}"),
        "best_is": _("least where w = {best}"),
        "pulls_help": _("point at a product: its point is marked · where x > 0, y is x, and w gets nothing"),
    }


def _dying() -> dict[str, str]:
    return {
        "dead_share": _("dead units"),
        "accuracy": _("accuracy"),
        "rate_axis": _("learning rate"),
        "dying_plot": _("Dead units against learning rate"),
        "hidden_units": _("100 hidden units after {steps} steps at {rate}"),
        "opens": _("share of digits that pass a gradient"),
        "dead_unit": _("unit {unit}: no digit passes a gradient"),
        "open_unit": _("unit {unit}: {share} of the held-out digits pass a gradient"),
        "dead_of": _("{dead} of {units} units {dead|is|are} dead"),
        "diverged": _("its numbers left float32 after {steps} {steps|step|steps}"),
        "waiting": _("The engine trains twelve networks for this …"),
        "before": _("before training"),
        "choose_rate": _("point at a learning rate · click to keep it"),
    }
