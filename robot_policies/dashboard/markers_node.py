# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Say for rviz2 what the page shows: description, chunk, stop and slow zone, the policy's words.

Started beside rviz2 with `config/rviz/go2.rviz`; nothing else needs it. robot_state_publisher
turns the description and `joint_states` into the transforms of the links.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import re
import sys
from typing import Any

import numpy as np
from robot_policies import resources
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Missing, Odometry
from robot_policies.core.params import param
from robot_policies.core.statistics import NS
from robot_policies.dashboard import geometry
from robot_policies.dashboard.mesh_files import mesh_file
from robot_policies.dashboard.zones import SafetyZones
from robot_policies.ros import markers, topics
from robot_policies.ros.codecs.base import odometry_from_msg
from robot_policies.ros.codecs.chunks import chunk_from_msg
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.run import run_node
from robot_policies.ros.transforms import BaseTransform

_PATH, _STOP, _SLOW = (0.25, 0.86, 0.55), (0.98, 0.32, 0.32), (0.98, 0.69, 0.02)
_WORDS = (0.95, 0.95, 0.95)
_WORDS_ABOVE_M = 0.45
_CHUNK_FRESH_NS = 3 * NS


@dataclass(frozen=True, kw_only=True)
class MarkersConfig(NodeConfig):
    """What is published for viewers."""

    rate_hz: float = param(15.0, doc='Markers and transform.', unit='Hz', low=0.5, high=100.0)
    odometry_frame: str = param('odom', doc='Frame of the odometry.')


class MarkersNode(ManagedNode):
    """Publishes `robot_description`, `markers` and, where tf2 is installed, the base on `tf`."""

    default_name = 'markers'
    config_class = MarkersConfig
    config: MarkersConfig

    def _setup(self) -> None:
        body = self.robot.body
        self._odometry = self.latest(topics.ODOM, odometry_from_msg)
        self._chunk = self.latest(topics.POLICY_CHUNK, chunk_from_msg)
        self._words = ''
        self.listen(topics.POLICY_STATUS, self._on_policy)
        self._zones = SafetyZones(self)
        self._poses = geometry.PoseHistory()
        self._markers = self.publisher(topics.MARKERS)
        self._description = self.publisher(topics.ROBOT_DESCRIPTION)
        self._transform = BaseTransform(self, self.config.odometry_frame, body.base_frame)
        self.every(self.config.rate_hz, self._step, 'markers')

    def _start(self) -> None:
        urdf = resources.description_path(self.robot)
        text = urdf.read_text(encoding='utf-8')
        # rviz2 finds package:// only in ROS packages, and the description may come from a wheel
        with_files = re.sub(
            r'package://[^"\']+', lambda found: f'file://{mesh_file(urdf, found[0])}', text
        )
        self._description.publish(topics.ROBOT_DESCRIPTION.type(data=with_files))
        if not self._transform.available:
            self.get_logger().info('tf2_msgs is not installed: markers without transforms')

    def _on_policy(self, message: Any) -> None:  # noqa: ANN401
        self._words = message.message

    def _step(self) -> None:
        now_ns = self.now_ns()
        pose = self._odometry.take(now_ns, NS)
        if isinstance(pose, Missing):
            return
        self._poses.add(pose)
        self._transform.publish(pose)
        shown = [self._path(now_ns), *self._zone_lines(pose), self._sentence(pose)]
        self._markers.publish(topics.MARKERS.type(markers=shown))

    def _path(self, now_ns: int) -> Any:  # noqa: ANN401
        chunk = self._chunk.take(now_ns, _CHUNK_FRESH_NS)
        start = None if isinstance(chunk, Missing) else self._poses.at(chunk.stamp_ns)
        points: FloatArray = np.zeros((0, 3))
        if start is not None and not isinstance(chunk, Missing):
            points = geometry.at_height(geometry.chunk_path(chunk, start), 0.02)
        frame = self.config.odometry_frame
        return markers.line('chunk', frame, now_ns, points, _PATH, 0.03)

    def _zone_lines(self, pose: Odometry) -> list[Any]:
        body = self.robot.body
        distances = self._zones.distances()
        if distances is None:
            return []
        ground_m = 0.01 - float(pose.position[2])
        outlines = [geometry.zone_outline(body, distance) for distance in distances]
        stop, slow = (geometry.at_height(outline, ground_m) for outline in outlines)
        frame, stamp_ns = body.base_frame, pose.stamp_ns
        return [
            markers.line('stop', frame, stamp_ns, stop, _STOP, 0.015),
            markers.line('slow', frame, stamp_ns, slow, _SLOW, 0.015),
        ]

    def _sentence(self, pose: Odometry) -> Any:  # noqa: ANN401
        frame = self.robot.body.base_frame
        return markers.words('policy', frame, pose.stamp_ns, self._words, _WORDS_ABOVE_M, _WORDS)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(MarkersNode, args)


if __name__ == '__main__':
    sys.exit(main())
