# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a recording says about a run, as arrays and events on one time line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray

NS = 1_000_000_000
TimeArray = npt.NDArray[np.int64]
POSE = ('x', 'y', 'z', 'yaw', 'vx', 'vy', 'yaw_rate', 'qx', 'qy', 'qz', 'qw')
"""Columns of `RunData.motion`: m and rad in the odometry frame, m/s and rad/s in the base."""


@dataclass(frozen=True, eq=False)
class Series:
    """Rows of numbers over time.

    Attributes:
        time_ns: (n,) when each row was received.
        values: (n, k).
    """

    time_ns: TimeArray
    values: FloatArray

    def __len__(self) -> int:
        return len(self.time_ns)

    def at(self, time_ns: TimeArray) -> FloatArray:
        """Return (m, k) the rows that held at some times: the last one before each.

        Before the first row it is the first one.
        """
        index = np.searchsorted(self.time_ns, time_ns, side='right') - 1
        return np.asarray(self.values[np.maximum(index, 0)])


@dataclass(frozen=True, eq=False)
class Timing:
    """When the messages of one topic were made, sent and received.

    Attributes:
        received_ns: (n,) system time.
        published_ns: (n,) system time.
        stamp_ns: (n,) header stamps, empty if the type has none.
    """

    received_ns: TimeArray
    published_ns: TimeArray
    stamp_ns: TimeArray


@dataclass(frozen=True)
class Status:
    """A DiagnosticStatus at a time."""

    time_ns: int
    name: str
    level: int
    message: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """A text at a time: an instruction."""

    time_ns: int
    text: str


@dataclass(frozen=True)
class Marker:
    """A thing that stands in a simulated world, seen from above.

    Attributes:
        name: Colour and shape, as the simulator calls it.
        x: m.
        y: m.
        size: Along x and y, m.
        yaw: rad.
        round: True for balls, cylinders and cones.
        colour: Red, green, blue in [0, 1].
    """

    name: str
    x: float
    y: float
    size: tuple[float, float]
    yaw: float
    round: bool
    colour: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Scans:
    """All scans of a run.

    Attributes:
        time_ns: (n,).
        angles: (r,) rad.
        ranges: (n, r) m; infinite where nothing was measured.
    """

    time_ns: TimeArray
    angles: FloatArray
    ranges: FloatArray


EventT = TypeVar('EventT', Said, Status)


@dataclass(frozen=True, eq=False)
class RunData:
    """A run.

    Attributes:
        metadata: What the recorder noted: robot, namespace.
        start_ns: First message, system time.
        end_ns: Last message.
        timing: Topic, relative to the namespace -> its times.
        motion: Columns `POSE`, from the ground truth where there is one, else from odometry.
        is_truth: True if `motion` is ground truth.
        command: Columns vx, vy, yaw rate: what safety let through.
        instructions: What the robot was told.
        policy: States of the policy.
        safety: States of the supervisor.
        diagnostics: What the nodes said of themselves.
        contacts: What the simulator told: `event` (reset, fall, collision, …), `time_ns`, more.
        markers: The simulated world.
        scans: All scans, or None.
        joints: Joint positions at about 25 Hz, for films; column order in `joint_names`.
        joint_names: Names of its columns.
    """

    metadata: Mapping[str, str]
    start_ns: int
    end_ns: int
    timing: Mapping[str, Timing]
    motion: Series
    is_truth: bool
    command: Series
    instructions: tuple[Said, ...]
    policy: tuple[Status, ...]
    safety: tuple[Status, ...]
    diagnostics: tuple[Status, ...]
    contacts: tuple[Mapping[str, Any], ...]
    markers: tuple[Marker, ...]
    scans: Scans | None
    joints: Series
    joint_names: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        """From the first to the last message."""
        return (self.end_ns - self.start_ns) / 1e9


def with_ends(events: Sequence[EventT], end_ns: int) -> Iterator[tuple[EventT, int]]:
    """Yield each event with the time at which the next one takes its place."""
    ends: list[int] = [event.time_ns for event in events[1:]]
    return zip(events, [*ends, end_ns], strict=False)
