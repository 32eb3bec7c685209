"""A network carried from one lesson to another, within the visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.network import Network
from engine.types import Params
from engine.zoo.digit_network import digit_network
from ui import visit

_NETWORK = "network"


@dataclass(frozen=True)
class Note:
    """Where a network came from: how many steps it had learnt, and its validation accuracy in [0, 1] then."""

    step: int
    accuracy: float


@dataclass(frozen=True)
class _Parcel:
    params: Params
    note: Note


def hand_over(network: Network, note: Note) -> None:
    """Keep a copy of a digit network's parameters for the lesson that opens next."""
    params = {name: np.array(value, dtype=np.float32) for name, value in network.params.items()}
    for value in params.values():
        value.flags.writeable = False
    visit.keep(_NETWORK, _Parcel(params, note))


def handed_over() -> tuple[Network, Note] | None:
    """The network that was handed over, and its note; None if there is none."""
    parcel = visit.kept(_NETWORK)
    if not isinstance(parcel, _Parcel):
        return None
    return digit_network(np.random.default_rng(0)).replace(parcel.params), parcel.note
