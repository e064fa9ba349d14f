# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A new chunk is made to continue what is executed while it is being made.

K. Black, M. Y. Galliker and S. Levine, Real-Time Execution of Action Chunking Flow Policies
(2025). The actions until the answer will be there are frozen; the rest of the present plan is
followed less and less (a soft mask); the policy in-paints the chunk (`networks/inpainting.py`).
The end of a chunk is left free, as it is in the publication, where half of a chunk is executed
before the next one: a chunk that is led to its very end by the one before repeats it for ever.
How long an answer takes is measured all the time. If it leaves no room in the chunk, the
scheduler says so and drops the plan, so that the robot comes to rest within its accelerations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.committed_prefix import CommittedPrefix, soft_mask
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.delay_window import DelayWindow
from robot_policies.core.params import param
from robot_policies.core.plan import blend
from robot_policies.scheduling.base import NS, PlanScheduler


@dataclass(frozen=True, kw_only=True)
class RealTimeChunkingConfig:
    """How much of a chunk is executed, and how the delay is estimated."""

    execution_s: float = param(
        0.2, doc='Least time for which a chunk is followed.', unit='s', low=0.01, high=10.0
    )
    blend_s: float = param(
        0.2,
        doc='Time to change over, for where the answer differs from what was committed.',
        unit='s',
        low=0.0,
        high=2.0,
    )
    max_guidance: float = param(
        5.0, doc='Largest gain of the guidance towards the prefix.', low=0.0, high=100.0
    )
    led_share: float = param(
        0.5,
        doc='Part of a chunk that is led towards the present plan; what is frozen always is.',
        low=0.0,
        high=1.0,
    )
    delay_window: int = param(
        20, doc='So many last answers tell how long the next one takes.', low=1, high=1000
    )
    delay_quantile: float = param(
        1.0, doc='Which of their delays is expected; 1 is the longest.', low=0.0, high=1.0
    )


class RealTimeChunking(PlanScheduler):
    """Asynchronous, with a committed prefix; needs a policy that can continue one."""

    config_class: ClassVar[type] = RealTimeChunkingConfig
    needs_prefix: ClassVar[bool] = True

    def __init__(self, config: RealTimeChunkingConfig, context: PluginContext) -> None:
        super().__init__(DelayWindow(config.delay_window, config.delay_quantile))
        self._execution_ns = round(config.execution_s * NS)
        self._blend_ns = max(1, round(config.blend_s * NS))
        self._max_guidance = config.max_guidance
        self._led_share = config.led_share
        self._newest: ActionChunk | None = None
        self._frozen_steps = 0

    def is_due(self, now_ns: int, waiting: bool) -> bool:
        """Return whether to ask now: one question at a time, when enough has been executed."""
        newest = self._newest
        is_fresh = newest is not None and 0 <= now_ns - newest.stamp_ns < self._execution_ns
        return not waiting and not is_fresh

    def prefix(self, stamp_ns: int) -> CommittedPrefix | None:
        """Return the present plan on the grid of the chunk that will be the answer."""
        plan, newest = self._plan, self._newest
        if plan is None or newest is None:
            return None
        due_ns = newest.dt_ns * np.arange(1, len(newest.actions) + 1)
        due_ns = due_ns[due_ns <= plan.end_ns - stamp_ns]
        if not len(due_ns):
            return None
        self._frozen_steps = int((due_ns <= self._delays.expected_ns).sum())
        led_steps = round(self._led_share * len(newest.actions))
        due_ns = due_ns[: max(self._frozen_steps, led_steps)]
        actions = plan.at((due_ns + (stamp_ns - plan.origin_ns)).astype(np.float64))
        weights = soft_mask(self._frozen_steps, len(due_ns))
        return CommittedPrefix(actions, self._frozen_steps, weights, self._max_guidance)

    def observe(self, chunk: ActionChunk, now_ns: int) -> None:
        """Measure how late an answer is; drop the plan if the next one would come too late."""
        super().observe(chunk, now_ns)
        if self.problem():
            self.reset()

    def merge(self, chunk: ActionChunk, now_ns: int, rest: FloatArray) -> None:
        """Go on with a chunk, unless answers come too late to be followed."""
        if not self.problem():
            self._plan = blend(self._plan, chunk, now_ns, self._blend_ns, rest)
            self._newest = chunk

    def problem(self) -> str:
        """Return in words why it cannot keep up with the policy, or nothing."""
        delay_ns = self._delays.longest_ns
        if not self._horizon_ns or delay_ns + self._execution_ns <= self._horizon_ns:
            return ''
        late, execution, reach = (
            duration_ns / NS for duration_ns in (delay_ns, self._execution_ns, self._horizon_ns)
        )
        return (
            f'answers come {late:.2f} s after their observation and {execution:.2f} s are to be '
            f'executed, a chunk reaches {reach:.2f} s'
        )

    def numbers(self) -> Mapping[str, float]:
        """Return the expected delay and how many actions were frozen last."""
        return {**super().numbers(), 'frozen_steps': float(self._frozen_steps)}

    def reset(self) -> None:
        """Forget the plan; measured delays stay."""
        super().reset()
        self._newest = None
