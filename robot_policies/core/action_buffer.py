# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks of actions in, one value at any instant out.

A policy answers late and in bursts; the robot wants a steady stream. Each chunk says when each
of its actions is due, so a chunk that comes late is entered in the middle, and successive chunks
are blended over their overlap. The idea of executing overlapping chunks as one stream is that of
temporal ensembling in T. Z. Zhao et al., Learning Fine-Grained Bimanual Manipulation with
Low-Cost Hardware (2023); here two plans are cross-faded, which needs no tuning of weights.
"""

from collections import Counter
from dataclasses import dataclass
from enum import Enum
import threading

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.latest_slot import FUTURE_TOLERANCE_NS

GRID_NS = 20_000_000
"""Where two plans are blended, a product of linear functions, it is kept on a grid this fine."""


class Merge(Enum):
    """What became of a chunk."""

    ACCEPTED = 'accepted'
    LATE = 'late'
    """All of its actions are past."""
    DUPLICATED = 'duplicated'
    """Its stamp is that of the newest accepted one."""
    REORDERED = 'reordered'
    """It is older than the newest accepted one."""
    FUTURE = 'future'
    """It answers an observation that has not happened."""
    WRONG_WIDTH = 'wrong_width'
    """Its actions have another size."""
    WRONG_LENGTH = 'wrong_length'
    """It reaches farther ahead than chunks may."""
    NOT_FINITE = 'not_finite'
    """It holds NaN or infinity."""


@dataclass(frozen=True)
class _Plan:
    """Values over time, linear in between; nothing before the start and after the end."""

    times_ns: FloatArray  # (n,), rising, relative to `origin_ns`
    values: FloatArray  # (n, width)
    origin_ns: int

    def at(self, times_ns: FloatArray) -> FloatArray:
        """Return (m, width) the values at (m,) times relative to the origin, held at the ends."""
        columns = [np.interp(times_ns, self.times_ns, column) for column in self.values.T]
        return np.stack(columns, axis=-1)


class ActionBuffer:
    """Merges chunks into one plan and samples it. May be used from two threads.

    The sampled value is continuous: at the instant of a merge the plan is still the old one, or
    zero if there was none, and becomes the new one over `blend_ns`.
    """

    def __init__(self, width: int, blend_ns: int, max_horizon_ns: int) -> None:
        """Create an empty buffer.

        Args:
            width: Numbers per action.
            blend_ns: How long it takes to change over to a new chunk; at least 1.
            max_horizon_ns: Farthest a chunk may reach ahead of its stamp.
        """
        self.counts: Counter[Merge] = Counter(dict.fromkeys(Merge, 0))
        self.dropped_steps = 0
        self._width = width
        self._blend_ns = max(1, blend_ns)
        self._max_horizon_ns = max_horizon_ns
        self._plan: _Plan | None = None
        self._newest_ns: int | None = None
        self._lock = threading.Lock()

    def merge(self, chunk: ActionChunk, now_ns: int) -> Merge:
        """Enter a chunk into the plan, or count why it was dropped.

        Args:
            chunk: The chunk; its steps that are past are not executed.
            now_ns: Now, on the clock of the stamps.
        """
        with self._lock:
            outcome = self._judge(chunk, now_ns)
            self.counts[outcome] += 1
            if outcome is Merge.ACCEPTED:
                self.dropped_steps += max(0, (now_ns - chunk.stamp_ns) // chunk.dt_ns)
                self._plan = self._blend(chunk, now_ns)
                self._newest_ns = chunk.stamp_ns
            return outcome

    def sample(self, now_ns: int) -> FloatArray | None:
        """Return (width,) the planned value, or None past the last action or without a plan."""
        with self._lock:
            plan = self._plan
            if plan is None or not 0 <= now_ns - plan.origin_ns <= plan.times_ns[-1]:
                return None
            return np.asarray(plan.at(np.array([now_ns - plan.origin_ns], dtype=np.float64))[0])

    def end_ns(self) -> int | None:
        """Return the time of the last planned action, or None without a plan."""
        with self._lock:
            plan = self._plan
            return None if plan is None else plan.origin_ns + int(plan.times_ns[-1])

    def flush(self) -> None:
        """Forget the plan and what was merged; the counts stay."""
        with self._lock:
            self._plan = None
            self._newest_ns = None

    def _judge(self, chunk: ActionChunk, now_ns: int) -> Merge:
        if chunk.actions.shape[1] != self._width:
            return Merge.WRONG_WIDTH
        if chunk.end_ns - chunk.stamp_ns > self._max_horizon_ns:
            return Merge.WRONG_LENGTH
        if not np.isfinite(chunk.actions).all():
            return Merge.NOT_FINITE
        if chunk.stamp_ns > now_ns + FUTURE_TOLERANCE_NS:
            return Merge.FUTURE
        if self._newest_ns is not None and chunk.stamp_ns <= self._newest_ns:
            same = chunk.stamp_ns == self._newest_ns
            return Merge.DUPLICATED if same else Merge.REORDERED
        return Merge.LATE if chunk.end_ns <= now_ns else Merge.ACCEPTED

    def _blend(self, chunk: ActionChunk, now_ns: int) -> _Plan:
        """Return the plan from `now_ns` to the end of `chunk`."""
        due_ns = chunk.dt_ns * np.arange(1, len(chunk.actions) + 1, dtype=np.float64)
        new = _Plan(due_ns, chunk.actions, chunk.stamp_ns)
        ahead_ns = due_ns - float(now_ns - chunk.stamp_ns)
        grid_ns = np.arange(0.0, min(self._blend_ns, ahead_ns[-1]), GRID_NS)
        times_ns = np.union1d(grid_ns, np.append(ahead_ns[ahead_ns > 0.0], self._blend_ns))
        times_ns = times_ns[times_ns <= ahead_ns[-1]]
        weight = np.minimum(times_ns / self._blend_ns, 1.0)[:, np.newaxis]
        fresh = new.at(times_ns + float(now_ns - new.origin_ns))
        values = weight * fresh + (1.0 - weight) * self._old(times_ns, now_ns)
        return _Plan(times_ns, values, now_ns)

    def _old(self, times_ns: FloatArray, now_ns: int) -> FloatArray:
        """Return the values of the plan so far at times from `now_ns` on; zero without one."""
        plan = self._plan
        if plan is None or now_ns - plan.origin_ns > plan.times_ns[-1]:
            return np.zeros((len(times_ns), self._width))
        return plan.at(times_ns + float(now_ns - plan.origin_ns))
