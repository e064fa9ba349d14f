# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""From wherever the robot lies to the first target, slowly."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import step_bounds
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class EngageRampConfig:
    """How fast the joints move when the supervisor begins to pass commands."""

    speed_rad_s: float = param(
        2.0, doc='No joint moves faster while engaging.', unit='rad/s', low=0.05, high=20.0
    )
    target_share: float = param(
        0.5,
        doc='Targets move at this share of the speed: a joint overshoots its target.',
        low=0.05,
        high=1.0,
    )
    reached_rad: float = param(
        0.1, doc='The ramp ends when all targets are so near.', unit='rad', low=0.001, high=1.0
    )


class EngageRamp:
    """LIMIT on the joints' targets and HOLD on the velocity until the first target is reached.

    The ramp starts at the measured position. A joint that is at the speed already gets no further
    target until it is slower.
    """

    config_class: ClassVar[type] = EngageRampConfig
    gates: ClassVar[tuple[str, ...]] = ('joint', 'velocity')

    def __init__(self, config: EngageRampConfig, context: PluginContext) -> None:
        self._config = config
        self._names = context.robot.joint_names
        self._done_for_ns: int | None = None

    def reset(self) -> None:
        """The next activation is ramped again."""
        self._done_for_ns = None

    def check(
        self, command: JointCommand | VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand | VelocityCommand]:
        """Slow down the way to the target."""
        if state.engaged_ns is None or self._done_for_ns == state.engaged_ns:
            return Verdict(Severity.PASS, command)
        if isinstance(command, VelocityCommand):
            return Verdict(Severity.HOLD, command, 'engaging: the robot gets into its stance')
        if command.position is None or state.joints is None:
            return Verdict(Severity.PASS, command)
        return self._ramp(command, command.position, state)

    def _ramp(
        self, command: JointCommand, target: FloatArray, state: SafetyState
    ) -> Verdict[JointCommand | VelocityCommand]:
        assert state.joints is not None
        last = state.last_command.position if state.last_command else None
        start = state.joints.position if last is None else last
        slow_enough = np.abs(state.joints.velocity) < self._config.speed_rad_s
        speed = np.where(slow_enough, self._config.speed_rad_s * self._config.target_share, 0.0)
        position = step_bounds(start, speed, state.tick_s).clip(target)
        left = np.abs(target - position)
        index = int(np.argmax(left))
        if left[index] <= self._config.reached_rad:
            self._done_for_ns = state.engaged_ns
        reason = f'engaging: {self._names[index]} is {left[index]:.2f} rad from its target'
        # without feed-forward: it would move the joint at a speed of its own
        limited = replace(command, position=position, effort=None)
        return Verdict(Severity.LIMIT, limited, reason)
