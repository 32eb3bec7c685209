"""How a gradient fades or grows on its way back through a deep network: a product of Jacobians."""

from pages.backprop.vanishing.compute.back import Crossing, Way, cross, layers_in, send_back
from pages.backprop.vanishing.compute.flow import Flow, measure
from pages.backprop.vanishing.compute.jacobian import Spectrum, jacobians, products, spectrum
from pages.backprop.vanishing.compute.learning import STEPS, Learned, learn
from pages.backprop.vanishing.compute.prediction import Expected, predict
from pages.backprop.vanishing.compute.presets import PRESETS
from pages.backprop.vanishing.compute.setup import (
    BENDS,
    DRAWS,
    LINKS,
    NORMS,
    Deep,
    sized,
    unit_network,
    with_weights,
)
from pages.backprop.vanishing.compute.two_wide import STARTS, Pair, pair

__all__ = [
    "BENDS",
    "DRAWS",
    "LINKS",
    "NORMS",
    "PRESETS",
    "STARTS",
    "STEPS",
    "Crossing",
    "Deep",
    "Expected",
    "Flow",
    "Learned",
    "Pair",
    "Spectrum",
    "Way",
    "cross",
    "jacobians",
    "layers_in",
    "learn",
    "measure",
    "pair",
    "predict",
    "products",
    "send_back",
    "sized",
    "spectrum",
    "unit_network",
    "with_weights",
]
