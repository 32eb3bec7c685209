"""How a gradient fades or grows on its way back through a deep network: a product of Jacobians."""

from engine.gradient_flow.back import Crossing, Way, cross, layers_in, send_back
from engine.gradient_flow.flow import Flow, measure
from engine.gradient_flow.jacobian import Spectrum, jacobians, products, spectrum
from engine.gradient_flow.learning import STEPS, Learned, learn
from engine.gradient_flow.prediction import Expected, predict
from engine.gradient_flow.presets import PRESETS
from engine.gradient_flow.setup import BENDS, DRAWS, LINKS, NORMS, Deep, sized, unit_network, with_weights
from engine.gradient_flow.two_wide import STARTS, Pair, pair

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
