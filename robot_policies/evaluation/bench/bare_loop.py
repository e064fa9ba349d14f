# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A loop that does nothing, beside a measurement: what the machine itself does to deadlines.

A virtual machine does not always get the processor that it has been promised. This loop has a
process and a real-time priority of its own; what it misses, nobody on the machine could keep.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import json
from pathlib import Path
import subprocess
import sys
import threading
import time

import numpy as np
from robot_policies.evaluation.run_summary_data import TimeArray
from robot_policies.ros.real_time import HIGHEST, run_in_real_time

PERIOD_S = 0.02
_STAT = Path('/proc/stat')


class BareLoop:
    """What the loop saw; there when the context of `bare_loop` has ended.

    Attributes:
        woken_ns: When it woke, by the system's clock.
        stolen_share: Of all cores' time, what the host gave to others; None if not known.
    """

    def __init__(self) -> None:
        self.woken_ns: TimeArray = np.zeros(0, dtype=np.int64)
        self.stolen_share: float | None = None

    def between(self, start_ns: float, end_ns: float) -> TimeArray:
        """Return when it woke in a span of time."""
        return self.woken_ns[(self.woken_ns > start_ns) & (self.woken_ns < end_ns)]


@contextmanager
def bare_loop() -> Iterator[BareLoop]:
    """Run the loop at 50 Hz beside what is done in the context."""
    seen = BareLoop()
    before = _processor_times()
    process = subprocess.Popen(
        [sys.executable, '-m', __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it runs
        yield seen
    finally:
        told, _ = process.communicate()
        seen.woken_ns = np.array(json.loads(told), dtype=np.int64)
        seen.stolen_share = _stolen(before, _processor_times())


def _processor_times() -> list[int]:
    """Return user, nice, system, idle, iowait, irq, softirq and steal of all cores together."""
    try:
        first = _STAT.read_text(encoding='ascii').splitlines()[0]
    except OSError:
        return []
    return [int(word) for word in first.split()[1:9]]


def _stolen(before: list[int], after: list[int]) -> float | None:
    spent = [b - a for a, b in zip(before, after, strict=True)]
    return spent[7] / sum(spent) if len(spent) == 8 and sum(spent) > 0 else None


def main() -> None:
    """Loop until the input ends, then write when each period began."""
    ended = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        ended.set()

    sys.stdout.write('\n')
    sys.stdout.flush()
    threading.Thread(target=wait_for_the_end, daemon=True).start()
    run_in_real_time(HIGHEST)
    woken_ns = []
    due_s = time.monotonic()
    while not ended.is_set():
        woken_ns.append(time.time_ns())
        due_s = max(due_s + PERIOD_S, time.monotonic())  # what was missed is not made up for
        time.sleep(max(0.0, due_s - time.monotonic()))
    sys.stdout.write(json.dumps(woken_ns))


if __name__ == '__main__':
    main()
