# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Ask, wait, execute, stand; then ask again: how a chunk policy is run without concurrency.

The baseline to which the others are compared. What the policy saw is what it starts from, since
nothing moves while it thinks; the price is a robot that stops for every answer.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.params import param
from robot_policies.core.plan import Plan
from robot_policies.scheduling.base import PlanScheduler


@dataclass(frozen=True, kw_only=True)
class SynchronousConfig:
    """How much of a chunk is executed."""

    steps: int = param(
        8, doc='Actions of a chunk that are executed before the next one is asked for.', low=1
    )


class Synchronous(PlanScheduler):
    """Executes the first actions of a chunk from its first one on, and stands while it waits."""

    config_class: ClassVar[type] = SynchronousConfig

    def __init__(self, config: SynchronousConfig, context: PluginContext) -> None:
        super().__init__()
        self._steps = config.steps

    def is_due(self, now_ns: int, waiting: bool) -> bool:
        """Return whether to ask now: once what was answered last has been executed."""
        return not waiting and (self._plan is None or now_ns >= self._plan.end_ns)

    def merge(self, chunk: ActionChunk, now_ns: int, rest: FloatArray) -> None:
        """Begin with the first action of a chunk, one step from now."""
        plan = Plan.of(chunk)
        present = self.sample(now_ns)
        first = rest if present is None else present
        self._plan = Plan(
            now_ns,
            np.concatenate([[0.0], plan.times_ns[: self._steps]]),
            np.concatenate([first[np.newaxis], plan.values[: self._steps]]),
        )
