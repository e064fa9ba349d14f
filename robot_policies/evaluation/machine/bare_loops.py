# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Loops that do nothing, beside a measurement: what the machine itself does to deadlines.

A virtual machine does not always get the processor that it has been promised. On each core a loop
runs in a process of its own, with the highest real-time priority; what it misses, nobody on that
core could keep.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, ExitStack, suppress
from itertools import takewhile
import os
from pathlib import Path
import subprocess
import sys
import threading
import time

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.run_summary_data import TimeArray
from robot_policies.ros.real_time import HIGHEST, run_in_real_time

_STAT = Path('/proc/stat')
_TOLD_S = 0.1
"""How often a loop tells when it woke."""


class BareLoop:
    """What the loop of one core saw so far.

    Attributes:
        period_s: Its period.
        in_real_time: It has its priority; otherwise the machine's own load delays it too.
    """

    def __init__(self, period_s: float) -> None:
        self.period_s = period_s
        self.in_real_time = False
        self._woken: list[TimeArray] = []

    def add(self, told: bytes) -> None:
        """Take what the loop told."""
        woken = np.frombuffer(told, dtype=np.int64)
        if len(woken):
            self._woken.append(woken)

    def has_told(self, time_ns: float) -> bool:
        """Return True once it has told of a system time."""
        return bool(self._woken) and self._woken[-1][-1] >= time_ns

    def between(self, start_ns: float, end_ns: float) -> TimeArray:
        """Return when it woke in a span of system time, (n,) in ns."""
        # from the newest back: after an hour all of it is a million numbers, and who asks has to
        # leave other threads their time
        told = takewhile(lambda woken: woken[-1] >= start_ns, reversed(self._woken))
        woken = np.concatenate([np.zeros(0, dtype=np.int64), *reversed(list(told))])
        return woken[(woken >= start_ns) & (woken <= end_ns)]

    def delays_ms(self, start_ns: float, end_ns: float) -> tuple[TimeArray, FloatArray]:
        """Return when each sleep began, (n,) system time in ns, and its delay, (n,) in ms."""
        period_ns = self.period_s * 1e9
        woken = self.between(start_ns - 2.0 * period_ns, end_ns)
        return woken[:-1], (np.diff(woken) - period_ns) / 1e6


class BareLoops:
    """What the loops of all cores saw so far."""

    def __init__(self, loops: Sequence[BareLoop] = ()) -> None:
        self.loops = tuple(loops)
        self._before = _processor_times()

    @property
    def in_real_time(self) -> bool:
        """All have their priority, and there is one."""
        return bool(self.loops) and all(loop.in_real_time for loop in self.loops)

    def wait_for(self, time_ns: float) -> None:
        """Wait until all have told of everything before a system time."""
        until_s = time.monotonic() + 100.0 * _TOLD_S
        for loop in self.loops:
            while not loop.has_told(time_ns) and time.monotonic() < until_s:
                time.sleep(0.1 * _TOLD_S)

    def wait_for_calm(self, limit_ms: float, calm_s: float, timeout_s: float) -> None:
        """Wait until all have been in time for a while, or the time is up."""
        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s:
            time.sleep(calm_s)
            now_ns = time.time_ns()
            self.wait_for(now_ns)
            if self.worst_delay_ms(now_ns - calm_s * 1e9, now_ns) <= limit_ms:
                return

    def worst_delay_ms(self, start_ns: float, end_ns: float) -> float:
        """Return by how much one was late at most in a span of system time."""
        late_ms = [loop.delays_ms(start_ns, end_ns)[1] for loop in self.loops]
        return float(max((late.max(initial=0.0) for late in late_ms), default=0.0))

    def standstills(self, start_ns: float, end_ns: float, limit_ms: float) -> TimeArray:
        """Return begin and end, (n, 2) system time in ns, of each sleep that was longer."""
        found = [np.zeros((0, 2), dtype=np.int64)]
        for loop in self.loops:
            begin_ns, late_ms = loop.delays_ms(start_ns, end_ns)
            begin_ns, late_ms = begin_ns[late_ms > limit_ms], late_ms[late_ms > limit_ms]
            length_ns = np.round(late_ms * 1e6 + loop.period_s * 1e9).astype(np.int64)
            found.append(np.stack([begin_ns, begin_ns + length_ns], axis=1))
        return np.concatenate(found)

    def stolen_share(self) -> float | None:
        """Return what the host gave to others, of all cores' time; None if not known."""
        spent = [b - a for a, b in zip(self._before, _processor_times(), strict=True)]
        return spent[7] / sum(spent) if len(spent) == 8 and sum(spent) > 0 else None


@contextmanager
def bare_loops(period_s: float) -> Iterator[BareLoops]:
    """Run a loop on each core beside what is done in the context."""
    with ExitStack() as stack:
        cores = sorted(os.sched_getaffinity(0))
        yield BareLoops([stack.enter_context(_bare_loop(period_s, core)) for core in cores])


@contextmanager
def _bare_loop(period_s: float, core: int) -> Iterator[BareLoop]:
    seen = BareLoop(period_s)
    process = subprocess.Popen(
        [sys.executable, '-m', __name__, str(period_s), str(core)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = process.stdout
    seen.in_real_time = told.read(1) == b'\1'  # it runs
    listener = threading.Thread(target=_listen, args=(told.fileno(), seen), daemon=True)
    listener.start()
    try:
        yield seen
    finally:
        process.stdin.close()
        listener.join()
        process.wait()


def _listen(told: int, seen: BareLoop) -> None:
    with open(told, 'rb', closefd=False) as stream:
        while size := stream.read(4):
            seen.add(stream.read(int.from_bytes(size, 'little')))


def _processor_times() -> list[int]:
    """Return user, nice, system, idle, iowait, irq, softirq and steal of all cores together."""
    try:
        first = _STAT.read_text(encoding='ascii').splitlines()[0]
    except OSError:
        return []
    return [int(word) for word in first.split()[1:9]]


def main(period_s: float, core: int) -> None:
    """Loop on a core until the input ends, and tell when each period began."""
    ended = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    os.sched_setaffinity(0, {core})
    in_real_time = run_in_real_time(HIGHEST)
    out = sys.stdout.buffer
    out.write(b'\1' if in_real_time else b'\0')
    out.flush()
    woken_ns: list[int] = []
    due_s = told_s = time.monotonic()
    while not ended.is_set():
        woken_ns.append(time.time_ns())
        due_s = max(due_s + period_s, time.monotonic())  # what was missed is not made up for
        if due_s - told_s > _TOLD_S:
            told_s = due_s
            told = np.array(woken_ns, dtype=np.int64).tobytes()
            woken_ns.clear()
            out.write(len(told).to_bytes(4, 'little') + told)
            out.flush()
        time.sleep(max(0.0, due_s - time.monotonic()))


if __name__ == '__main__':
    with suppress(BrokenPipeError):  # who listened is gone
        main(float(sys.argv[1]), int(sys.argv[2]))
