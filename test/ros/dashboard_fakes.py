# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot made of messages: everything that the page shows, and ears for what it says."""

import math
import time

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from geometry_msgs.msg import Twist
import numpy as np
import rclpy
from rclpy.node import Node
from robot_policies import resources
from robot_policies.core.data_types import (
    ActionChunk,
    Image,
    JointState,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import odometry_to_msg, velocity_to_msg
from robot_policies.ros.codecs.chunks import chunk_to_msg
from robot_policies.ros.codecs.images import image_to_msg
from robot_policies.ros.codecs.joints import joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg
from robot_policies.ros.diagnostics import make_status
from trajectory_msgs.msg import MultiDOFJointTrajectoryPoint
from visualization_msgs.msg import Marker, MarkerArray

RATES_HZ = {
    'joints': 200.0,
    'odom': 50.0,
    'scan': 15.0,
    'image': 15.0,
    'chunk': 5.0,
    'status': 1.0,
}


class FakeRobot(Node):
    """Walks in a circle; notes what the page publishes and answers the reset service."""

    def __init__(self, **options: object) -> None:
        super().__init__('fake_robot', **options)
        self.robot = resources.load_robot('go2')
        self.joint_map = self.robot.joint_map()
        self.heard: dict[str, list] = {}
        self.safety = ('PASS', False, 'every check passes', '')
        self.policy = ('ACTING', 'walking to the red ball')
        self.reset_succeeds = True
        self.silent: set[str] = set()
        self.out = {
            t.name: self.create_publisher(t.type, t.name, t.qos)
            for t in (
                topics.JOINT_STATES,
                topics.ODOM,
                topics.SCAN,
                topics.CMD_VEL,
                topics.POLICY_CHUNK,
                topics.SAFETY_STATUS,
                topics.POLICY_STATUS,
                topics.DIAGNOSTICS,
                topics.SIM_OBJECTS,
                topics.camera_image('front'),
            )
        }
        for topic in (
            topics.INSTRUCTION,
            topics.SAFETY_ESTOP,
            topics.TELEOP_CMD_VEL,
            topics.SIM_PUSH,
        ):
            self._hear(topic)
        for service in (topics.SAFETY_RESET, topics.SIM_RESET):
            self._serve(service)
        for what, rate_hz in RATES_HZ.items():
            self.create_timer(1.0 / rate_hz, getattr(self, f'say_{what}'))
        self.say_status()
        self.say_objects()

    def _hear(self, topic: topics.Topic) -> None:
        messages = self.heard.setdefault(topic.name, [])
        self.create_subscription(
            topic.type, topic.name, lambda m: messages.append((time.monotonic(), m)), topic.qos
        )

    def _serve(self, service: topics.Service) -> None:
        calls = self.heard.setdefault(service.name, [])

        def answer(_request: object, response: object) -> object:
            calls.append((time.monotonic(), None))
            response.success = self.reset_succeeds
            response.message = 'standing up' if self.reset_succeeds else 'the robot still moves'
            return response

        self.create_service(service.type, service.name, answer)

    def _now(self) -> tuple[int, float]:
        now_ns = self.get_clock().now().nanoseconds
        return now_ns, now_ns % 10**12 * 1e-9

    def say_joints(self) -> None:
        now_ns, t = self._now()
        legs = np.repeat([0.0, math.pi, math.pi, 0.0], 3)
        pose = self.robot.default_pose + 0.2 * np.sin(10 * t + legs) * np.tile([0.1, 1, 1], 4)
        value = JointState(now_ns, pose, pose, pose)
        message = joint_state_to_msg(value, self.joint_map, topics.JOINT_STATES.type())
        self.out['joint_states'].publish(message)

    def say_odom(self) -> None:
        now_ns, t = self._now()
        angle = 0.25 * t
        position = np.array([math.sin(angle), 1 - math.cos(angle), 0.3])
        turned = np.array([0.0, 0.0, math.sin(angle / 2), math.cos(angle / 2)])
        speed = np.array([0.25 + 0.02 * math.sin(9 * t), 0.02 * math.sin(7 * t), 0.0])
        value = Odometry(now_ns, position, turned, speed, np.array([0, 0, 0.25]))
        self.out['odom'].publish(odometry_to_msg(value, 'odom', 'base', topics.ODOM.type()))
        command = VelocityCommand(now_ns, 0.25, 0.0, 0.25)
        self.out['cmd_vel'].publish(velocity_to_msg(command, 'base', topics.CMD_VEL.type()))

    def say_scan(self) -> None:
        now_ns, _ = self._now()
        ranges = 3.0 + 0.7 * np.sin(np.arange(360) * 0.05)
        ranges[40:60], ranges[200:240] = 0.6, np.inf
        value = Scan(now_ns, -math.pi, 2 * math.pi / 360, 0.05, 8.0, ranges)
        self.out['scan'].publish(scan_to_msg(value, 'base', topics.SCAN.type()))

    def say_image(self) -> None:
        now_ns, t = self._now()
        pixels = np.zeros((240, 320, 3), np.uint8)
        pixels[..., 0] = np.arange(320) // 2
        pixels[..., 1] = int(100 * t) % 255
        topic = topics.camera_image('front')
        self.out[topic.name].publish(image_to_msg(Image(now_ns, pixels), 'front', topic.type()))

    def say_chunk(self) -> None:
        if 'policy/chunk' in self.silent:
            return
        now_ns, _ = self._now()
        value = ActionChunk(now_ns, 100_000_000, np.tile([0.5, 0.0, 0.4], (16, 1)))
        topic = topics.POLICY_CHUNK
        message = chunk_to_msg(value, 'base', topic.type(), MultiDOFJointTrajectoryPoint, Twist)
        self.out[topic.name].publish(message)

    def say_status(self) -> None:
        severity, latched, reason, needs = self.safety
        values = {'severity': severity, 'latched': latched, 'reset_requires': needs}
        self.out['safety/status'].publish(
            make_status('safety', DiagnosticStatus.OK, reason, values)
        )
        status, words = self.policy
        values = {
            'status': status,
            'instruction': 'walk to the red ball',
            'checkpoint': 'go2_instruction',
            'inference_ms': 38.2,
        }
        self.out['policy/status'].publish(
            make_status('policy', DiagnosticStatus.OK, words, values)
        )
        array = DiagnosticArray()
        for name, values in (
            ('/sim', {'real_time_factor': 0.998, 'physics_p50_ms': 1.1}),
            ('/policy', {'inference_p50_ms': 38.1, 'inference_p99_ms': 44.0}),
            ('/locomotion', {'control_deadline_misses': 0, 'inference_p99_ms': 0.9}),
            ('/safety', {'tick_p99_ms': 0.42}),
            ('/dog2/policy', {}),
        ):
            array.status.append(make_status(name, DiagnosticStatus.OK, 'ok', values))
        self.out['/diagnostics'].publish(array)

    def say_objects(self) -> None:
        array = MarkerArray()
        for number, (name, kind, x, y, colour) in enumerate(
            (
                ('red ball', Marker.SPHERE, 2.5, 1.0, (0.9, 0.1, 0.1)),
                ('blue box', Marker.CUBE, 1.5, -1.5, (0.1, 0.2, 0.9)),
                ('green cylinder', Marker.CYLINDER, 3.0, -0.2, (0.1, 0.7, 0.2)),
            )
        ):
            marker = Marker(ns=name, id=number, type=kind)
            marker.pose.position.x, marker.pose.position.y, marker.pose.position.z = x, y, 0.25
            marker.scale.x = marker.scale.y = marker.scale.z = 0.5
            marker.color.r, marker.color.g, marker.color.b = colour
            marker.color.a = 1.0
            array.markers.append(marker)
        self.out['sim/objects'].publish(array)


if __name__ == '__main__':
    rclpy.init()
    rclpy.spin(FakeRobot())
