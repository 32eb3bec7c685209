"""What a layer without parameters has in common with every other one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.types import Initializer, Params


class Parameterless:
    """Nothing to learn: ``init`` gives ``{}``."""

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """``{}``: this layer has no parameters."""
        return {}
