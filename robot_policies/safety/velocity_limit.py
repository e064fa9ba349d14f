# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""No commanded joint speed beyond the limit."""

from dataclasses import dataclass, replace
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import Bounds
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class VelocityLimitConfig:
    """Which share of the robot's joint speed limits may be commanded."""

    scale: float = param(
        1.0, doc="Share of the robot's joint velocity limits.", low=0.01, high=1.0
    )


class VelocityLimit:
    """LIMIT: a commanded joint velocity is brought to the bound.

    How fast a position target may move is the business of `Jump`; what a joint that is already
    too fast may be asked for, that of `EffortLimit`.
    """

    config_class: ClassVar[type] = VelocityLimitConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: VelocityLimitConfig, context: PluginContext) -> None:
        self._names = context.robot.joint_names
        limit = context.robot.per_joint('velocity') * config.scale
        self._bounds = Bounds(-limit, limit)

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Bring the velocity target into the limits."""
        if command.velocity is None:
            return Verdict(Severity.PASS, command)
        index, excess = self._bounds.worst(command.velocity)
        if not excess:
            return Verdict(Severity.PASS, command)
        reason = (
            f'commanded velocity of {self._names[index]} {command.velocity[index]:.1f} rad/s, '
            f'limit {self._bounds.upper[index]:.1f}'
        )
        limited = replace(command, velocity=self._bounds.clip(command.velocity))
        return Verdict(Severity.LIMIT, limited, reason)
