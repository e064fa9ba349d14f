# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A plan: values over time, from one chunk or blended from several."""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import ActionChunk

GRID_NS = 20_000_000
"""Where two plans are blended, a product of linear functions, it is kept on a grid this fine."""
HISTORY_NS = 2_000_000_000
"""How long a blended plan remembers what it said before the blend."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Values over time, linear in between; nothing before the origin and after the end.

    Attributes:
        origin_ns: When it begins to hold.
        times_ns: (n,) rising, relative to the origin; negative ones are what was planned before.
        values: (n, width).
    """

    origin_ns: int
    times_ns: FloatArray
    values: FloatArray

    @classmethod
    def of(cls, chunk: ActionChunk) -> 'Plan':
        """Return the plan that a chunk is by itself: it holds from its stamp on."""
        due_ns = chunk.dt_ns * np.arange(1, len(chunk.actions) + 1, dtype=np.float64)
        return cls(chunk.stamp_ns, due_ns, chunk.actions)

    @property
    def end_ns(self) -> int:
        """Time of the last value."""
        return self.origin_ns + int(self.times_ns[-1])

    def at(self, times_ns: FloatArray) -> FloatArray:
        """Return (m, width) the values at (m,) times relative to the origin, held at the ends."""
        columns = [np.interp(times_ns, self.times_ns, column) for column in self.values.T]
        return np.stack(columns, axis=-1)

    def sample(self, now_ns: int) -> FloatArray | None:
        """Return (width,) the value for now, or None before the origin and after the end."""
        ahead_ns = now_ns - self.origin_ns
        if not 0 <= ahead_ns <= self.times_ns[-1]:
            return None
        return np.asarray(self.at(np.array([ahead_ns], dtype=np.float64))[0])


def blend(
    old: Plan | None, chunk: ActionChunk, now_ns: int, blend_ns: int, rest: FloatArray
) -> Plan:
    """Return the plan from now to the end of `chunk`, continuous at now.

    Args:
        old: What is being followed; None, or one that is over, for `rest`.
        chunk: What shall be followed; ends after now.
        now_ns: Now.
        blend_ns: How long the change takes; at least 1.
        rest: (width,) what is done without a plan.
    """
    new = Plan.of(chunk)
    past_ns = float(now_ns - chunk.stamp_ns)
    ahead_ns = new.times_ns - past_ns
    grid_ns = np.arange(0.0, min(blend_ns, ahead_ns[-1]), GRID_NS)
    times_ns = np.union1d(grid_ns, np.append(ahead_ns[ahead_ns > 0.0], blend_ns))
    times_ns = times_ns[times_ns <= ahead_ns[-1]]
    weight = np.minimum(times_ns / blend_ns, 1.0)[:, np.newaxis]
    if old is None or now_ns > old.end_ns:
        before = np.tile(rest, (len(times_ns), 1))
        return Plan(
            now_ns, times_ns, weight * new.at(times_ns + past_ns) + (1.0 - weight) * before
        )
    shift_ns = float(now_ns - old.origin_ns)
    before = old.at(times_ns + shift_ns)
    values = weight * new.at(times_ns + past_ns) + (1.0 - weight) * before
    kept = (old.times_ns < shift_ns) & (old.times_ns > shift_ns - HISTORY_NS)
    return Plan(
        now_ns,
        np.concatenate([old.times_ns[kept] - shift_ns, times_ns]),
        np.concatenate([old.values[kept], values]),
    )
