# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Publishes camera images of a given size until it is interrupted."""

import argparse
from collections.abc import Sequence
from contextlib import suppress
import sys
import time

import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.qos import QoSProfile, ReliabilityPolicy
from robot_policies.core.data_types import Image
from robot_policies.ros.codecs.images import image_to_msg
from robot_policies.ros.topics import camera_image

CAMERA = 'probe'


def quality(reliable: bool) -> QoSProfile:
    """Return the QoS of both ends."""
    chosen = ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT
    return QoSProfile(depth=1, reliability=chosen)


def main(args: Sequence[str] | None = None) -> int:
    """Publish until interrupted; the frame id counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--width', type=int, default=640)
    parser.add_argument('--height', type=int, default=480)
    parser.add_argument('--rate', type=float, default=15.0)
    parser.add_argument('--reliable', action='store_true')
    options = parser.parse_args(args)
    rclpy.init(args=[])
    node = rclpy.create_node('image_source')
    topic = camera_image(CAMERA)
    publisher = node.create_publisher(topic.type, topic.name, quality(options.reliable))
    shape = (options.height, options.width, 3)
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    count = 0

    def publish() -> None:
        nonlocal count
        if not publisher.get_subscription_count():
            return
        image = Image(time.time_ns(), pixels)
        publisher.publish(image_to_msg(image, str(count), topic.type()))
        count += 1

    node.create_timer(1.0 / options.rate, publish)
    with suppress(KeyboardInterrupt, ExternalShutdownException):
        rclpy.spin(node)
    return 0


if __name__ == '__main__':
    sys.exit(main())
