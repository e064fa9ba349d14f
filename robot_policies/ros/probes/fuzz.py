# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Messages that are no commands: what a broken or hostile publisher may send."""

from collections.abc import Callable
from typing import Any

from geometry_msgs.msg import Twist
import numpy as np
from rclpy.serialization import serialize_message
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.robot import RobotSpec
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.codecs.joints import joint_command_to_msg
from trajectory_msgs.msg import MultiDOFJointTrajectoryPoint

Message = Any
"""A message, or bytes that claim to be one."""
_NOT_FINITE = (np.nan, np.inf, -np.inf)
_ODD_NAMES = ('', 'knee', 'FL_hip_joint', '\x00', 'ä' * 200)


def chunk_parts() -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Return what `chunk_to_msg` makes its points and velocities of."""
    return MultiDOFJointTrajectoryPoint, Twist


class CommandFuzz:
    """Draws joint commands that must not reach a robot as they are."""

    def __init__(self, robot: RobotSpec, rng: np.random.Generator) -> None:
        """Prepare.

        Args:
            robot: Whose joints.
            rng: Decides everything.
        """
        self._robot, self._rng = robot, rng
        self._joint_map = robot.joint_map()
        self._count = len(robot.joints)
        self._refused = (self._names, self._lengths, self._empty, self._garbage, self._cut)
        self._limited = (self._beyond, self._feed_forward)
        self._fatal = (self._not_finite, self._jump)

    def refused(self, stamp_ns: int) -> Message:
        """Return one that is no command at all."""
        return self._draw(self._refused)(stamp_ns)

    def limited(self, stamp_ns: int) -> Message:
        """Return one beyond the robot's limits."""
        return self._draw(self._limited)(stamp_ns)

    def fatal(self, stamp_ns: int) -> Message:
        """Return one after which nothing is believed any more."""
        return self._draw(self._fatal)(stamp_ns)

    def _draw(self, makers: tuple[Callable[[int], Message], ...]) -> Callable[[int], Message]:
        return makers[int(self._rng.integers(len(makers)))]

    def command(
        self,
        stamp_ns: int,
        position: FloatArray | None = None,
        velocity: FloatArray | None = None,
        effort: FloatArray | None = None,
    ) -> Message:
        """Return a message of this command, the default pose where nothing is given."""
        if position is None:
            position = self._robot.default_pose
        command = JointCommand(stamp_ns, position, velocity, effort)
        return joint_command_to_msg(command, self._joint_map, topics.LOCOMOTION_COMMAND.type())

    def _names(self, stamp_ns: int) -> Message:
        message = self.command(stamp_ns)
        names = list(message.name)
        names[int(self._rng.integers(self._count))] = str(self._rng.choice(_ODD_NAMES[:4]))
        names = names if names != list(message.name) else names[:-1]
        message.name = names
        return message

    def _lengths(self, stamp_ns: int) -> Message:
        message = self.command(stamp_ns)
        wrong = int(self._rng.choice([1, 3, self._count - 1, self._count + 1, 400]))
        message.position = self._rng.normal(size=wrong).tolist()
        return message

    def _empty(self, stamp_ns: int) -> Message:
        message = self.command(stamp_ns)
        message.position = []
        if self._rng.random() < 0.5:
            message.name = []
        return message

    def _garbage(self, stamp_ns: int) -> Message:
        size = int(self._rng.integers(0, 400))
        return bytes(self._rng.integers(0, 256, size, dtype=np.uint8))

    def _cut(self, stamp_ns: int) -> Message:
        """Return a command whose bytes are cut off, or changed so that its lengths are lies."""
        data = bytearray(serialize_message(self.command(stamp_ns)))
        if self._rng.random() < 0.5:
            return bytes(data[: int(self._rng.integers(4, len(data) - 8))])
        at = int(self._rng.integers(12, 24))
        data[at : at + 4] = b'\xff\xff\xff\x7f'
        return bytes(data)

    def _beyond(self, stamp_ns: int) -> Message:
        joint = int(self._rng.integers(self._count))
        pose = self._robot.default_pose.copy()
        pose[joint] += self._rng.choice([-1.0, 1.0]) * self._rng.uniform(0.3, 1.5)
        return self.command(stamp_ns, position=pose)

    def _feed_forward(self, stamp_ns: int) -> Message:
        velocity = np.zeros(self._count)
        effort = np.zeros(self._count)
        joint = int(self._rng.integers(self._count))
        velocity[joint] = self._rng.uniform(-1e3, 1e3)
        effort[joint] = self._rng.uniform(-1e3, 1e3)
        return self.command(stamp_ns, velocity=velocity, effort=effort)

    def _not_finite(self, stamp_ns: int) -> Message:
        pose = self._robot.default_pose.copy()
        pose[int(self._rng.integers(self._count))] = self._rng.choice(_NOT_FINITE)
        return self.command(stamp_ns, position=pose)

    def _jump(self, stamp_ns: int) -> Message:
        return self.command(stamp_ns, position=self._rng.uniform(-50.0, 50.0, self._count))


def bad_velocity(stamp_ns: int, rng: np.random.Generator) -> Message:
    """Return a base velocity that is no number, or far beyond any limit, or no message."""
    choice = rng.random()
    if choice < 0.2:
        return bytes(rng.integers(0, 256, int(rng.integers(0, 200)), dtype=np.uint8))
    values = rng.uniform(-50.0, 50.0, 3)
    if choice < 0.7:
        values[int(rng.integers(3))] = rng.choice(_NOT_FINITE)
    velocity = VelocityCommand.from_array(stamp_ns, values)
    return velocity_to_msg(velocity, 'base', topics.POLICY_CMD_VEL.type())
