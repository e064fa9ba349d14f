# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The newest chunk is followed as soon as it is there, entered in the middle.

Each chunk says when each of its actions is due, so a chunk that comes late is entered where it is
by now, and two successive ones are cross-faded over their overlap.
"""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.params import param
from robot_policies.core.plan import blend
from robot_policies.scheduling.base import NS, PlanScheduler


@dataclass(frozen=True, kw_only=True)
class LatestWinsConfig:
    """How fast the newest chunk takes over."""

    blend_s: float = param(
        0.2, doc='Time to change over from one chunk to the next.', unit='s', low=0.0, high=2.0
    )


class LatestWins(PlanScheduler):
    """Asynchronous: asks as often as it may, and follows the newest answer."""

    config_class: ClassVar[type] = LatestWinsConfig

    def __init__(self, config: LatestWinsConfig, context: PluginContext) -> None:
        super().__init__()
        self._blend_ns = max(1, round(config.blend_s * NS))

    def merge(self, chunk: ActionChunk, now_ns: int, rest: FloatArray) -> None:
        """Cross-fade to a chunk; its steps that are past are not executed."""
        self._plan = blend(self._plan, chunk, now_ns, self._blend_ns, rest)
