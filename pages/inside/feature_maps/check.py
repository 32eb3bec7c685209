"""The layer's maps once more, by four plain loops."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine import reference
from engine.layers import Conv2d
from pages.inside.feature_maps import controls as lesson
from pages.inside.feature_maps.compute import kernels_behind
from ui import limits, state
from ui.i18n import fill, prose

ALIKE = 1e-4


def recount() -> None:
    """The convolution at or below the chosen layer once more, by loops."""
    of, trace = lesson.network(), lesson.trace()
    convolutions = [name for name in lesson.open_layers() if lesson.kind(name) == "conv"]
    behind = kernels_behind(of, str(state.get("layer")))[0]
    name = behind if behind in convolutions else convolutions[-1]
    step = trace[name]
    layer = dict(of.layers)[name]
    assert isinstance(layer, Conv2d)
    x, weight, bias = (array.astype(np.float64) for array in (step.x, step.params["weight"], step.params["bias"]))
    with limits.HEAVY:
        y = reference.conv2d(x, weight, bias, padding=layer.geometry[1])
    apart = float(np.abs(y - step.y).max())
    block = "recounted" if apart < ALIKE else "recount-differs"
    values: dict[str, object] = {"layer": name, "count": f"{y.size:,}", "apart": f"{apart:.1e}"}
    st.markdown(fill(prose(lesson.KEY)[block], values))
