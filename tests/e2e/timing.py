"""How long a picture takes to follow its reader, whatever else the machine does and however slow it is.

A time by itself says nothing on a machine that nobody knows. So the same page does a fixed piece of the same kind of
work between the redraws, and the time is told as it would be where that piece takes ``USUAL_MS``. What a lesson's
slowest answer takes on a quiet machine is measured by ``python -m benchmarks.lessons``.
"""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Locator

ROUNDS, REDRAWS = 3, 40
# What the piece of work takes on the machine on which the bounds in the tests were set, left in quiet.
USUAL_MS = 7.0
_REDRAWS = """async ([host, count]) => {
  const change = (i) => { %s };
  const timed = (work) => {
    const began = performance.now();
    work();
    return performance.now() - began;
  };
  const yard = document.createElement("div");
  yard.style.cssText = "position: fixed; width: 300px; visibility: hidden";
  document.body.append(yard);
  const lay = () => {
    yard.replaceChildren(...Array.from({ length: 600 }, (_, i) => {
      const made = document.createElement("span");
      made.style.cssText = `display: inline-block; padding: ${i %% 7}px`;
      made.textContent = String(i);
      return made;
    }));
    yard.offsetHeight;
  };
  const all = [];
  for (let i = 0; i < count; i++) {
    const usual = timed(lay);
    all.push([timed(() => { change(i); host.offsetHeight; }), usual]);
    await new Promise(requestAnimationFrame);
  }
  yard.remove();
  return all;
}"""


def slow_redraw(board: Locator, change: str, share: float = 95) -> float:
    """Milliseconds from a change to the new layout that so many per cent of all redraws stay below.

    The best of a few rounds. ``change`` is JavaScript about ``host`` and ``i``, the number of the redraw.
    """
    host = board.element_handle()
    rounds = [np.array(board.page.evaluate(_REDRAWS % change, [host, REDRAWS])) for _ in range(ROUNDS)]
    return min(
        float(np.percentile(took, share) * USUAL_MS / np.percentile(usual, share))
        for took, usual in (round_.T for round_ in rounds)
    )
