"""One contender in a process of its own: ``python -m benchmarks.worker ours W1``, asked over its standard input.

A question is a line of JSON, {"steps": 3, "seconds": 0.1}: do at least so many steps, and go on for at least so
long. The answer is a line too (``Answer``), and an empty object says at the start that the contender is ready.
Threads are set in the environment, before any library is loaded.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

CONTENDERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ours": ("benchmarks.ours", {}),
    "torch": ("benchmarks.torch_side", {}),
    "channels_last": ("benchmarks.torch_side", {"channels_last": True}),
    "limit": ("benchmarks.limit", {}),
    "yardstick": ("benchmarks.yardstick", {}),
}
"""By name: the module whose ``contender`` makes it, and with what besides the workload."""


@dataclass(frozen=True)
class Answer:
    """What a batch of steps took, and what this process has needed so far; memory in bytes.

    ``processor`` is the part of ``seconds`` that its threads spent on a core, all of them added up. On one thread
    anything less than ``seconds`` was waiting for a core that somebody else had.
    ``imports`` is the resident memory once the libraries were loaded, before weights or inputs were made, and
    ``peak`` the most that ever was resident; both 0 where the system doesn't tell. ``witness`` is the contender's.
    """

    steps: int
    seconds: float
    processor: float
    witness: float | None
    imports: int
    peak: int

    @property
    def ms(self) -> float:
        """Milliseconds for one step."""
        return 1000 * self.seconds / self.steps


def main() -> None:
    name, workload = sys.argv[1:]
    module, options = CONTENDERS[name]
    workloads, maker = import_module("benchmarks.workloads"), import_module(module)
    imports, _ = memory()
    contender = maker.contender(workloads.WORKLOADS[workload], **options)
    print("{}", flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        steps, start, on_core = 0, perf_counter(), process_time()
        while steps < question["steps"] or perf_counter() - start < question["seconds"]:
            contender.step()
            steps += 1
        seconds, processor = perf_counter() - start, process_time() - on_core
        answer = Answer(steps, seconds, processor, contender.witness(), imports, memory()[1])
        print(json.dumps(asdict(answer)), flush=True)


def memory() -> tuple[int, int]:
    """Resident memory now and at its highest, in bytes; Linux tells, of other systems (0, 0) is known."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0, 0
    kilobytes = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status.read_text(encoding="ascii")))
    return int(kilobytes["VmRSS"]) * 1024, int(kilobytes["VmHWM"]) * 1024


if __name__ == "__main__":
    main()
