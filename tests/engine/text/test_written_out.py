"""A network as source: PyTorch's computes the same, this engine's runs, and both read back."""

import inspect
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings

from engine import Conv2d, Flatten, Highway, Linear, LocalResponseNorm, Maxout, Network, ReLU, Sigmoid, WeightNorm
from engine.text import PRESETS, Unwritable, pytorch_of, read, script_of
from engine.text.known import LAYERS as KNOWN
from engine.text.known import arguments
from engine.types import Layer, Shape
from engine.zoo.resnet import cifar_resnet_layers
from tests.engine.drawn_layers import LAYERS

every_preset = pytest.mark.parametrize("name", PRESETS)


def in_both(layers: tuple[tuple[str, Layer], ...], shape: Shape) -> tuple[Any, Any]:
    """What the engine and the written PyTorch class make of the same examples, with the same state dict."""
    network = Network.build(layers, shape, rng=np.random.default_rng(0), dtype=np.float64)
    names: dict[str, Any] = {}
    exec(pytorch_of(layers), names)
    module = names["Net"]().double().eval()
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in network.params.items()})
    x = np.random.default_rng(1).standard_normal((2, *shape))
    with torch.no_grad():
        return network.predict(x), module(torch.from_numpy(x)).numpy()


@every_preset
def test_a_presets_pytorch_code_computes_the_same_and_reads_back(name: str) -> None:
    preset = PRESETS[name]
    layers = read(preset.text, preset.input_shape).layers
    assert layers is not None
    here, there = in_both(layers, preset.input_shape)
    np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12)
    assert read(pytorch_of(layers), preset.input_shape).layers == layers


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        (tuple(cifar_resnet_layers(8)), (3, 32, 32)),
        (
            (
                ("flatten", Flatten()),
                (
                    "gated",
                    Highway(
                        (("fc1", Linear(12, 12)), ("relu1", ReLU())), (("fc1", Linear(12, 12)), ("s", Sigmoid())), -1.0
                    ),
                ),
                ("out", WeightNorm(Linear(12, 3))),
            ),
            (3, 2, 2),
        ),
    ],
    ids=["resnet", "highway"],
)
def test_blocks_of_all_kinds_compute_the_same_in_pytorch(layers: Any, shape: Shape) -> None:
    here, there = in_both(layers, shape)
    np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12)


WITHOUT_TWIN = {"LocallyConnected2d", "Maxout", "MaxUnpool2d", "StochasticPool2d"}


@pytest.mark.parametrize("kind", [k for k in LAYERS if k.__name__ not in WITHOUT_TWIN], ids=lambda kind: kind.__name__)
def test_every_layer_computes_the_same_in_pytorch(kind: type) -> None:
    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=[HealthCheck.filter_too_much])
    @given(LAYERS[kind])
    def holds(drawn: tuple[Any, Any]) -> None:
        layer, shape = drawn
        # Of numbers below 0 PyTorch's norm pooling takes odd powers, where the engine takes their sizes.
        assume(getattr(layer, "norm_type", 2) == 2)
        # And its response norm takes maps alone.
        assume(kind is not LocalResponseNorm or len(shape) == 3)
        try:
            here, there = in_both((("own", layer),), shape)
        except Unwritable:
            assume(False)
        np.testing.assert_allclose(here, there, rtol=1e-7, atol=1e-9)

    holds()


@pytest.mark.parametrize("kind", sorted(WITHOUT_TWIN))
def test_what_pytorch_does_not_have_is_said(kind: str) -> None:
    values = {"in_channels": 1, "out_channels": 1, "input_size": 4, "kernel_size": 2}
    layer = KNOWN[kind](**{each.field: values[each.name] for each in arguments(kind) if each.needed})
    with pytest.raises(Unwritable, match=f"PyTorch has no {kind}"):
        pytorch_of([("own", layer)])


@pytest.mark.parametrize("name", ["class", "forward", "1st", "train", "__init__"])
def test_a_name_that_a_module_cannot_hold_is_said(name: str) -> None:
    with pytest.raises(Unwritable, match="another name works"):
        pytorch_of([(name, ReLU())])


@every_preset
def test_the_script_on_this_engine_runs_with_the_same_network(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preset = PRESETS[name]
    layers = read(preset.text, preset.input_shape).layers
    assert layers is not None
    script = tmp_path / "script.py"
    script.write_text(script_of(layers, preset.input_shape), encoding="utf-8")
    made = runpy.run_path(str(script))["network"]
    assert made.layers == layers
    assert made.input_shape == preset.input_shape
    assert capsys.readouterr().out.startswith(f"Network of {len(layers)} layers")


def test_a_script_names_every_kind_that_it_needs() -> None:
    layers = (("a", WeightNorm(Conv2d(1, 4, 3))), ("b", Maxout(2)), ("f", Flatten()),
              ("h", Highway((("l", Linear(72, 72)),), (("g", Sigmoid()),))))  # fmt: skip
    names: dict[str, Any] = {}
    exec(script_of(layers, (1, 8, 8)), names)
    assert names["network"].layers == layers


@pytest.mark.parametrize("name", [name for name in sorted(KNOWN) if hasattr(torch.nn, name)])
def test_settings_are_taken_in_pytorchs_order(name: str) -> None:
    """By position a pasted call means what it means there."""
    there = list(inspect.signature(getattr(torch.nn, name).__init__).parameters)[1:]
    here = [each.name for each in arguments(name)]
    shared = [each for each in there if each in here]
    assert [each for each in here if each in there] == shared
    assert here[: len(shared)] == there[: len(shared)]
