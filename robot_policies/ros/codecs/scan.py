# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""sensor_msgs/LaserScan."""

from array import array
import math
from typing import Any

import numpy as np
from robot_policies.core.data_types import Scan
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import fill_header, stamp_ns


def scan_from_msg(message: Any) -> Scan:  # noqa: ANN401
    """Read a scan.

    Ranges pass as they are, with REP 117's meaning: +inf nothing was hit, -inf too near to
    measure, NaN no measurement. None of them is free space without thought.

    Raises:
        CodecError: No ranges, or angles and limits that make no sense.
    """
    if not len(message.ranges):
        raise CodecError('a scan without ranges')
    angles = (message.angle_min, message.angle_increment)
    if not all(map(math.isfinite, angles)) or not message.angle_increment:
        raise CodecError(f'angle_min {angles[0]}, angle_increment {angles[1]}')
    if not 0.0 <= message.range_min < message.range_max:
        raise CodecError(f'range_min {message.range_min}, range_max {message.range_max}')
    return Scan(
        stamp_ns(message),
        float(message.angle_min),
        float(message.angle_increment),
        float(message.range_min),
        float(message.range_max),
        np.asarray(message.ranges, dtype=np.float64),
    )


def scan_to_msg(value: Scan, frame: str, message: Any) -> Any:  # noqa: ANN401
    """Fill a LaserScan, and return it."""
    fill_header(message, value.stamp_ns, frame)
    message.angle_min = value.angle_min_rad
    message.angle_increment = value.angle_increment_rad
    message.angle_max = value.angle_min_rad + value.angle_increment_rad * (len(value.ranges) - 1)
    message.range_min = value.range_min_m
    message.range_max = value.range_max_m
    ranges = array('f')
    ranges.frombytes(value.ranges.astype(np.float32).tobytes())
    message.ranges = ranges
    return message
