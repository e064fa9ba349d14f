# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What schedulers have in common: a plan, measured delays, words when answers come too late."""

from collections.abc import Mapping
from typing import ClassVar

from robot_policies.core.arrays import FloatArray
from robot_policies.core.committed_prefix import CommittedPrefix
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.delay_window import DelayWindow
from robot_policies.core.plan import Plan

NS = 1_000_000_000


class PlanScheduler:
    """Follows one plan and may be asked at any time. Heirs say how a chunk enters the plan."""

    needs_prefix: ClassVar[bool] = False

    def __init__(self, delays: DelayWindow | None = None) -> None:
        """Create one without a plan.

        Args:
            delays: Measures delays; if not given, the last one alone counts.
        """
        self._delays = DelayWindow(1, 1.0) if delays is None else delays
        self._plan: Plan | None = None
        self._horizon_ns = 0

    def is_due(self, now_ns: int, waiting: bool) -> bool:
        """Return whether to ask now: as often as the asker likes."""
        return True

    def prefix(self, stamp_ns: int) -> CommittedPrefix | None:
        """Return nothing: answers are free."""
        return None

    def observe(self, chunk: ActionChunk, now_ns: int) -> None:
        """Measure how late an answer is."""
        self._delays.add(now_ns - chunk.stamp_ns)
        self._horizon_ns = chunk.end_ns - chunk.stamp_ns

    def sample(self, now_ns: int) -> FloatArray | None:
        """Return (width,) what to execute now, or None: stand or hold."""
        return None if self._plan is None else self._plan.sample(now_ns)

    def end_ns(self) -> int | None:
        """Return when the plan ends, or None without one."""
        return None if self._plan is None else self._plan.end_ns

    def problem(self) -> str:
        """Return in words why it cannot keep up with the policy, or nothing."""
        delay_ns = self._delays.expected_ns
        if delay_ns <= self._horizon_ns:
            return ''
        late, reach = delay_ns / NS, self._horizon_ns / NS
        return f'answers come {late:.2f} s after their observation, a chunk reaches {reach:.2f} s'

    def numbers(self) -> Mapping[str, float]:
        """Return the expected delay."""
        return {'delay_ms': self._delays.expected_ns / 1e6}

    def reset(self) -> None:
        """Forget the plan; measured delays stay."""
        self._plan = None
