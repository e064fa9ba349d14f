# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the page listens to. Streams are read when the page is drawn, events when they come."""

from functools import partial
import time
from typing import Any

from robot_policies.core.data_types import Missing, Odometry, VelocityCommand
from robot_policies.core.latest_slot import LatestSlot
from robot_policies.core.robot import RobotSpec
from robot_policies.core.statistics import NS
from robot_policies.dashboard.model import Status
from robot_policies.dashboard.objects_layer import objects_from_markers, WorldObject
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import odometry_from_msg, velocity_from_msg
from robot_policies.ros.codecs.chunks import chunk_from_msg
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.codecs.images import image_from_msg
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg
from robot_policies.ros.lifecycle import ManagedNode

_FRESH_NS = NS
"""Older than this is not drawn as if it were now."""


class Feed:
    """The inputs of the page.

    Attributes:
        safety: Last `safety/status`.
        policy: Last `policy/status`.
        health: Last report of each node of this robot on `/diagnostics`.
    """

    def __init__(self, node: ManagedNode, robot: RobotSpec) -> None:
        self._node = node
        self._namespace = node.get_namespace().rstrip('/')
        to_joints = partial(joint_state_from_msg, joint_map=robot.joint_map())
        self.joints = node.latest(topics.JOINT_STATES, to_joints)
        self.odometry = node.latest(topics.ODOM, odometry_from_msg)
        self.scan = node.latest(topics.SCAN, scan_from_msg)
        self.command = node.latest(topics.CMD_VEL, velocity_from_msg)
        self.chunk = node.latest(topics.POLICY_CHUNK, chunk_from_msg)
        self.cameras = {
            camera.name: node.latest(topics.camera_image(camera.name), image_from_msg)
            for camera in robot.cameras
        }
        self.safety: Status | None = None
        self.policy: Status | None = None
        self.health: dict[str, Status] = {}
        self._objects: tuple[WorldObject, ...] | None = None
        node.listen(topics.SAFETY_STATUS, self._on_safety)
        node.listen(topics.POLICY_STATUS, self._on_policy)
        node.listen(topics.DIAGNOSTICS, self._on_diagnostics)
        node.listen(topics.SIM_OBJECTS, self._on_objects)

    def pose(self) -> Odometry | Missing:
        """Return where the robot is now, or why that is not known."""
        return self.odometry.take(self._node.now_ns(), _FRESH_NS)

    def commanded(self) -> VelocityCommand | None:
        """Return what the robot is told now."""
        command = self.command.take(self._node.now_ns(), _FRESH_NS)
        return None if isinstance(command, Missing) else command

    def missing(self) -> tuple[str, ...]:
        """Return the streams that do not come, in words."""
        now_ns = self._node.now_ns()
        slots: list[LatestSlot[Any]] = [self.joints.slot, self.odometry.slot, self.scan.slot]
        slots += [camera.slot for camera in self.cameras.values()]
        taken = [slot.take(now_ns, 2 * _FRESH_NS) for slot in slots]
        return tuple(str(value) for value in taken if isinstance(value, Missing))

    def new_objects(self) -> tuple[WorldObject, ...] | None:
        """Return the simulated objects if they have changed since this was last asked."""
        objects, self._objects = self._objects, None
        return objects

    def _on_safety(self, message: Any) -> None:  # noqa: ANN401
        self.safety = _status(message)

    def _on_policy(self, message: Any) -> None:  # noqa: ANN401
        self.policy = _status(message)

    def _on_diagnostics(self, message: Any) -> None:  # noqa: ANN401
        for item in message.status:
            if is_of(self._namespace, item.name):
                self.health[item.name] = _status(item)

    def _on_objects(self, message: Any) -> None:  # noqa: ANN401
        self._objects = objects_from_markers(message)


def is_of(namespace: str, name: str) -> bool:
    """Return True if a report is about this robot: `/diagnostics` is shared by all robots.

    Args:
        namespace: The robot's, without a slash at its end.
        name: Who reports; nodes give their full name, others (drivers, machines) concern all.
    """
    return not name.startswith('/') or name.rpartition('/')[0] == namespace


def measured(odometry: Odometry | Missing) -> VelocityCommand | None:
    """Return the measured velocity of the base, or None if it is not known."""
    if isinstance(odometry, Missing):
        return None
    vx, vy, _ = odometry.linear_velocity.tolist()
    return VelocityCommand(odometry.stamp_ns, vx, vy, float(odometry.angular_velocity[2]))


def _status(message: Any) -> Status:  # noqa: ANN401
    return Status(
        level=message.level[0] if isinstance(message.level, bytes) else int(message.level),
        name=message.name,
        message=message.message,
        values=status_values(message),
        arrived_ns=time.monotonic_ns(),
    )
