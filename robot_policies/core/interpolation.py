# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Values between two measurements: linear, and along the sphere for orientations."""

from dataclasses import fields
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Imu, JointState, Odometry
from robot_policies.core.rotations import slerp

INTERPOLATED = (JointState, Odometry, Imu)
"""Types whose values in between mean something; that of two images or two scans does not."""
_ORIENTATION = 'orientation'


def between(before: Any, after: Any, instant_ns: int) -> Any:  # noqa: ANN401
    """Return the value at an instant between two measurements, stamped with it.

    Args:
        before: A value of one of `INTERPOLATED`.
        after: A later value of the same type.
        instant_ns: At or between their stamps; nothing is ever extrapolated.

    Raises:
        ValueError: The instant is outside, or the values are of no such type.
    """
    if type(before) is not type(after) or not isinstance(before, INTERPOLATED):
        raise ValueError(f'{type(before).__name__}, {type(after).__name__}: nothing in between')
    if not before.stamp_ns <= instant_ns <= after.stamp_ns:
        raise ValueError(
            f'{instant_ns} is not between {before.stamp_ns} and {after.stamp_ns}: '
            'nothing is extrapolated'
        )
    span_ns = after.stamp_ns - before.stamp_ns
    share = (instant_ns - before.stamp_ns) / span_ns if span_ns else 0.0
    values = {
        field.name: _mix(
            field.name, getattr(before, field.name), getattr(after, field.name), share
        )
        for field in fields(before)
        if field.name != 'stamp_ns'
    }
    return type(before)(stamp_ns=instant_ns, **values)


def _mix(name: str, before: FloatArray, after: FloatArray, share: float) -> FloatArray:
    if name == _ORIENTATION:
        return slerp(before, after, share)
    return np.asarray((1.0 - share) * before + share * after)
