# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is done instead of what was commanded."""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import JointCommand
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class FallbackConfig:
    """How the robot goes down."""

    crouch_pose: tuple[float, ...] = param(
        (),
        doc='Joint positions to fold into before damping when a source falls silent, in the '
        "robot's order; empty damps at once.",
        unit='rad',
    )
    crouch_s: float = param(0.8, doc='Time given to folding.', unit='s', low=0.1, high=5.0)
    crouch_for: tuple[str, ...] = param(
        ('Freshness',), doc='Checks whose DAMP may fold first; all others damp at once.'
    )


class Fallback:
    """Turns HOLD and DAMP into joint commands."""

    def __init__(self, config: FallbackConfig, robot: RobotSpec) -> None:
        """Check the configuration against the robot.

        Args:
            config: How the robot goes down.
            robot: The robot.

        Raises:
            ValueError: The crouch pose does not fit the robot.
        """
        count = len(robot.joint_names)
        if config.crouch_pose and len(config.crouch_pose) != count:
            raise ValueError(
                f'crouch_pose has {len(config.crouch_pose)} values, '
                f'{robot.name} has {count} joints'
            )
        self._config = config
        self._joint_count = count
        pose = np.array(config.crouch_pose)
        self._crouch: FloatArray | None = pose if len(pose) else None
        self._crouch_from: FloatArray | None = None
        self._latched_ns: int | None = None

    def hold(self, state: SafetyState) -> JointCommand:
        """Keep the last target; the measured position where there is none; else damp."""
        last = state.last_command
        if last is not None and last.position is not None:
            return JointCommand(last.stamp_ns, position=last.position)
        if state.joints is not None and state.engaged_ns is not None:
            return JointCommand(state.joints.stamp_ns, position=state.joints.position)
        return self.damp(state)

    def damp(self, state: SafetyState) -> JointCommand:
        """No stiffness, the robot sinks softly."""
        stamp_ns = state.joints.stamp_ns if state.joints is not None else 0
        return JointCommand.damping(stamp_ns, self._joint_count)

    def descend(
        self, check: str, state: SafetyState, latched_ns: int, now_ns: int
    ) -> JointCommand:
        """Return the command of a latched robot: folding for a while, if allowed, then damping.

        Args:
            check: The check that latched.
            state: Its `last_command` is where folding starts.
            latched_ns: When it latched.
            now_ns: Now.
        """
        elapsed_s = (now_ns - latched_ns) * 1e-9
        last = state.last_command.position if state.last_command else None
        if self._latched_ns != latched_ns:
            self._latched_ns = latched_ns
            self._crouch_from = last if check in self._config.crouch_for else None
        over = not 0.0 <= elapsed_s < self._config.crouch_s
        if self._crouch is None or self._crouch_from is None or over:
            return self.damp(state)
        share = elapsed_s / self._config.crouch_s
        target = self._crouch_from + share * (self._crouch - self._crouch_from)
        stamp_ns = state.joints.stamp_ns if state.joints is not None else 0
        return JointCommand(stamp_ns, position=target)
