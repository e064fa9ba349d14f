# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What rules may say of an instant. Every public function here is a predicate of that name.

Its numbers stand in parentheses in the rule: `obstacle_behind(0.5)`. A predicate whose input is
missing raises `NotKnownError`; it never guesses.
"""

from dataclasses import dataclass
import inspect
from typing import TypeVar

import numpy as np
from robot_policies.core.data_types import JointCommand, Scan, VelocityCommand
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import tilt
from robot_policies.safety.footprint import Footprint, obstacle_points, Obstacles, obstacles
from robot_policies.safety.state import IMU, JOINT_STATES, ODOM, SafetyState, SCAN

_ValueT = TypeVar('_ValueT')


class NotKnownError(RobotPoliciesError):
    """A predicate cannot be judged: the named source is missing."""


class Surroundings:
    """Obstacles around the robot, computed once per scan."""

    def __init__(self, robot: RobotSpec) -> None:
        self._footprint = Footprint.of(robot.body)
        position = robot.scan.position if robot.scan else (0.0, 0.0, 0.0)
        self._sensor_xy = (position[0], position[1])
        self._scan: Scan | None = None
        self._around = obstacles(self._footprint, np.zeros((0, 2)))

    def of(self, scan: Scan) -> Obstacles:
        """Return the obstacles of a scan, nearest first."""
        if scan is not self._scan:
            self._scan = scan
            self._around = obstacles(self._footprint, obstacle_points(scan, self._sensor_xy))
        return self._around


@dataclass(frozen=True, eq=False)
class Moment:
    """One instant of the stream.

    Attributes:
        command: What is under judgement.
        state: What is measured, and what the supervisor did.
        now_ns: When.
        robot: The robot.
        surroundings: Its obstacles.
    """

    command: JointCommand | VelocityCommand
    state: SafetyState
    now_ns: int
    robot: RobotSpec
    surroundings: Surroundings


def engaged(moment: Moment) -> bool:
    """The supervisor passes commands."""
    return moment.state.engaged_ns is not None


def stop_requested(moment: Moment) -> bool:
    """The e-stop is pressed, or a velocity of zero left the velocity gate."""
    last = moment.state.last_velocity
    return moment.state.estop or (last is not None and last.is_zero)


def commands_backwards(moment: Moment, speed_m_s: float) -> bool:
    """The velocity asked for goes backwards faster than this, m/s."""
    return _velocity(moment).vx < -speed_m_s


def commands_faster(moment: Moment, speed_m_s: float) -> bool:
    """The velocity asked for is faster than this in any direction, m/s."""
    command = _velocity(moment)
    return float(np.hypot(command.vx, command.vy)) > speed_m_s


def moves(moment: Moment, speed_m_s: float) -> bool:
    """The base moves over ground faster than this, m/s."""
    velocity = _known(moment.state.odometry, ODOM).linear_velocity
    return float(np.hypot(velocity[0], velocity[1])) > speed_m_s


def moves_backwards(moment: Moment, speed_m_s: float) -> bool:
    """The base moves backwards faster than this, m/s."""
    return float(_known(moment.state.odometry, ODOM).linear_velocity[0]) < -speed_m_s


def turns(moment: Moment, rate_rad_s: float) -> bool:
    """The base turns about the vertical faster than this, rad/s."""
    return abs(float(_known(moment.state.imu, IMU).angular_velocity[2])) > rate_rad_s


def tilted(moment: Moment, angle_rad: float) -> bool:
    """The base leans farther than this, rad."""
    return float(tilt(_known(moment.state.imu, IMU).orientation)) > angle_rad


def lower_than(moment: Moment, height_m: float) -> bool:
    """The base is lower than this in the odometry frame, m."""
    return float(_known(moment.state.odometry, ODOM).position[2]) < height_m


def joint_faster(moment: Moment, speed_rad_s: float) -> bool:
    """Some joint turns faster than this, rad/s."""
    return bool(np.abs(_known(moment.state.joints, JOINT_STATES).velocity).max() > speed_rad_s)


def obstacle_within(moment: Moment, distance_m: float) -> bool:
    """The scan hits something nearer to the footprint than this, m."""
    return len(_around(moment).within(distance_m).x) > 0


def obstacle_ahead(moment: Moment, distance_m: float) -> bool:
    """The scan hits something nearer than this before the front, m."""
    near = _around(moment).within(distance_m).x
    return bool((near > moment.robot.body.footprint_front_m).any())


def obstacle_behind(moment: Moment, distance_m: float) -> bool:
    """The scan hits something nearer than this behind the rear, m."""
    near = _around(moment).within(distance_m).x
    return bool((near < -moment.robot.body.footprint_rear_m).any())


def names() -> dict[str, int]:
    """Return every predicate and how many numbers it takes."""
    return {
        name: len(inspect.signature(value).parameters) - 1
        for name, value in sorted(globals().items())
        if inspect.isfunction(value)
        and value.__module__ == __name__
        and not name.startswith('_')
        and name != 'names'
    }


def _velocity(moment: Moment) -> VelocityCommand:
    if isinstance(moment.command, VelocityCommand):
        return moment.command
    return moment.state.last_velocity or VelocityCommand(0)


def _around(moment: Moment) -> Obstacles:
    return moment.surroundings.of(_known(moment.state.scan, SCAN))


def _known(value: _ValueT | None, source: str) -> _ValueT:
    if value is None:
        raise NotKnownError(source)
    return value
