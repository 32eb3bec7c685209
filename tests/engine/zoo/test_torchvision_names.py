"""ResNets under torchvision's names: the same network in plain torch.nn takes our weights and gives our numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from engine import Network
from engine.io.npz import load_npz, save_npz
from engine.types import Layer
from engine.zoo.resnet import resnet18_layers, resnet34_layers, resnet50_layers
from engine.zoo.torchvision_names import from_torchvision, to_torchvision
from tests.engine.cases import relative_error


class TorchBlock(nn.Module):
    """Two 3×3 convolutions, or 1×1, 3×3, 1×1; named as torchvision names them."""

    def __init__(self, inputs: int, width: int, stride: int, deep: bool) -> None:
        super().__init__()
        outputs = 4 * width if deep else width
        first = (1, 1, 0) if deep else (3, stride, 1)
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, *first, bias=False), nn.BatchNorm2d(width)
        second = stride if deep else 1
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, second, 1, bias=False), nn.BatchNorm2d(width)
        self.deep = deep
        if deep:
            self.conv3, self.bn3 = nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.deep:
            y = self.bn3(self.conv3(torch.relu(y)))
        added: torch.Tensor = torch.relu(y + self.downsample(x))
        return added


class TorchResNet(nn.Module):
    """The ImageNet network of He et al., 2016, its attributes named as in torchvision."""

    def __init__(self, blocks: tuple[int, int, int, int], deep: bool, classes: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        channels = 64
        for stage, count in enumerate(blocks):
            width, row = 64 << stage, []
            for place in range(count):
                row.append(TorchBlock(channels, width, 2 if stage and not place else 1, deep))
                channels = 4 * width if deep else width
            self.add_module(f"layer{stage + 1}", nn.Sequential(*row))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in range(4):
            x = self.get_submodule(f"layer{stage + 1}")(x)
        scores: torch.Tensor = self.fc(x.mean(dim=(2, 3)))
        return scores


Layers = list[tuple[str, Layer]]
NETWORKS = [
    pytest.param(resnet18_layers, (2, 2, 2, 2), False, id="resnet18"),
    pytest.param(resnet34_layers, (3, 4, 6, 3), False, id="resnet34"),
    pytest.param(resnet50_layers, (3, 4, 6, 3), True, id="resnet50"),
]


def network(layers: Layers) -> Network:
    """With running statistics and norms that aren't just 0 and 1, so that a swapped name would show."""
    fresh = Network.build(layers, (3, 40, 32), rng=np.random.default_rng(0))
    rng = np.random.default_rng(1)
    return fresh.replace(
        {
            name: (value * rng.uniform(0.5, 1.5, value.shape)).astype(np.float32)
            if name.endswith(("running_var", "bn1.weight"))
            else value
            for name, value in fresh.params.items()
        }
    )


@pytest.mark.parametrize(("make", "blocks", "deep"), NETWORKS)
def test_pytorchs_network_takes_our_weights_and_gives_our_scores(
    make: Callable[[int], Layers], blocks: tuple[int, int, int, int], deep: bool
) -> None:
    ours, theirs = network(make(7)), TorchResNet(blocks, deep, 7).eval()
    theirs.load_state_dict({name: torch.from_numpy(np.array(v)) for name, v in to_torchvision(ours.params).items()})
    x = np.random.default_rng(2).standard_normal((2, 3, 40, 32)).astype(np.float32)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x)).numpy()
    assert relative_error(ours.predict(x), expected) <= 1e-4


@pytest.mark.parametrize(("make", "blocks", "deep"), NETWORKS[::2])
def test_our_network_takes_pytorchs_weights_and_gives_its_scores(
    make: Callable[[int], Layers], blocks: tuple[int, int, int, int], deep: bool
) -> None:
    torch.manual_seed(3)
    theirs = TorchResNet(blocks, deep, 7).eval()
    state = {name: value.numpy() for name, value in theirs.state_dict().items()}
    ours = network(make(7)).replace(from_torchvision(state))
    x = np.random.default_rng(2).standard_normal((2, 3, 40, 32)).astype(np.float32)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x)).numpy()
    assert relative_error(ours.predict(x), expected) <= 1e-4


def test_a_name_there_and_back_is_itself_and_the_arrays_are_not_copied() -> None:
    params = network(resnet50_layers(7)).params
    theirs = to_torchvision(params)
    assert list(from_torchvision(theirs)) == list(params)
    assert all(theirs[new] is params[old] for new, old in zip(theirs, params, strict=True))


def test_some_names_by_hand() -> None:
    value = np.zeros(1)
    pairs = {
        "conv1.weight": "conv1.weight",
        "bn1.running_mean": "bn1.running_mean",
        "block2_1.body.conv1.weight": "layer1.0.conv1.weight",
        "block5_3.body.bn3.num_batches_tracked": "layer4.2.bn3.num_batches_tracked",
        "block3_1.shortcut.conv.weight": "layer2.0.downsample.0.weight",
        "block3_1.shortcut.bn.bias": "layer2.0.downsample.1.bias",
        "block4_23.body.conv2.weight": "layer3.22.conv2.weight",
        "fc.bias": "fc.bias",
    }
    assert list(to_torchvision(dict.fromkeys(pairs, value))) == list(pairs.values())
    assert list(from_torchvision(dict.fromkeys(pairs.values(), value))) == list(pairs)


def test_a_file_under_torchvisions_names_comes_back_as_our_network(tmp_path) -> None:  # type: ignore[no-untyped-def]
    ours = network(resnet18_layers(7))
    save_npz(tmp_path / "resnet18.npz", to_torchvision(ours.params))
    again = ours.replace(from_torchvision(load_npz(tmp_path / "resnet18.npz")))
    assert all(np.array_equal(again.params[name], value) for name, value in ours.params.items())


@pytest.mark.parametrize(
    ("rename", "name"),
    [
        (to_torchvision, "features.0.weight"),
        (to_torchvision, "block2_0.body.conv1.weight"),
        (from_torchvision, "features.0.weight"),
        (from_torchvision, "layer1.0.downsample.2.weight"),
    ],
)
def test_another_networks_names_are_refused(rename: Callable[[dict[str, np.ndarray]], object], name: str) -> None:
    with pytest.raises(ValueError, match=rf"'{name}' was given; expected the names of"):
        rename({name: np.zeros(1)})
