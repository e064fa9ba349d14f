# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""No target beyond a joint's limits."""

from dataclasses import dataclass, replace
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import Bounds
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class PositionLimitConfig:
    """How far inside the robot's limits targets stay."""

    margin_rad: float = param(
        0.0, doc='Distance kept from the position limits.', unit='rad', low=0.0, high=1.0
    )


class PositionLimit:
    """LIMIT: the target is brought to the nearest allowed position."""

    config_class: ClassVar[type] = PositionLimitConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: PositionLimitConfig, context: PluginContext) -> None:
        robot = context.robot
        self._names = robot.joint_names
        lower, upper = robot.per_joint('lower'), robot.per_joint('upper')
        # where the margins meet, the middle is left
        middle = (lower + upper) / 2.0
        lower_in = (lower + config.margin_rad).clip(max=middle)
        self._bounds = Bounds(lower_in, (upper - config.margin_rad).clip(min=middle))

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Bring the position target into the limits."""
        if command.position is None:
            return Verdict(Severity.PASS, command)
        index, excess = self._bounds.worst(command.position)
        if not excess:
            return Verdict(Severity.PASS, command)
        reason = (
            f'target of {self._names[index]} {command.position[index]:.2f} rad is outside '
            f'[{self._bounds.lower[index]:.2f}, {self._bounds.upper[index]:.2f}]'
        )
        limited = replace(command, position=self._bounds.clip(command.position))
        return Verdict(Severity.LIMIT, limited, reason)
