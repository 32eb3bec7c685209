"""Each layer's two passes by the loops of engine/reference/__init__.py.

What chance chose in the engine's forward pass is read from the engine's cache; all else the loops compute anew.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np

from engine import layers, reference
from engine.trace import Layers, Trace, params_of
from engine.types import Array, Cache, Layer, Params, pair
from tests.engine.cases import LOOPS as PLAIN_LOOPS
from tests.engine.cases import Passes


def by_loops(layer: Layer, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    if type(layer) in PLAIN_LOOPS:
        return PLAIN_LOOPS[type(layer)](layer, params, x, dy)
    return LOOPS[type(layer)](layer, params, x, dy, cache)


def _elementwise(layer: Layer, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    function, slope = reference.ACTIVATIONS[type(layer).__name__]
    arguments = [getattr(layer, field.name) for field in fields(layer)]  # type: ignore[arg-type]
    dx = reference.elementwise_backward(x, dy, slope, *arguments)
    return Passes(reference.elementwise(x, function, *arguments), dx, {})


def _flatten(layer: layers.Flatten, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    dims = layer.start_dim, layer.end_dim
    return Passes(reference.flatten(x, *dims), reference.flatten_backward(x, dy, *dims), {})


def _identity(layer: Layer, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    return Passes(reference.identity(x), reference.identity(dy), {})


def _prelu(layer: layers.PReLU, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    dx, dweight = reference.prelu_backward(x, params["weight"], dy)
    return Passes(reference.prelu(x, params["weight"]), dx, {"weight": dweight})


def _rrelu(layer: layers.RReLU, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    return Passes(reference.rrelu(x, cache["slope"]), reference.rrelu_backward(x, cache["slope"], dy), {})


def _maxout(layer: layers.Maxout, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    return Passes(reference.maxout(x, layer.pieces), reference.maxout_backward(x, dy, layer.pieces), {})


def _softmax(layer: Any, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    """The loops take rows: the axis is moved to the end and back."""
    log = isinstance(layer, layers.LogSoftmax)
    forward, backward = (
        (reference.log_softmax, reference.log_softmax_backward)
        if log
        else (reference.softmax, reference.softmax_backward)
    )
    moved = np.moveaxis(x, layer.dim, -1)
    rows, drows = (np.moveaxis(array, layer.dim, -1).reshape(-1, moved.shape[-1]) for array in (x, dy))

    def back(found: Array) -> Array:
        return np.moveaxis(found.reshape(moved.shape), -1, layer.dim)

    return Passes(back(forward(rows)), back(backward(rows, drows)), {})


def _dropout(layer: layers.Dropout, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    mask = cache.get("mask", np.ones_like(x))
    return Passes(reference.dropout(x, mask), reference.dropout(dy, mask), {})


def _dropout2d(layer: layers.Dropout2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    mask = np.reshape(cache.get("mask", np.ones(x.shape[:2])), x.shape[:2])
    return Passes(reference.dropout2d(x, mask), reference.dropout2d(dy, mask), {})


def _learned(names: Params, **grads: Array) -> Params:
    """The gradients of what the layer has: the loops give that of a bias too where there is none."""
    return {name: grad for name, grad in grads.items() if name in names}


def _conv_transpose(layer: layers.ConvTranspose2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    stride, padding, dilation = layer.geometry
    extra, weight = pair(layer.output_padding, "output_padding"), params["weight"]
    y = reference.conv_transpose2d(x, weight, params.get("bias"), stride, padding, extra, layer.groups, dilation)
    dx, dweight, dbias = reference.conv_transpose2d_backward(x, weight, dy, stride, padding, layer.groups, dilation)
    return Passes(y, dx, _learned(params, weight=dweight, bias=dbias))


def _unshared(layer: layers.LocallyConnected2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    stride, padding, _ = layer.geometry
    y = reference.locally_connected2d(x, params["weight"], params.get("bias"), stride, padding)
    dx, dweight, dbias = reference.locally_connected2d_backward(x, params["weight"], dy, stride, padding)
    return Passes(y, dx, _learned(params, weight=dweight, bias=dbias))


def _lp_pool(layer: layers.LPPool2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    geometry = (layer.norm_type, *layer.geometry[:2], layer.ceil_mode)
    return Passes(reference.lp_pool2d(x, *geometry), reference.lp_pool2d_backward(x, dy, *geometry), {})


def _stochastic_pool(layer: layers.StochasticPool2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    geometry = layer.geometry[:2]
    if "switches" not in cache:
        return Passes(reference.expected_pool2d(x, *geometry), reference.expected_pool2d_backward(x, dy, *geometry), {})
    drawn = cache["switches"]
    dx = reference.stochastic_pool2d_backward(x, drawn, dy, *geometry)
    return Passes(reference.stochastic_pool2d(x, drawn, *geometry), dx, {})


def _adaptive_pool(layer: layers.AdaptiveAvgPool2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    out = pair(layer.output_size, "output_size")
    return Passes(reference.adaptive_avg_pool2d(x, out), reference.adaptive_avg_pool2d_backward(x, dy, out), {})


def _adaptive_max_pool(layer: layers.AdaptiveMaxPool2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    out = pair(layer.output_size, "output_size")
    return Passes(reference.adaptive_max_pool2d(x, out), reference.adaptive_max_pool2d_backward(x, dy, out), {})


def _upsample(layer: layers.Upsample, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    y = reference.upsample(x, (dy.shape[2], dy.shape[3]), layer.mode)
    return Passes(y, reference.upsample_backward(x, dy, layer.mode), {})


def _max_unpool(layer: layers.MaxUnpool2d, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    indices, (height, width) = cache["indices"], dy.shape[2:]
    y = reference.max_unpool2d(x, indices, (height, width))
    return Passes(y, reference.max_unpool2d_backward(x, indices, dy), {})


def _pixel_shuffle(layer: layers.PixelShuffle, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    r = layer.upscale_factor
    return Passes(reference.pixel_shuffle(x, r), reference.pixel_unshuffle(dy, r), {})


def _pixel_unshuffle(layer: layers.PixelUnshuffle, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    r = layer.downscale_factor
    return Passes(reference.pixel_unshuffle(x, r), reference.pixel_shuffle(dy, r), {})


MODES = {"ReflectionPad2d": "reflect", "ReplicationPad2d": "replicate", "CircularPad2d": "circular"}


def _pad(layer: Any, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    mode = MODES.get(type(layer).__name__, "zeros")
    y = reference.pad2d(x, layer.sides, mode, getattr(layer, "value", 0.0))
    return Passes(y, reference.pad2d_backward(x, dy, layer.sides, mode), {})


def _affine(params: Params, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """γ and β; ones and zeros where the layer has none."""
    return params.get("weight", np.ones(shape)), params.get("bias", np.zeros(shape))


def _batch_norm(layer: Any, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    weight, bias = _affine(params, x.shape[1:2])
    if "batch_mean" in cache:
        y = reference.batch_norm(x, weight, bias, layer.eps)
        dx, dweight, dbias = reference.batch_norm_backward(x, weight, dy, layer.eps)
    else:
        running = params["running_mean"], params["running_var"]
        y = reference.batch_norm_testing(x, *running, weight, bias, layer.eps)
        dx, dweight, dbias = reference.batch_norm_testing_backward(x, *running, weight, dy, layer.eps)
    return Passes(y, dx, _learned(params, weight=dweight, bias=dbias))


def _layer_norm(layer: layers.LayerNorm, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    weight, bias = _affine(params, layer.sizes)
    y = reference.layer_norm(x, layer.sizes, weight, bias, layer.eps)
    dx, dweight, dbias = reference.layer_norm_backward(x, layer.sizes, weight, dy, layer.eps)
    return Passes(y, dx, _learned(params, weight=dweight, bias=dbias))


def _group_norm(layer: Any, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    weight, bias = _affine(params, x.shape[1:2])
    y = reference.group_norm(x, layer.groups, weight, bias, layer.eps)
    dx, dweight, dbias = reference.group_norm_backward(x, layer.groups, weight, dy, layer.eps)
    return Passes(y, dx, _learned(params, weight=dweight, bias=dbias))


def _local_response(layer: layers.LocalResponseNorm, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    how = (layer.size, layer.alpha, layer.beta, layer.k)
    y, dx = reference.local_response_norm(x, *how), reference.local_response_norm_backward(x, dy, *how)
    return Passes(y, dx, {})


def _weight_norm(layer: layers.WeightNorm, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    v, g = params["weight_v"], params["weight_g"]
    rest = {name: value for name, value in params.items() if name not in ("weight_v", "weight_g")}
    inner = by_loops(layer.layer, {"weight": reference.weight_norm(v, g), **rest}, x, dy, cache)
    dv, dg = reference.weight_norm_backward(v, g, inner.grads["weight"])
    others = {name: grad for name, grad in inner.grads.items() if name != "weight"}
    return Passes(inner.y, inner.dx, {"weight_g": dg, "weight_v": dv, **others})


def row_forward(row: Layers, params: Params, x: Array, trace: Trace) -> list[Array]:
    """x, and what each layer of a row makes of it, one after the other. A forward pass needs no dy that is right."""
    outputs = [x]
    for (name, layer), step in zip(row, trace.steps, strict=True):
        nothing = np.zeros_like(step.y)
        outputs.append(by_loops(layer, params_of(name, params), outputs[-1], nothing, step.cache).y)
    return outputs


def row_backward(
    row: Layers, params: Params, outputs: list[Array], dy: Array, trace: Trace, path: str
) -> tuple[Array, Params]:
    """What a row hands back to its input, and its gradients under the block's names."""
    grads: Params = {}
    for (name, layer), x, step in reversed(list(zip(row, outputs[:-1], trace.steps, strict=True))):
        passes = by_loops(layer, params_of(name, params), x, dy, step.cache)
        grads |= {f"{path}.{name}.{parameter}": grad for parameter, grad in passes.grads.items()}
        dy = passes.dx
    return dy, grads


