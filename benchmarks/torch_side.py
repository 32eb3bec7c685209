"""PyTorch at work on the same networks, from the same weights: nn.Sequential, its autograd and its own SGD."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import torch
from torch import nn

from benchmarks.workloads import LR, MOMENTUM, Contender, Kind, Workload
from engine import Layer, Network, Params


def module(layer: Layer) -> nn.Module:
    """PyTorch's layer of the same name and settings."""
    settings = {field.name: getattr(layer, field.name) for field in fields(layer)}  # type: ignore[arg-type]
    made = getattr(nn, type(layer).__name__)(**settings)
    if not isinstance(made, nn.Module):
        raise TypeError(f"torch.nn.{type(layer).__name__} is no module.")
    return made


def twin(network: Network) -> nn.Sequential:
    """The same network with the same weights; they share the memory of ``network.params``."""
    with torch.device("meta"):
        sequential = nn.Sequential(OrderedDict((name, module(layer)) for name, layer in network.layers))
    sequential.load_state_dict({name: torch.from_numpy(value) for name, value in network.params.items()}, assign=True)
    return sequential


class _Side:
    """A network and its input, in one of PyTorch's two memory layouts for images."""

    def __init__(self, workload: Workload, layout: torch.memory_format) -> None:
        x, target = workload.data()
        self.network = twin(workload.network())
        self.x, self.target = torch.from_numpy(x), torch.from_numpy(target)
        if layout is torch.channels_last:
            self.network = self.network.to(memory_format=layout)  # type: ignore[call-overload]
            self.x = self.x.contiguous(memory_format=layout)


class Training(_Side):
    """The usual training step, the batch at hand."""

    def __init__(self, workload: Workload, layout: torch.memory_format = torch.contiguous_format) -> None:
        super().__init__(workload, layout)
        self._optimizer = torch.optim.SGD(self.network.parameters(), lr=LR, momentum=MOMENTUM)
        self._loss = float("nan")

    def step(self) -> None:
        self._optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.network(self.x), self.target)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        self._loss = loss.item()

    def witness(self) -> float:
        return self._loss

    def params(self) -> Params:
        """The network's parameters after the last step."""
        return {name: np.array(value.detach().numpy()) for name, value in self.network.state_dict().items()}


class Passes(_Side):
    """Forward and backward, the gradient of the input among the results."""

    def __init__(self, workload: Workload, layout: torch.memory_format = torch.contiguous_format) -> None:
        super().__init__(workload, layout)
        self.x.requires_grad_()
        self._dy = torch.from_numpy(workload.upstream())

    def step(self) -> None:
        self.network.zero_grad()
        self.x.grad = None
        self.network(self.x).backward(self._dy)

    def witness(self) -> float:
        return float("nan") if self.x.grad is None else self.x.grad.abs().mean().item()


class Prediction(_Side):
    """Inference, nothing kept."""

    @torch.inference_mode()
    def step(self) -> None:
        self._y = self.network(self.x)

    def witness(self) -> float:
        return float(self._y.abs().mean())


class Tracing(_Side):
    """A forward pass with the output of each layer, and autograd's record of it, kept."""

    def step(self) -> None:
        x, kept = self.x, []
        for layer in self.network:
            x = layer(x)
            kept.append(x)
        self._kept = kept

    def witness(self) -> float:
        return float(self._kept[-1].detach().abs().mean())


def contender(workload: Workload, channels_last: bool = False) -> Contender:
    """Who does this workload's kind of step, on as many threads as OMP_NUM_THREADS says."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    kinds: dict[Kind, Callable[[Workload, torch.memory_format], Contender]] = {
        "train": Training,
        "passes": Passes,
        "predict": Prediction,
        "trace": Tracing,
    }
    return kinds[workload.kind](workload, torch.channels_last if channels_last else torch.contiguous_format)
