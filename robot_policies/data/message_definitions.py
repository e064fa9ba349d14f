# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The text that describes a message type, as viewers need it inside a recording."""

from functools import cache
import os
from pathlib import Path
import sys

from robot_policies.core.errors import RobotPoliciesError
from rosbags.typesys import get_types_from_msg, get_typestore, Stores
from rosbags.typesys.store import Typestore


class UnknownMessageTypeError(RobotPoliciesError):
    """A message type is neither a standard one nor installed."""


@cache
def typestore() -> Typestore:
    """Return the store of Jazzy's standard messages, which grows by what is looked up."""
    return get_typestore(Stores.ROS2_JAZZY)


@cache
def definition(type_name: str) -> str:
    """Return the full `.msg` text of a type, with all types that it contains.

    Args:
        type_name: E.g. `sensor_msgs/msg/Image`.

    Raises:
        UnknownMessageTypeError: It is neither standard nor installed.
    """
    _ensure(type_name)
    text, _ = typestore().generate_msgdef(type_name)
    return text


@cache
def type_hash(type_name: str) -> str:
    """Return the RIHS01 hash that ROS 2 uses to compare types.

    Raises:
        UnknownMessageTypeError: See `definition`.
    """
    _ensure(type_name)
    return typestore().hash_rihs01(type_name)


def learn(type_name: str, text: str) -> None:
    """Add a type by the text that a recording holds, unless it is known."""
    if type_name not in typestore().fielddefs:
        typestore().register(get_types_from_msg(text, type_name))


def has_header(type_name: str) -> bool:
    """Return whether a known type begins with a std_msgs/Header, and so with a stamp."""
    fields = typestore().fielddefs[type_name][1]
    return bool(fields) and fields[0][0] == 'header'


def _ensure(type_name: str) -> None:
    if type_name in typestore().fielddefs:
        return
    found = get_types_from_msg(_installed_text(type_name), type_name)
    for _, fields in found.values():
        for _, (_, argument) in fields:
            for needed in _names_in(argument):
                _ensure(needed)
    typestore().register(found)


def _names_in(argument: object) -> list[str]:
    """Return the message types in a field's description, e.g. the element type of an array."""
    if isinstance(argument, str):
        return [argument] if '/msg/' in argument else []
    if isinstance(argument, tuple):
        return [name for item in argument for name in _names_in(item)]
    return []


def _installed_text(type_name: str) -> str:
    package, _, name = type_name.partition('/msg/')
    prefixes = [p for p in os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep) if p]
    for prefix in (*prefixes, sys.prefix):
        path = Path(prefix) / 'share' / package / 'msg' / f'{name}.msg'
        if path.is_file():
            return path.read_text(encoding='utf-8')
    raise UnknownMessageTypeError(
        f'message type {type_name!r}: not a standard one, and {package}/msg/{name}.msg is not '
        'installed below any AMENT_PREFIX_PATH'
    )
