"""How long a picture takes to follow its reader. What a lesson's slowest answer takes on a quiet machine is measured
by ``python -m benchmarks.lessons``; tests run beside other programs, which can only make a time longer."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator

ROUNDS, REDRAWS = 3, 40
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


def slow_redraw(board: Locator, change: str, share: float = 95) -> float:
    """Milliseconds from a change to the new layout that so many per cent of all redraws stay below.

    The best of a few rounds. ``change`` is JavaScript about ``host`` and ``i``, the number of the redraw.
    """
    host = board.element_handle()
    rounds = [board.page.evaluate(_REDRAWS % change, [host, REDRAWS]) for _ in range(ROUNDS)]
    return min(float(np.percentile(times, share)) for times in rounds)
