"""How wrong an answer is, as one number, and which way to move it."""

from engine.guard import guard
from engine.losses.base import Loss
from engine.losses.binary import BCELoss, BCEWithLogitsLoss, SigmoidQuadraticLoss, sigmoid
from engine.losses.cross_entropy import CrossEntropyLoss
from engine.losses.distribution import KLDivLoss
from engine.losses.features import CenterLoss, LargeMarginSoftmaxLoss
from engine.losses.likelihood import NLLLoss
from engine.losses.margin import MultiMarginLoss, RampLoss
from engine.losses.regression import HuberLoss, L1Loss, MSELoss, SmoothL1Loss, TukeyBiweightLoss
from engine.losses.softmax import log_softmax, one_hot, softmax

LOSSES: dict[str, Loss] = {
    "cross_entropy": CrossEntropyLoss(),
    "negative_log_likelihood": NLLLoss(),
    "hinge": MultiMarginLoss(),
    "squared_hinge": MultiMarginLoss(p=2),
    "ramp": RampLoss(),
    "center": CenterLoss(),
    "binary_cross_entropy": BCEWithLogitsLoss(),
    "binary_cross_entropy_of_shares": BCELoss(),
    "sigmoid_quadratic": SigmoidQuadraticLoss(),
    "kl_divergence": KLDivLoss(),
    "mse": MSELoss(),
    "l1": L1Loss(),
    "huber": HuberLoss(),
    "smooth_l1": SmoothL1Loss(),
    "tukey_biweight": TukeyBiweightLoss(),
}
"""Every loss that takes an input and a target. LargeMarginSoftmaxLoss takes the last layer's weight as well."""

__all__ = [
    "LOSSES",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CenterLoss",
    "CrossEntropyLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "LargeMarginSoftmaxLoss",
    "Loss",
    "MSELoss",
    "MultiMarginLoss",
    "NLLLoss",
    "RampLoss",
    "SigmoidQuadraticLoss",
    "SmoothL1Loss",
    "TukeyBiweightLoss",
    "log_softmax",
    "one_hot",
    "sigmoid",
    "softmax",
]

guard(globals())
