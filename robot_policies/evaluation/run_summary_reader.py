# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Read a recording into what `run_summary_data` holds."""

from collections.abc import Callable, Mapping
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from robot_policies.data.mcap_reader import read, read_metadata, RecordedMessage
from robot_policies.data.message_definitions import has_header
from robot_policies.data.topic_names import recorded_names
from robot_policies.evaluation.run_summary_data import (
    Marker,
    POSE,
    RunData,
    Said,
    Scans,
    Series,
    Status,
    Timing,
)


def read_run(path: Path) -> RunData:
    """Read a recording; of one that was cut short, what is whole.

    Args:
        path: The MCAP.
    """
    metadata = read_metadata(path)
    collector = _Collector(metadata)
    for message in read(path):
        collector.add(message)
    return collector.result(metadata)


class _Collector:
    """Sorts messages into what `RunData` holds, decoding only what it needs."""

    JOINT_PERIOD_NS = 40_000_000

    def __init__(self, metadata: Mapping[str, str]) -> None:
        self._name_of = recorded_names(metadata)
        self._times: dict[str, list[tuple[int, int, int]]] = {}
        self._rows: dict[str, list[tuple[int, list[float]]]] = {}
        self._ranges: list[tuple[int, Any]] = []
        self._angles = np.zeros(0)
        self._said: list[Said] = []
        self._statuses: dict[str, list[Status]] = {}
        self._contacts: list[dict[str, Any]] = []
        self._markers: tuple[Marker, ...] = ()
        self._joint_names: tuple[str, ...] = ()
        self._next_joints_ns = 0
        self._handlers: dict[str, Callable[[int, Any], None]] = {
            'odom': lambda t, m: self._row('odom', t, _motion(m)),
            'sim/ground_truth': lambda t, m: self._row('truth', t, _motion(m)),
            'cmd_vel': lambda t, m: self._row('command', t, _velocity(m.twist)),
            'instruction': lambda t, m: self._said.append(Said(t, m.data.strip())),
            'policy/status': lambda t, m: self._status('policy', t, m),
            'safety/status': lambda t, m: self._status('safety', t, m),
            '/diagnostics': self._on_diagnostics,
            'sim/contacts': self._on_contacts,
            'sim/objects': self._on_markers,
            'scan': self._on_scan,
        }

    def add(self, message: RecordedMessage) -> None:
        """Note one message."""
        name = self._name_of(message.topic)
        stamp = message.stamp_ns if has_header(message.type_name) else -1
        self._times.setdefault(name, []).append((message.log_ns, message.publish_ns, stamp))
        if name in self._handlers:
            self._handlers[name](message.log_ns, message.decode())
        elif name == 'joint_states' and message.log_ns >= self._next_joints_ns:
            self._next_joints_ns = message.log_ns + self.JOINT_PERIOD_NS
            decoded = message.decode()
            self._joint_names = tuple(decoded.name)
            self._row('joints', message.log_ns, list(decoded.position))

    def result(self, metadata: Mapping[str, str]) -> RunData:
        """Return everything noted."""
        times = [row[0] for rows in self._times.values() for row in rows]
        is_truth = 'truth' in self._rows
        return RunData(
            metadata=metadata,
            start_ns=min(times, default=0),
            end_ns=max(times, default=0),
            timing={name: _timing(rows) for name, rows in sorted(self._times.items())},
            motion=self._series('truth' if is_truth else 'odom', len(POSE)),
            is_truth=is_truth,
            command=self._series('command', 3),
            instructions=tuple(self._said),
            policy=tuple(self._statuses.get('policy', ())),
            safety=tuple(self._statuses.get('safety', ())),
            diagnostics=tuple(self._statuses.get('diagnostics', ())),
            contacts=tuple(self._contacts),
            markers=self._markers,
            scans=self._scans(),
            joints=self._series('joints', len(self._joint_names)),
            joint_names=self._joint_names,
        )

    def _row(self, key: str, time_ns: int, values: list[float]) -> None:
        self._rows.setdefault(key, []).append((time_ns, values))

    def _series(self, key: str, columns: int) -> Series:
        rows = self._rows.get(key, [])
        times = np.array([time_ns for time_ns, _ in rows], dtype=np.int64)
        values = np.array([values for _, values in rows], dtype=np.float64)
        return Series(times, values.reshape(len(rows), columns))

    def _status(self, key: str, time_ns: int, message: Any) -> None:  # noqa: ANN401
        values = {item.key: item.value for item in message.values}
        status = Status(time_ns, message.name, int(message.level), message.message, values)
        self._statuses.setdefault(key, []).append(status)

    def _on_diagnostics(self, time_ns: int, message: Any) -> None:  # noqa: ANN401
        for status in message.status:
            self._status('diagnostics', time_ns, status)

    def _on_contacts(self, time_ns: int, message: Any) -> None:  # noqa: ANN401
        content = json.loads(message.data)
        for event in content if isinstance(content, list) else [content]:
            self._contacts.append({**event, 'time_ns': time_ns})

    def _on_markers(self, _time_ns: int, message: Any) -> None:  # noqa: ANN401
        self._markers = tuple(_marker(m) for m in message.markers if int(m.action) == 0)

    def _on_scan(self, time_ns: int, message: Any) -> None:  # noqa: ANN401
        ranges = np.asarray(message.ranges, dtype=np.float64)
        bad = ~((ranges >= message.range_min) & (ranges <= message.range_max))
        self._ranges.append((time_ns, np.where(bad, np.inf, ranges)))
        self._angles = message.angle_min + message.angle_increment * np.arange(len(ranges))

    def _scans(self) -> Scans | None:
        rows = [(t, ranges) for t, ranges in self._ranges if len(ranges) == len(self._angles)]
        if not rows:
            return None
        times = np.array([t for t, _ in rows], dtype=np.int64)
        return Scans(times, self._angles, np.stack([ranges for _, ranges in rows]))


def _timing(rows: list[tuple[int, int, int]]) -> Timing:
    table = np.array(rows, dtype=np.int64)
    has_stamps = bool((table[:, 2] >= 0).all())
    return Timing(table[:, 0], table[:, 1], table[:, 2] if has_stamps else table[:0, 2])


def _motion(message: Any) -> list[float]:  # noqa: ANN401
    pose, twist = message.pose.pose, message.twist.twist
    at, turned = pose.position, pose.orientation
    quaternion = [turned.x, turned.y, turned.z, turned.w]
    return [at.x, at.y, at.z, yaw_of(turned), *_velocity(twist), *quaternion]


def _velocity(twist: Any) -> list[float]:  # noqa: ANN401
    return [twist.linear.x, twist.linear.y, twist.angular.z]


def yaw_of(q: Any) -> float:  # noqa: ANN401
    """Return the heading of a quaternion message, rad."""
    return math.atan2(2.0 * (q.w * q.z + q.x * q.y), 1.0 - 2.0 * (q.y * q.y + q.z * q.z))


def _marker(message: Any) -> Marker:  # noqa: ANN401
    pose, scale, colour = message.pose, message.scale, message.color
    return Marker(
        name=message.ns,
        x=pose.position.x,
        y=pose.position.y,
        size=(scale.x, scale.y),
        yaw=yaw_of(pose.orientation),
        round=int(message.type) != 1,  # visualization_msgs/Marker.CUBE
        colour=(colour.r, colour.g, colour.b),
    )
