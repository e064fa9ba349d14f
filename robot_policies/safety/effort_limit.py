# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""No torque beyond the limit, neither fed forward nor implied by the distance to the target."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

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
    """LIMIT: velocity, feed-forward and target are moved until the PD torque is allowed.

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
        """Bring velocity target, feed-forward and position target to what may be asked for."""
        joints = state.joints
        if joints is None or (command.position is None and command.effort is None):
            return Verdict(Severity.PASS, command)
        torque = torque_bounds(self._effort, self._speed_limit, joints.velocity)
        limits = _Limits(command, self._names)
        if command.velocity is not None:
            soft = np.maximum(self._damping, 1e-9)
            speeds = Bounds(*(joints.velocity + side / soft for side in torque))
            limits.bring('velocity', speeds, 'rad/s')
        wanted = 0.0 if limits.command.velocity is None else limits.command.velocity
        # the driver saturates: braking a fast joint never asks for more than the limit
        rest = torque.clip(self._damping * (wanted - joints.velocity))
        if command.effort is not None:
            left = Bounds(
                np.maximum(torque.lower - rest, torque.lower),
                np.minimum(torque.upper - rest, torque.upper),
            )
            limits.bring('effort', left, 'N·m')
            rest = rest + (0.0 if limits.command.effort is None else limits.command.effort)
        if command.position is not None:
            targets = target_bounds(torque, self._stiffness, rest, joints.position)
            limits.bring('position', targets, 'rad')
        return limits.verdict()


class _Limits:
    """The command while one interface after the other is limited."""

    def __init__(self, command: JointCommand, names: tuple[str, ...]) -> None:
        self.command = command
        self._names = names
        self._reason = ''

    def bring(self, what: str, bounds: Bounds, unit: str) -> None:
        values: FloatArray = getattr(self.command, what)
        index, excess = bounds.worst(values)
        if not excess:
            return
        changed: dict[str, Any] = {what: bounds.clip(values)}
        self.command = replace(self.command, **changed)
        allowed = getattr(self.command, what)[index]
        self._reason = self._reason or (
            f'torque limit of {self._names[index]}: {what} {values[index]:.2f} {unit} '
            f'brought to {allowed:.2f}'
        )

    def verdict(self) -> Verdict[JointCommand]:
        severity = Severity.LIMIT if self._reason else Severity.PASS
        return Verdict(severity, self.command, self._reason)
