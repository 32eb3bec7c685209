"""Results as plain text of at most 120 columns, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import wrap

from benchmarks.gates import UNDISTURBED, Verdict, quantities
from benchmarks.rounds import Crowded, Measured, difference
from benchmarks.workloads import WORKLOADS

Results = dict[str, dict[str, Measured]]
Pressed = dict[str, dict[str, Crowded]]

WIDTH = 120

_HEADS = (
    ("", 8, ""),
    *((who, 8, "ms") for who in ("ours", "torch", "ch.last", "limit", "yardst.")),
    *(("ours/", 8, whose) for whose in ("torch", "ch.last", "limit")),
    ("yard./", 8, "ours"),
    ("peak", 7, "MB"),
    ("above", 8, "imports"),
    ("", 8, "apart"),
)
"""Each column's heading in two lines, around its width. ours / torch is to PyTorch's default layout, ch.last its
channels_last; "above imports" is the peak without Python and its libraries; "apart" is how far the contenders'
results lie apart, relative to ours."""


def text(header: Sequence[str], results: Results, crowded: Pressed, verdicts: Sequence[Verdict]) -> str:
    """The whole report."""
    parts = ["\n".join(header)]
    if results:
        parts.append("\n".join([*_head(), *(_row(name, own, verdicts) for name, own in results.items())]))
        parts.append("\n".join(f"{name:<8} {WORKLOADS[name].what}" for name in results))
    if crowded:
        parts.append("\n".join(_crowded_rows(crowded)))
    if disturbed := _disturbed(results, crowded):
        parts.append("\n".join(disturbed))
    if verdicts:
        parts.append("\n".join(_gate_rows(verdicts)))
    return "\n\n".join(parts)


def as_json(header: Sequence[str], results: Results, crowded: Pressed, verdicts: Sequence[Verdict]) -> str:
    """The same numbers for programs."""
    return json.dumps(
        {
            "header": list(header),
            "workloads": {
                name: {
                    "contenders": {who: asdict(measured) for who, measured in own.items()},
                    "quantities": quantities(own),
                    "difference": difference({who: measured.witness for who, measured in own.items()}),
                }
                for name, own in results.items()
            },
            "busy": {
                name: {who: asdict(pressed) | {"slowdown": pressed.slowdown} for who, pressed in own.items()}
                for name, own in crowded.items()
            },
            "gates": [
                asdict(verdict.gate) | {"value": verdict.value, "met": verdict.met, "disturbed": verdict.disturbed}
                for verdict in verdicts
            ],
        },
        indent=1,
    )


def _head() -> list[str]:
    first = "".join(f"{top:>{width}}" for top, width, _ in _HEADS)
    return [first, "".join(f"{bottom:>{width}}" for _, width, bottom in _HEADS) + "   gates"]


def _row(name: str, own: dict[str, Measured], verdicts: Sequence[Verdict]) -> str:
    ours = own["ours"]
    times = [_number(own[who].ms) if who in own else "–" for who in ("ours", "torch", "channels_last", "limit")]
    times.append(_number(own["yardstick"].ms) if "yardstick" in own else "–")
    ratios = [f"{ours.ms / own[who].ms:.2f}" if who in own else "–" for who in ("torch", "channels_last", "limit")]
    ratios.append(f"{own['yardstick'].ms / ours.ms:.1f}" if "yardstick" in own else "–")
    memory = [f"{ours.peak_mb:.0f}", f"{ours.peak_mb - ours.imports_mb:.0f}"] if ours.peak_mb else ["–", "–"]
    apart = f"{difference({who: measured.witness for who, measured in own.items()}):.0e}"
    cells = zip([*times, *ratios, *memory, apart], _HEADS[1:], strict=True)
    return f"{name:<8}{''.join(f'{cell:>{width}}' for cell, (_, width, _) in cells)}   {_met(name, verdicts)}"


def _met(name: str, verdicts: Sequence[Verdict]) -> str:
    own = [verdict for verdict in verdicts if verdict.gate.workload == name]
    missed = sum(not verdict.met for verdict in own)
    doubt = "?" if any(verdict.disturbed for verdict in own) else ""
    return "" if not own else ("met" if not missed else f"{missed} not met") + doubt


def _number(ms: float) -> str:
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}" if ms >= 1 else f"{ms:.3f}"


def _disturbed(results: Results, crowded: Pressed) -> list[str]:
    """Who had to wait for a core that another program had; of several threads nothing can be told."""
    shares = [(name, who, measured.share) for name, own in results.items() for who, measured in own.items()]
    for name, own in crowded.items():
        for who, pressed in own.items():
            shares += [(f"{name} idle", who, pressed.idle_share), (f"{name} busy", who, pressed.busy_share)]
    waited = [f"{name} {who} {share:.0%}" for name, who, share in shares if share < UNDISTURBED]
    if not waited:
        return []
    told = (
        "Other programs were at work; verdicts with a question mark may be due to them, whichever way they fell. "
        "Not always on a core (share of its time that it was): "
    )
    return wrap(told + ", ".join(waited) + ".", WIDTH)


def _crowded_rows(crowded: Pressed) -> list[str]:
    lines = [f"{'one thread, a step in ms':<34}{'other cores idle':>18}{'busy':>10}{'busy / idle':>14}"]
    for name, own in crowded.items():
        for who, pressed in own.items():
            times = f"{_number(pressed.idle_ms):>18}{_number(pressed.busy_ms):>10}{pressed.slowdown:>14.2f}"
            lines.append(f"{f'{name}, {who}':<34}{times}")
    return lines


def _gate_rows(verdicts: Sequence[Verdict]) -> list[str]:
    lines = [f"{'gate':<10}{'':<20}{'measured':>10}{'goal':>12}"]
    for verdict in verdicts:
        gate = verdict.gate
        measured = f"{gate.workload:<10}{gate.quantity:<20}{verdict.value:>10.2f}{gate!s:>12}"
        lines.append(f"{measured}   {verdict}")
    return lines
