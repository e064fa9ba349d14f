# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""std_msgs/Header: stamps as integer nanoseconds."""

from typing import Any

NS = 1_000_000_000


def stamp_ns(message: Any) -> int:  # noqa: ANN401
    """Return the stamp of a message with a header, in ns."""
    stamp = message.header.stamp
    return int(stamp.sec) * NS + int(stamp.nanosec)


def fill_header(message: Any, stamp: int, frame: str = '') -> None:  # noqa: ANN401
    """Set the stamp (ns) and the frame of a message with a header."""
    message.header.stamp.sec, message.header.stamp.nanosec = divmod(stamp, NS)
    message.header.frame_id = frame


def fill_duration(duration: Any, nanoseconds: int) -> None:  # noqa: ANN401
    """Set a builtin_interfaces/Duration or Time."""
    duration.sec, duration.nanosec = divmod(nanoseconds, NS)


def duration_ns(duration: Any) -> int:  # noqa: ANN401
    """Return a builtin_interfaces/Duration or Time in ns."""
    return int(duration.sec) * NS + int(duration.nanosec)
