# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The latch: what stopped the robot, and what must be true before it may move again."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from robot_policies.core.lasting import Lasting
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.safety.state import SafetyState


class Phase(Enum):
    """Where the supervisor stands."""

    WAITING = 'waiting'
    """Damping until everything that is needed has come; nothing latches but a real danger."""
    ENGAGED = 'engaged'
    """Commands pass, as far as the checks let them."""
    LATCHED = 'latched'
    """Damping until a deliberate reset."""


@dataclass(frozen=True, kw_only=True)
class ResetConfig:
    """How still the robot has to be for a reset."""

    joint_speed_rad_s: float = param(
        0.7, doc='A faster joint moves.', unit='rad/s', low=0.0, high=10.0
    )
    turn_speed_rad_s: float = param(
        0.5, doc='A faster turning base moves.', unit='rad/s', low=0.0, high=10.0
    )
    rest_s: float = param(
        0.3, doc='It has to rest for so long without a break.', unit='s', low=0.0, high=10.0
    )


@dataclass(frozen=True)
class ResetAnswer:
    """Whether a reset was accepted, and why (not), in words."""

    accepted: bool
    reason: str


@dataclass(frozen=True)
class Latched:
    """What latched, and when."""

    check: str
    reason: str
    since_ns: int


def motion(state: SafetyState, config: ResetConfig, robot: RobotSpec) -> str:
    """Return in words how the robot moves, empty if it rests.

    A robot that is not measured is not known to rest.
    """
    if state.joints is None or state.imu is None:
        return 'the robot is not known to rest: joint states or IMU are missing'
    speeds = np.abs(state.joints.velocity)
    index = int(np.argmax(speeds))
    if not speeds[index] <= config.joint_speed_rad_s:
        return (
            f'the robot moves: {robot.joint_names[index]} at {speeds[index]:.1f} rad/s, '
            f'limit {config.joint_speed_rad_s:.1f}'
        )
    turn = float(np.linalg.norm(state.imu.angular_velocity))
    if not turn <= config.turn_speed_rad_s:
        return (
            f'the robot moves: the base turns at {turn:.1f} rad/s, '
            f'limit {config.turn_speed_rad_s:.1f}'
        )
    return ''


class Rest:
    """For how long the robot has rested since it was stopped.

    A robot that begins to sink or to tumble is still for a moment: one look is not enough.
    """

    def __init__(self, config: ResetConfig, robot: RobotSpec) -> None:
        self._config, self._robot = config, robot
        self._still, self._rested_s = Lasting(), 0.0

    def begin(self) -> None:
        """Count anew."""
        self._still.clear()
        self._rested_s = 0.0

    def note(self, state: SafetyState, now_ns: int) -> None:
        """Look at the robot; to be called every tick."""
        rests = not motion(state, self._config, self._robot)
        self._rested_s = self._still.note(rests, now_ns)

    def lacks(self, state: SafetyState) -> str:
        """Return in words why the robot does not rest; empty if it does."""
        moves = motion(state, self._config, self._robot)
        if moves:
            return moves
        if self._rested_s >= self._config.rest_s:
            return ''
        return (
            f'the robot moves: it rests since {self._rested_s:.1f} s, '
            f'needed {self._config.rest_s:.1f}'
        )
