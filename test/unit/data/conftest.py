# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Messages to record, made without ROS."""

from collections.abc import Callable

import numpy as np
import pytest
from robot_policies.data.message_definitions import typestore

JOINT_STATE = 'sensor_msgs/msg/JointState'
STRING = 'std_msgs/msg/String'
NS = 1_000_000_000


@pytest.fixture
def joint_state() -> Callable[[int], bytes]:
    """Return `make(stamp_ns)`, a serialised joint state whose positions are its stamp in s."""
    types = typestore().types

    def make(stamp_ns: int) -> bytes:
        stamp = types['builtin_interfaces/msg/Time'](stamp_ns // NS, stamp_ns % NS)
        values = np.full(3, stamp_ns / NS)
        message = types[JOINT_STATE](
            header=types['std_msgs/msg/Header'](stamp=stamp, frame_id='base'),
            name=['a', 'b', 'c'],
            position=values,
            velocity=values,
            effort=values,
        )
        return bytes(typestore().serialize_cdr(message, JOINT_STATE))

    return make
