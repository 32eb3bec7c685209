"""Every operator of ONNX that the engine has a word for, how its cases end, and the table of it in docs/onnx.md.

``python -m tests.engine.onnx_nodes.table`` writes the table anew.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.types import Array
from tests.engine.onnx_nodes import elementwise, losses, moving, norms, pools, sums
from tests.engine.onnx_nodes.node import Case, NotExpressible, every_case
from tests.root import ROOT

DOCUMENT = ROOT / "docs" / "onnx.md"
MARK = "<!-- by python -m tests.engine.onnx_nodes.table -->\n"

OPERATORS: dict[str, Callable[[Case], Sequence[Array | None]]] = {
    "Add": elementwise.add,
    "AveragePool": pools.average_pool,
    "BatchNormalization": norms.batch_norm,
    "Celu": elementwise.celu,
    "Clip": elementwise.clip,
    "Concat": moving.concat,
    "Conv": sums.conv,
    "ConvTranspose": sums.conv_transpose,
    "DepthToSpace": moving.depth_to_space,
    "Dropout": elementwise.dropout,
    "Elu": elementwise.elu,
    "Flatten": moving.flatten,
    "Gelu": elementwise.gelu,
    "Gemm": sums.gemm,
    "GlobalAveragePool": pools.global_average_pool,
    "GlobalMaxPool": pools.global_max_pool,
    "GroupNormalization": norms.group_norm,
    "HardSigmoid": elementwise.hard_sigmoid,
    "HardSwish": elementwise.hard_swish,
    "Identity": elementwise.identity,
    "InstanceNormalization": norms.instance_norm,
    "LayerNormalization": norms.layer_norm,
    "LeakyRelu": elementwise.leaky_relu,
    "LogSoftmax": elementwise.log_softmax,
    "LpPool": pools.lp_pool,
    "LRN": norms.local_response,
    "MatMul": sums.matmul,
    "MaxPool": pools.max_pool,
    "MaxUnpool": moving.max_unpool,
    "Mish": elementwise.mish,
    "NegativeLogLikelihoodLoss": losses.negative_log_likelihood,
    "Pad": moving.pad,
    "PRelu": elementwise.prelu,
    "Relu": elementwise.relu,
    "Resize": moving.resize,
    "Selu": elementwise.selu,
    "Sigmoid": elementwise.sigmoid,
    "Softmax": elementwise.softmax,
    "SoftmaxCrossEntropyLoss": losses.softmax_cross_entropy,
    "Softplus": elementwise.softplus,
    "Softsign": elementwise.softsign,
    "SpaceToDepth": moving.space_to_depth,
    "Swish": elementwise.swish,
    "Tanh": elementwise.tanh,
    "Upsample": moving.resize,
}
"""The arrays that the engine makes of a case, by the operator's name; None for an output that it doesn't keep."""


@dataclass(frozen=True)
class Verdict:
    """How one case ended: ``why`` it can't be said in the engine's words, or ``wrong`` where the numbers differ."""

    case: str
    why: str = ""
    wrong: str = ""


@cache
def verdicts(operator: str) -> tuple[Verdict, ...]:
    """One for each of the operator's cases."""
    return tuple(verdict_of(case) for case in every_case()[operator])


def verdict_of(case: Case) -> Verdict:
    """What the engine makes of the case, held against what ONNX says; a shape that differs is wrong, too."""
    try:
        made = OPERATORS[case.operator](case)
    except NotExpressible as reason:
        return Verdict(case.name, why=str(reason))
    for number, (given, expected) in enumerate(zip(made, case.outputs, strict=False)):
        if given is None or expected is None:
            continue
        if given.shape != expected.shape:
            return Verdict(case.name, wrong=f"output {number} has shape {given.shape}, not {expected.shape}")
        if not np.allclose(given, expected, case.rtol, case.atol, equal_nan=True):
            return Verdict(case.name, wrong=f"output {number} is off by {np.abs(given - expected).max()}")
    return Verdict(case.name)


def table() -> str:
    """A row for each operator: cases that pass, that fail, and that can't be expressed, with why and how many."""
    lines = ["| Operator | Pass | Fail | Not expressible | Why not, and how many |", "|---|--:|--:|--:|---|"]
    rows = [_row(operator) for operator in OPERATORS]
    lines += [f"| {name} | {good} | {bad} | {sum(why.values())} | {_reasons(why)} |" for name, good, bad, why in rows]
    good, bad, unsaid = (sum(column) for column in zip(*((g, b, sum(w.values())) for _, g, b, w in rows), strict=True))
    return "\n".join([*lines, f"| **{len(rows)} operators** | **{good}** | **{bad}** | **{unsaid}** | |", ""])


def _row(operator: str) -> tuple[str, int, int, Counter[str]]:
    found = verdicts(operator)
    why = Counter(verdict.why for verdict in found if verdict.why)
    bad = sum(bool(verdict.wrong) for verdict in found)
    return operator, len(found) - bad - sum(why.values()), bad, why


def _reasons(why: Counter[str]) -> str:
    return "; ".join(
        f"{reason} ({count})" for reason, count in sorted(why.items(), key=lambda item: (-item[1], item[0]))
    )


if __name__ == "__main__":
    before = DOCUMENT.read_text(encoding="utf-8").split(MARK)[0]
    DOCUMENT.write_text(before + MARK + table(), encoding="utf-8")
