# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks of actions in, one value at any instant out.

A policy answers late and in bursts; the robot wants a steady stream. The buffer judges what may
be executed at all; a scheduler (`robot_policies.scheduling`) decides when the policy is asked, how
an answer is merged, and what is executed now.
"""

from collections import Counter
from collections.abc import Mapping
from enum import Enum
import threading

import numpy as np
from robot_policies.core.arrays import FloatArray, frozen
from robot_policies.core.committed_prefix import CommittedPrefix
from robot_policies.core.contracts import ChunkScheduler
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.latest_slot import FUTURE_TOLERANCE_NS


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


class ActionBuffer:
    """Guards a scheduler: only what may be executed reaches it. May be used from two threads."""

    def __init__(
        self,
        scheduler: ChunkScheduler,
        width: int,
        max_horizon_ns: int,
        rest: FloatArray | None = None,
    ) -> None:
        """Create a buffer without a plan.

        Args:
            scheduler: Merges and samples.
            width: Numbers per action.
            max_horizon_ns: Farthest a chunk may reach ahead of its stamp.
            rest: (width,) what is done without a plan, from which a first one is entered; zeros
                (standing) if not given. For joints it is the measured pose.
        """
        self.counts: Counter[Merge] = Counter(dict.fromkeys(Merge, 0))
        self._scheduler = scheduler
        self._width = width
        self._max_horizon_ns = max_horizon_ns
        self._rest = frozen(np.zeros(width) if rest is None else rest, name='rest', shape=(width,))
        self._newest: ActionChunk | None = None
        self._lock = threading.Lock()

    @property
    def scheduler(self) -> ChunkScheduler:
        """The scheduler in charge."""
        return self._scheduler

    def use(self, scheduler: ChunkScheduler, now_ns: int) -> None:
        """Change over to another scheduler, which goes on with the newest chunk."""
        with self._lock:
            present = self._scheduler.sample(now_ns)
            self._scheduler = scheduler
            if self._newest is not None and present is not None and self._newest.end_ns > now_ns:
                scheduler.merge(self._newest, now_ns, present)

    def is_due(self, now_ns: int, waiting: bool) -> bool:
        """Return whether the policy should be asked now, given that an answer is awaited."""
        with self._lock:
            return self._scheduler.is_due(now_ns, waiting)

    def prefix(self, stamp_ns: int) -> CommittedPrefix | None:
        """Return what the answer to an observation must agree with, if anything."""
        with self._lock:
            return self._scheduler.prefix(stamp_ns)

    def merge(self, chunk: ActionChunk, now_ns: int) -> Merge:
        """Enter a chunk into the plan, or count why it was dropped.

        Args:
            chunk: The chunk; its steps that are past are not executed.
            now_ns: Now, on the clock of the stamps.
        """
        with self._lock:
            outcome = self._judge(chunk, now_ns)
            self.counts[outcome] += 1
            if outcome in (Merge.ACCEPTED, Merge.LATE):
                self._scheduler.observe(chunk, now_ns)
            if outcome is Merge.ACCEPTED:
                self._scheduler.merge(chunk, now_ns, self._rest)
                self._newest = chunk
            return outcome

    def sample(self, now_ns: int) -> FloatArray | None:
        """Return (width,) the planned value, or None past the last action or without a plan."""
        with self._lock:
            return self._scheduler.sample(now_ns)

    def end_ns(self) -> int | None:
        """Return the time of the last planned action, or None without a plan."""
        with self._lock:
            return self._scheduler.end_ns()

    def problem(self) -> str:
        """Return why the scheduler cannot keep up with the policy, or nothing."""
        with self._lock:
            return self._scheduler.problem()

    def numbers(self) -> Mapping[str, float]:
        """Return what the scheduler measured."""
        with self._lock:
            return self._scheduler.numbers()

    def flush(self) -> None:
        """Forget the plan and what was merged; the counts and measured delays stay."""
        with self._lock:
            self._scheduler.reset()
            self._newest = None

    def _judge(self, chunk: ActionChunk, now_ns: int) -> Merge:
        if chunk.actions.shape[1] != self._width:
            return Merge.WRONG_WIDTH
        if chunk.end_ns - chunk.stamp_ns > self._max_horizon_ns:
            return Merge.WRONG_LENGTH
        if not np.isfinite(chunk.actions).all():
            return Merge.NOT_FINITE
        if chunk.stamp_ns > now_ns + FUTURE_TOLERANCE_NS:
            return Merge.FUTURE
        if self._newest is not None and chunk.stamp_ns <= self._newest.stamp_ns:
            same = chunk.stamp_ns == self._newest.stamp_ns
            return Merge.DUPLICATED if same else Merge.REORDERED
        return Merge.LATE if chunk.end_ns <= now_ns else Merge.ACCEPTED
