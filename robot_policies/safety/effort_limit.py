# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""No torque beyond the limit, neither fed forward nor implied by the distance to the target."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import Bounds, target_bounds, torque_bounds
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class EffortLimitConfig:
    """Which share of the robot's torque limits may be asked for."""

    scale: float = param(1.0, doc="Share of the robot's effort limits.", low=0.01, high=1.0)


class EffortLimit:
    """LIMIT: feed-forward is clipped, then the target is moved until the PD torque is allowed.

    A joint at or above its speed limit may be braked but not pushed further.
    """

    config_class: ClassVar[type] = EffortLimitConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: EffortLimitConfig, context: PluginContext) -> None:
        robot = context.robot
        self._names = robot.joint_names
        self._effort = robot.per_joint('effort') * config.scale
        self._speed_limit = robot.per_joint('velocity')
        self._stiffness = robot.per_joint('stiffness')
        self._damping = robot.per_joint('damping')

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Bring feed-forward and position target to what the joints may be asked for."""
        if state.joints is None or (command.position is None and command.effort is None):
            return Verdict(Severity.PASS, command)
        torque = torque_bounds(self._effort, self._speed_limit, state.joints.velocity)
        limited, reason = command, ''
        if command.effort is not None:
            index, excess = torque.worst(command.effort)
            if excess:
                reason = self._reason('feed-forward', index, command.effort, torque)
                limited = replace(command, effort=torque.clip(command.effort))
        if command.position is None:
            return _verdict(limited, reason)
        allowed = self._targets(limited, torque, state)
        index, excess = allowed.worst(command.position)
        if excess:
            asked = self._stiffness * (command.position - state.joints.position)
            reason = reason or self._reason('PD torque', index, asked, torque)
            limited = replace(limited, position=allowed.clip(command.position))
        return _verdict(limited, reason)

    def _targets(self, command: JointCommand, torque: Bounds, state: SafetyState) -> Bounds:
        assert state.joints is not None
        wanted = 0.0 if command.velocity is None else command.velocity
        rest = self._damping * (wanted - state.joints.velocity)
        if command.effort is not None:
            rest = rest + command.effort
        return target_bounds(torque, self._stiffness, rest, state.joints.position)

    def _reason(self, what: str, index: int, asked: FloatArray, torque: Bounds) -> str:
        limit = max(abs(torque.lower[index]), abs(torque.upper[index]))
        value = float(np.asarray(asked)[index])
        return f'{what} of {self._names[index]} {value:.1f} N·m, limit {limit:.1f}'


def _verdict(command: JointCommand, reason: str) -> Verdict[JointCommand]:
    return Verdict(Severity.LIMIT if reason else Severity.PASS, command, reason)
