# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The least that a node can do between two topics: hand each message on, unchanged.

What the suite's nodes add to the latency of bare rclpy is measured against this.
"""

import argparse
from collections.abc import Sequence
from contextlib import suppress
import sys

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import JointState


def main(args: Sequence[str] | None = None) -> int:
    """Relay until interrupted."""
    options = _parse(args)
    rclpy.init(args=[])
    node = rclpy.create_node(f'relay_{options.target.replace("/", "_")}')
    reliability = ReliabilityPolicy.BEST_EFFORT if options.sensor else ReliabilityPolicy.RELIABLE
    publisher = node.create_publisher(JointState, options.target, 1)
    latest: list[JointState] = []

    def keep(message: JointState) -> None:
        latest[:] = [message]

    def publish() -> None:
        if latest:
            publisher.publish(latest[0])

    callback = keep if options.rate else publisher.publish
    qos = QoSProfile(depth=1, reliability=reliability)
    node.create_subscription(JointState, options.source, callback, qos)
    if options.rate:
        node.create_timer(1.0 / options.rate, publish)
    with suppress(KeyboardInterrupt, ExternalShutdownException):
        rclpy.spin(node)
    return 0


def _parse(args: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('source')
    parser.add_argument('target')
    parser.add_argument('--rate', type=float, default=0.0, help='own clock, Hz; 0: on arrival')
    parser.add_argument('--sensor', action='store_true', help='the source is best effort')
    return parser.parse_args(args)


if __name__ == '__main__':
    sys.exit(main())
