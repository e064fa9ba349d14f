# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers about a running system: windows of latencies, and how well a loop keeps its time."""

from collections import deque
from dataclasses import dataclass
import threading

import numpy as np

NS = 1_000_000_000
"""Nanoseconds in a second."""


@dataclass(frozen=True)
class Quantiles:
    """What a window of numbers looks like; all zero while it is empty.

    Attributes:
        count: How many numbers it holds.
        p50: Median.
        p99: 99th percentile.
        maximum: Largest.
    """

    count: int = 0
    p50: float = 0.0
    p99: float = 0.0
    maximum: float = 0.0


class Window:
    """The last `size` numbers of something, from any thread."""

    def __init__(self, size: int = 1000) -> None:
        self._values: deque[float] = deque(maxlen=size)
        self._lock = threading.Lock()
        self.total = 0

    def add(self, value: float) -> None:
        """Append one number; the oldest gives way."""
        with self._lock:
            self._values.append(value)
            self.total += 1

    def quantiles(self) -> Quantiles:
        """Return the window's quantiles."""
        with self._lock:
            values = np.array(self._values)
        if not len(values):
            return Quantiles()
        p50, p99 = np.percentile(values, (50, 99))
        return Quantiles(len(values), float(p50), float(p99), float(values.max()))


class DeadlineMonitor:
    """Watches a periodic loop: ticks, missed periods and jitter.

    A tick that comes more than half a period late has missed its deadline; a gap of several
    periods counts each of them. Jitter is how far the tick was from its due time.
    """

    def __init__(self, period_ns: int) -> None:
        self.period_ns = period_ns
        self.ticks = 0
        self.misses = 0
        self.jitter_ms = Window()
        self._last_ns: int | None = None

    def tick(self, now_ns: int) -> None:
        """Record that the loop ran at `now_ns` (monotonic)."""
        if self._last_ns is not None:
            elapsed = now_ns - self._last_ns
            self.jitter_ms.add(abs(elapsed - self.period_ns) / 1e6)
            # 1.4 periods is on time, 1.6 is one missed, 2.6 is two
            self.misses += max(0, int(elapsed / self.period_ns - 0.5))
        self._last_ns = now_ns
        self.ticks += 1

    def pause(self) -> None:
        """Forget the last tick: the gap until the next one is intended."""
        self._last_ns = None


class RateMeter:
    """Events per second since it was last asked."""

    def __init__(self, now_ns: int) -> None:
        self._count = 0
        self._since_ns = now_ns
        self._lock = threading.Lock()
        self.total = 0

    def add(self) -> None:
        """Count one event."""
        with self._lock:
            self._count += 1
            self.total += 1

    def rate_hz(self, now_ns: int) -> float:
        """Return the mean rate since the last call, and start anew."""
        with self._lock:
            elapsed = now_ns - self._since_ns
            count, self._count, self._since_ns = self._count, 0, now_ns
        return count * NS / elapsed if elapsed > 0 else 0.0
