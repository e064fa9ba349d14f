# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Executes the weighted average of all chunks that say something about this instant.

T. Z. Zhao, V. Kumar, S. Levine and C. Finn, Learning Fine-Grained Bimanual Manipulation with
Low-Cost Hardware (2023): weights fall exponentially from the oldest chunk to the newest. There,
a policy answers in every step; here answers come at any time, so each chunk's weight also rises
after its arrival and falls before its end, else the average would jump at both.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.params import param
from robot_policies.core.plan import Plan
from robot_policies.scheduling.base import NS, PlanScheduler

MAX_CHUNKS = 64


@dataclass(frozen=True, kw_only=True)
class TemporalEnsemblingConfig:
    """How the chunks are weighed."""

    decay: float = param(
        0.01,
        doc='Weight of the i-th oldest chunk is exp(-decay * i): larger trusts older ones more.',
        low=-5.0,
        high=5.0,
    )
    fade_s: float = param(
        0.1, doc='Time in which a chunk gains and loses its weight.', unit='s', low=0.001, high=2.0
    )


@dataclass(frozen=True)
class _Member:
    """A chunk that takes part, and since when."""

    plan: Plan
    entered_ns: int

    def share(self, now_ns: int, fade_ns: float) -> float:
        """Return in [0, 1] how far it has come in, and not yet gone."""
        begun, left = now_ns - self.entered_ns, self.plan.end_ns - now_ns
        return min(max(min(begun, left) / fade_ns, 0.0), 1.0)


class TemporalEnsembling(PlanScheduler):
    """Averages what several answers say about the same instant."""

    config_class: ClassVar[type] = TemporalEnsemblingConfig

    def __init__(self, config: TemporalEnsemblingConfig, context: PluginContext) -> None:
        super().__init__()
        self._decay, self._fade_ns = config.decay, config.fade_s * NS
        self._members: list[_Member] = []

    def merge(self, chunk: ActionChunk, now_ns: int, rest: FloatArray) -> None:
        """Let a chunk take part; those that are over leave."""
        members = [member for member in self._members if member.plan.end_ns > now_ns]
        if not members:  # what was done without a plan gives way to the first chunk
            before = Plan(now_ns, np.array([0.0, self._fade_ns]), np.stack([rest, rest]))
            members = [_Member(before, now_ns - round(self._fade_ns))]
        plan = Plan.of(chunk)
        self._members = [*members, _Member(plan, now_ns)][-MAX_CHUNKS:]

    def sample(self, now_ns: int) -> FloatArray | None:
        """Return (width,) the weighted average for now, or None if no chunk covers it."""
        values: list[FloatArray] = []
        shares: list[float] = []
        for member in self._members:
            value = member.plan.sample(now_ns)
            if value is not None and now_ns >= member.entered_ns:
                values.append(value)
                shares.append(member.share(now_ns, self._fade_ns))
        if not values:
            return None
        weights = np.array(shares) * np.exp(-self._decay * np.arange(len(values)))
        if not weights.any():
            return values[-1]
        return np.asarray(weights @ np.stack(values) / weights.sum())

    def end_ns(self) -> int | None:
        """Return when the last chunk ends, or None without one."""
        return max((member.plan.end_ns for member in self._members), default=None)

    def reset(self) -> None:
        """Forget the chunks; measured delays stay."""
        self._members = []
