# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Receives the images of `image_source` and prints which came, and how late, as JSON."""

import argparse
from collections.abc import Sequence
import json
import sys
import time
from typing import Any

import rclpy
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.codecs.images import image_from_msg
from robot_policies.ros.probes.image_source import CAMERA, quality
from robot_policies.ros.topics import camera_image

_SETTLE_S = 1.0


def main(args: Sequence[str] | None = None) -> int:
    """Receive for a while; an image counts when its pixels are an array."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--seconds', type=float, default=10.0)
    parser.add_argument('--reliable', action='store_true')
    options = parser.parse_args(args)
    rclpy.init(args=[])
    node = rclpy.create_node('image_sink')
    topic = camera_image(CAMERA)
    arrived: list[tuple[int, float]] = []

    def receive(message: Any) -> None:  # noqa: ANN401
        image_from_msg(message)
        age_ns = time.time_ns() - stamp_ns(message)
        arrived.append((int(message.header.frame_id), age_ns / 1e6))

    node.create_subscription(topic.type, topic.name, receive, quality(options.reliable))
    _spin(node, lambda: bool(node.count_publishers(topic.name)), 20.0)
    _spin(node, lambda: False, _SETTLE_S)
    arrived.clear()
    _spin(node, lambda: False, options.seconds)
    numbers = [number for number, _ in arrived]
    expected = max(numbers) - min(numbers) + 1 if numbers else 0
    ages_ms = [age for _, age in arrived]
    answer = {'received': len(set(numbers)), 'expected': expected, 'ages_ms': ages_ms}
    print(json.dumps(answer))  # noqa: T201 - its answer
    return 0


def _spin(node: Any, until: Any, seconds: float) -> None:  # noqa: ANN401
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        rclpy.spin_once(node, timeout_sec=0.05)


if __name__ == '__main__':
    sys.exit(main())
