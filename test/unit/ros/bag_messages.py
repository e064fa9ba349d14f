# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Real ROS messages without ROS: made, serialised and read by the rosbags package."""

from array import array
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from rosbags.typesys import get_typestore, Stores

STORE = get_typestore(Stores.ROS2_JAZZY)
_NUMPY = {
    'octet': np.uint8,
    'bool': np.bool_,
    'uint8': np.uint8,
    'float32': np.float32,
    'float64': np.float64,
    'int32': np.int32,
    'uint16': np.uint16,
    'uint32': np.uint32,
}


def make(name: str) -> Any:
    """Return an empty message, e.g. of `sensor_msgs/msg/Imu`."""
    values = []
    for _, (kind, description) in STORE.fielddefs[name][1]:
        values.append(_empty(int(kind), description))
    return STORE.types[name](*values)


def through(message: Any) -> Any:
    """Return what arrives of a message that is sent."""
    name = message.__msgtype__
    return STORE.deserialize_cdr(STORE.serialize_cdr(_as_numpy(message), name), name)


def _empty(kind: int, description: Any) -> Any:
    if kind == 1:  # a basic type
        base = description[0]
        return '' if base == 'string' else (0.0 if base.startswith('float') else 0)
    if kind == 2:  # a message
        return make(description)
    (element_kind, element), length = description
    base = element[0] if int(element_kind) == 1 else None
    if base in _NUMPY:
        return np.zeros(length if kind == 3 else 0, dtype=_NUMPY[base])
    return []


def _as_numpy(message: Any) -> Any:
    for item in fields(message):
        value = getattr(message, item.name)
        is_numbers = isinstance(value, list) and value and isinstance(value[0], float)
        if isinstance(value, array) or is_numbers:
            setattr(message, item.name, np.array(value))
        elif isinstance(value, list):
            for element in value:
                if is_dataclass(element):
                    _as_numpy(element)
        elif is_dataclass(value):
            _as_numpy(value)
    return message
