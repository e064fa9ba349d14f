# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the simulator node publishes."""

from collections.abc import Iterable
import json
from typing import Any

from geometry_msgs.msg import Point
from robot_policies.core.data_types import Image, Scan
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_to_msg, odometry_to_msg
from robot_policies.ros.codecs.header import fill_header
from robot_policies.ros.codecs.images import camera_info_to_msg, image_to_msg
from robot_policies.ros.codecs.joints import joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.tracing import RobotTrace
from robot_policies.sim.referee import Event
from robot_policies.sim.shapes import Shape, shapes_of
from robot_policies.sim.simulator import Simulator
from robot_policies.sim.world import World
from visualization_msgs.msg import Marker, MarkerArray

ODOM_FRAME = 'odom'
WORLD_FRAME = 'world'
_MARKER_TYPES = {
    'box': Marker.CUBE,
    'ball': Marker.SPHERE,
    'cylinder': Marker.CYLINDER,
    'mesh': Marker.TRIANGLE_LIST,
}


class SimOutputs:
    """The publishers of a simulated robot; image and scan may come from another thread."""

    def __init__(self, node: ManagedNode) -> None:
        self._robot = node.robot
        self.trace = RobotTrace(node)
        self._base = node.robot.body.base_frame
        self._joint_map = node.robot.joint_map()
        self._joints = node.publisher(topics.JOINT_STATES)
        self._imu = node.publisher(topics.IMU)
        self._odom = node.publisher(topics.ODOM)
        self._truth = node.publisher(topics.SIM_GROUND_TRUTH)
        self._clock = node.publisher(topics.CLOCK)
        self._contacts = node.publisher(topics.SIM_CONTACTS)
        self._objects = node.publisher(topics.SIM_OBJECTS)
        self._scan = node.publisher(topics.SCAN)
        self._cameras = {
            camera.name: (
                node.publisher(topics.camera_image(camera.name)),
                node.publisher(topics.camera_info(camera.name)),
            )
            for camera in node.robot.cameras
        }

    def clock(self, stamp_ns: int) -> None:
        """Publish the time."""
        message = topics.CLOCK.type()
        message.clock.sec, message.clock.nanosec = divmod(stamp_ns, 1_000_000_000)
        self._clock.publish(message)

    def proprioception(self, simulator: Simulator, stamp_ns: int) -> None:
        """Publish joint states and IMU."""
        joints = simulator.joint_state(stamp_ns)
        message = topics.JOINT_STATES.type()
        self._joints.publish(joint_state_to_msg(joints, self._joint_map, message))
        self.trace.measured(topics.JOINT_STATES.name, stamp_ns)
        imu = simulator.imu(stamp_ns)
        self._imu.publish(imu_to_msg(imu, self._base, topics.IMU.type()))

    def pose(self, simulator: Simulator, stamp_ns: int) -> None:
        """Publish odometry, and the truth beside it."""
        value = simulator.odometry(stamp_ns)
        self._odom.publish(odometry_to_msg(value, ODOM_FRAME, self._base, topics.ODOM.type()))
        truth = simulator.ground_truth(stamp_ns)
        message = topics.SIM_GROUND_TRUTH.type()
        self._truth.publish(odometry_to_msg(truth, WORLD_FRAME, self._base, message))

    def scan(self, value: Scan) -> None:
        """Publish a scan; its frame is the base's, whose x and y axes it has."""
        self._scan.publish(scan_to_msg(value, self._base, topics.SCAN.type()))
        self.trace.measured(topics.SCAN.name, value.stamp_ns)

    def image(self, camera: str, value: Image) -> None:
        """Publish an image and the calibration that belongs to it."""
        images, infos = self._cameras[camera]
        frame = f'camera_{camera}'
        images.publish(image_to_msg(value, frame, images.msg_type()))
        self.trace.measured(topics.camera_image(camera).name, value.stamp_ns)
        spec = self._robot.camera(camera)
        infos.publish(camera_info_to_msg(spec, value.stamp_ns, frame, infos.msg_type()))

    def events(self, events: Iterable[Event]) -> None:
        """Publish falls and collisions, one message each."""
        for event in events:
            self.tell(event=event.kind, detail=event.detail)

    def tell(self, **content: Any) -> None:  # noqa: ANN401
        """Publish something about falls and collisions as JSON."""
        self._contacts.publish(topics.SIM_CONTACTS.type(data=json.dumps(content)))

    def world(self, world: World, stamp_ns: int) -> None:
        """Publish what stands in the world, in the place of what stood there before."""
        clear = Marker(action=Marker.DELETEALL)
        fill_header(clear, stamp_ns, ODOM_FRAME)
        shapes = enumerate(shapes_of(world))
        markers = [_marker(shape, index, stamp_ns) for index, shape in shapes]
        self._objects.publish(MarkerArray(markers=[clear, *markers]))


def _marker(shape: Shape, index: int, stamp_ns: int) -> Marker:
    marker = Marker(ns=shape.name, id=index, type=_MARKER_TYPES[shape.kind], action=Marker.ADD)
    fill_header(marker, stamp_ns, ODOM_FRAME)
    at, turned = marker.pose.position, marker.pose.orientation
    at.x, at.y, at.z = shape.position
    turned.x, turned.y, turned.z, turned.w = shape.orientation
    marker.scale.x, marker.scale.y, marker.scale.z = shape.extents
    marker.color.r, marker.color.g, marker.color.b = shape.colour
    marker.color.a = 1.0
    marker.points = [Point(x=x, y=y, z=z) for x, y, z in shape.triangles]
    return marker
