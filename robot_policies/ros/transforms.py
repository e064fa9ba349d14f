# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The pose of the base on `tf`, where tf2's messages are installed.

They are not among the wheels on PyPI; every ROS installation has them. The links below the base
are robot_state_publisher's business. The name is relative: a robot is a namespace, and its frames
are not mixed with those of another. A viewer of one in a namespace remaps `/tf` to `tf`.
"""

from typing import Any

from geometry_msgs.msg import TransformStamped
from robot_policies.core.data_types import Odometry
from robot_policies.ros.codecs.header import fill_header
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.topics import EVENTS, Topic

try:
    from tf2_msgs.msg import TFMessage
except ImportError:
    TFMessage = None


class BaseTransform:
    """Publishes odometry frame -> base frame."""

    def __init__(self, node: ManagedNode, odometry_frame: str, base_frame: str) -> None:
        """Prepare; without tf2's messages nothing will be published.

        Args:
            node: Who publishes.
            odometry_frame: Parent.
            base_frame: Child.
        """
        self._frames = odometry_frame, base_frame
        self._publisher: Any = None
        if TFMessage is not None:
            self._publisher = node.publisher(Topic('tf', TFMessage, EVENTS))

    @property
    def available(self) -> bool:
        """True if transforms can be published here."""
        return self._publisher is not None

    def publish(self, odometry: Odometry) -> None:
        """Publish where the base is."""
        if self._publisher is None:
            return
        transform = TransformStamped()
        fill_header(transform, odometry.stamp_ns, self._frames[0])
        transform.child_frame_id = self._frames[1]
        shift, turn = transform.transform.translation, transform.transform.rotation
        shift.x, shift.y, shift.z = odometry.position.tolist()
        turn.x, turn.y, turn.z, turn.w = odometry.orientation.tolist()
        self._publisher.publish(TFMessage(transforms=[transform]))
