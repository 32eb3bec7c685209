"""How long a picture takes to follow its reader. What a lesson's slowest answer takes on a quiet machine is measured
by ``python -m benchmarks.lessons``; tests run beside other programs, which can only make a time longer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Locator

_REDRAWS = """async ([host, count]) => {
  const change = (i) => { %s };
  const all = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    change(i);
    host.offsetHeight;
    all.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return all;
}"""


def redraws(board: Locator, change: str, count: int = 40) -> list[float]:
    """Milliseconds from each of some changes to the new layout; ``change`` is JavaScript about ``host`` and ``i``."""
    host = board.element_handle()
    return [float(time) for time in board.page.evaluate(_REDRAWS % change, [host, count])]


def undisturbed(times: Sequence[float]) -> float:
    """What a quarter of the times stay below: the work itself, where others wanted the processor too."""
    return float(np.quantile(times, 0.25))
