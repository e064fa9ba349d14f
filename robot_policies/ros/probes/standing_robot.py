# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot that stands, whatever it is commanded, and notes how old each command is.

Publishes joint states, IMU, odometry and scan of a robot in its default pose. For each joint
state that a `joint_command` rests on, the age of the first such command on its arrival is noted,
by the middleware's own time of arrival. Prints one line of JSON.
"""

import argparse
from collections.abc import Sequence
import json
import sys
import time
from typing import Any

import numpy as np
import rclpy
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from robot_policies.core.data_types import Imu, JointState, Odometry, Scan, VelocityCommand
from robot_policies.core.robot import RobotSpec, ScanSpec
from robot_policies.resources import load_robot
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_to_msg, odometry_to_msg, velocity_to_msg
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.codecs.joints import joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg
from robot_policies.ros.loops import ControlLoop
from robot_policies.ros.raw_tap import RawTap, type_name_of

RATE_HZ = 200.0
_SLOW_EVERY = 4
_SCAN_EVERY = 13
_UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])
_DRAIN_S = 0.1


class StandingRobot:
    """Publishes what a standing robot measures."""

    def __init__(self, node: Node, robot: RobotSpec) -> None:
        self._node, self._robot = node, robot
        self._joint_map = robot.joint_map()
        self._tick = 0
        self.stamps: set[int] = set()
        self._publishers = {
            topic.name: node.create_publisher(topic.type, topic.name, topic.qos)
            for topic in (
                topics.JOINT_STATES,
                topics.IMU,
                topics.ODOM,
                topics.SCAN,
                topics.POLICY_CMD_VEL,
            )
        }

    def step(self) -> None:
        """Publish what is due; joint states last, so that all else is there when they arrive."""
        now_ns = time.time_ns()
        zeros = np.zeros(3)
        if self._tick % _SLOW_EVERY == 0:
            at = np.array([0.0, 0.0, self._robot.body.standing_height_m])
            odometry = Odometry(now_ns, at, _UPRIGHT, zeros, zeros)
            self._publish(topics.ODOM, lambda m: odometry_to_msg(odometry, 'odom', 'base', m))
            standing = VelocityCommand(now_ns)
            self._publish(topics.POLICY_CMD_VEL, lambda m: velocity_to_msg(standing, 'base', m))
        if self._tick % _SCAN_EVERY == 0 and self._robot.scan is not None:
            scan = _empty_room(self._robot.scan, now_ns)
            self._publish(topics.SCAN, lambda m: scan_to_msg(scan, 'base', m))
        self._tick += 1
        gravity = np.array([0.0, 0.0, 9.81])
        imu = Imu(now_ns, _UPRIGHT, zeros, gravity)
        self._publish(topics.IMU, lambda m: imu_to_msg(imu, 'base', m))
        still = np.zeros(len(self._robot.joints))
        now_ns = time.time_ns()
        joints = JointState(now_ns, self._robot.default_pose, still, still)
        self.stamps.add(now_ns)
        self._publish(
            topics.JOINT_STATES, lambda m: joint_state_to_msg(joints, self._joint_map, m)
        )

    def _publish(self, topic: topics.Topic, fill: Any) -> None:  # noqa: ANN401
        self._publishers[topic.name].publish(fill(topic.type()))


def _empty_room(spec: ScanSpec, now_ns: int) -> Scan:
    step = 2.0 * np.pi / spec.rays
    ranges = np.full(spec.rays, 0.9 * spec.range_max_m)
    return Scan(now_ns, -np.pi, step, spec.range_min_m, spec.range_max_m, ranges)


def ages_ns(tap: RawTap, stamps: set[int], seen: set[int]) -> list[int]:
    """Return the age of each command that rests on a joint state for the first time.

    Commands without a position do not count: that is the supervisor damping on its own account.
    """
    ages = []
    for message in tap.drain():
        command = deserialize_message(message.data, topics.JOINT_COMMAND.type)
        stamp = stamp_ns(command)
        if len(command.position) and stamp in stamps and stamp not in seen:
            seen.add(stamp)
            ages.append(message.received_ns - stamp)
    return ages


def main(args: Sequence[str] | None = None) -> int:
    """Stand for a while and print the ages in ms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--robot', default='go2')
    parser.add_argument('--settle', type=float, default=3.0, help='s that do not count')
    parser.add_argument('--seconds', type=float, default=10.0)
    options = parser.parse_args(args)
    rclpy.init(args=[])
    node = rclpy.create_node('standing_robot')
    robot = StandingRobot(node, load_robot(options.robot))
    command = topics.JOINT_COMMAND
    tap = RawTap(node, command.name, type_name_of(command.type), command.qos)
    loop = ControlLoop('robot', RATE_HZ, robot.step)
    loop.start()
    seen: set[int] = set()
    ages: list[int] = []
    begin = time.monotonic() + options.settle
    while time.monotonic() < begin + options.seconds:
        time.sleep(_DRAIN_S)
        new = ages_ns(tap, robot.stamps, seen)
        if time.monotonic() > begin:
            ages += new
    loop.stop()
    print(json.dumps({'ages_ms': [age / 1e6 for age in ages]}))  # noqa: T201 - its answer
    return 0


if __name__ == '__main__':
    sys.exit(main())
