"""Operators that normalise."""

import numpy as np

from engine import BatchNorm2d, GroupNorm, InstanceNorm2d, LayerNorm, LocalResponseNorm
from engine.types import Array, Layer
from tests.engine.onnx_nodes.node import Case, through

EPS = 1e-5


def batch_norm(case: Case) -> list[Array]:
    """In training ONNX moves the running variance towards the one over m, PyTorch and the engine that over m - 1."""
    x, train = case.image, bool(case.attributes.get("training_mode", 0))
    keep = case.number("momentum", 0.9)
    layer = BatchNorm2d(x.shape[1], case.number("epsilon", EPS), momentum=1 - keep)
    weight, bias, mean, var = (case.given(position) for position in range(1, 5))
    params = {"weight": weight, "bias": bias, "running_mean": mean, "running_var": var}
    y, cache = layer.forward(params | {"num_batches_tracked": np.array(0)}, x, train=train)
    if not train:
        return [y]
    count = x.size // x.shape[1]
    moved = cache["running_var"] - keep * var
    return [y, cache["running_mean"], keep * var + moved * (count - 1) / count]


def _affine(layer: Layer, case: Case) -> list[Array]:
    return [through(case.x, layer, params={"weight": case.given(1), "bias": case.given(2)})]


def instance_norm(case: Case) -> list[Array]:
    return _affine(InstanceNorm2d(case.image.shape[1], eps=case.number("epsilon", EPS), affine=True), case)


def group_norm(case: Case) -> list[Array]:
    groups = int(case.attributes["num_groups"])
    return _affine(GroupNorm(groups, case.x.shape[1], case.number("epsilon", EPS)), case)


def layer_norm(case: Case) -> list[Array | None]:
    """ONNX counts all axes as an example's. It hands the mean on, too, which the engine doesn't keep."""
    x, axis = case.x, int(case.attributes.get("axis", -1)) % case.x.ndim
    layer, bias = LayerNorm(x.shape[axis:], case.number("epsilon", EPS)), case.optional(2)
    params = {"weight": case.given(1), "bias": np.zeros(x.shape[axis:], x.dtype) if bias is None else bias}
    y, cache = layer.forward(params, x[None])
    return [y[0], None, cache["inv_std"][0]]


def local_response(case: Case) -> list[Array]:
    how = case.number("alpha", 1e-4), case.number("beta", 0.75), case.number("bias", 1)
    return [through(case.x, LocalResponseNorm(int(case.attributes["size"]), *how))]