def _block(layer: Any, params: Params, x: Array, dy: Array, cache: Cache) -> Passes:
    rows = layer.paths()
    made = {path: row_forward(row, params_of(path, params), x, cache[path]) for path, row in rows.items()}
    outputs = [values[-1] for values in made.values()]
    dx = np.zeros_like(x)
    if isinstance(layer, layers.Residual):
        y, upstream = reference.residual(*outputs), [dy, dy]
    elif isinstance(layer, layers.Highway):
        y = reference.highway(x, *outputs)
        dx, *upstream = reference.highway_backward(x, *outputs, dy)
    else:
        y, upstream = reference.parallel(outputs), reference.parallel_backward(outputs, dy)
    grads: Params = {}
    for (path, row), own in zip(rows.items(), upstream, strict=True):
        back, found = row_backward(row, params_of(path, params), made[path], own, cache[path], path)
        dx, grads = dx + back, grads | found
    return Passes(y, dx, grads)


LOOPS: dict[type, Callable[..., Passes]] = {
    **{getattr(layers, name): _elementwise for name in reference.ACTIVATIONS},
    layers.Flatten: _flatten,
    layers.Identity: _identity,
    layers.PReLU: _prelu,
    layers.RReLU: _rrelu,
    layers.Maxout: _maxout,
    layers.Softmax: _softmax,
    layers.LogSoftmax: _softmax,
    layers.Dropout: _dropout,
    layers.Dropout2d: _dropout2d,
    layers.ConvTranspose2d: _conv_transpose,
    layers.LocallyConnected2d: _unshared,
    layers.LPPool2d: _lp_pool,
    layers.StochasticPool2d: _stochastic_pool,
    layers.AdaptiveAvgPool2d: _adaptive_pool,
    layers.AdaptiveMaxPool2d: _adaptive_max_pool,
    layers.Upsample: _upsample,
    layers.MaxUnpool2d: _max_unpool,
    layers.PixelShuffle: _pixel_shuffle,
    layers.PixelUnshuffle: _pixel_unshuffle,
    layers.ZeroPad2d: _pad,
    layers.ConstantPad2d: _pad,
    layers.ReflectionPad2d: _pad,
    layers.ReplicationPad2d: _pad,
    layers.CircularPad2d: _pad,
    layers.BatchNorm1d: _batch_norm,
    layers.BatchNorm2d: _batch_norm,
    layers.LayerNorm: _layer_norm,
    layers.GroupNorm: _group_norm,
    layers.InstanceNorm2d: _group_norm,
    layers.LocalResponseNorm: _local_response,
    layers.WeightNorm: _weight_norm,
    layers.Residual: _block,
    layers.Highway: _block,
    layers.Parallel: _block,
}
