# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the checks know: the robot as last measured, and when each source was last heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from robot_policies.core.data_types import (
    Imu,
    JointCommand,
    JointState,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.core.novelty import Novelty

JOINT_STATES = 'joint_states'
IMU = 'imu/data'
ODOM = 'odom'
SCAN = 'scan'
LOCOMOTION = 'locomotion/command'
POLICY = 'policy/cmd_vel'
TELEOP = 'teleop/cmd_vel'
ESTOP = 'safety/estop'
NOVELTY = 'novelty'
"""Names of the sources: their topics."""


@dataclass(frozen=True, eq=False)
class SafetyState:
    """Everything a check may look at, at one instant. Times are those of `now_ns`.

    The node fills in what was measured; the supervisor adds what it did itself (the last four).

    Attributes:
        since_ns: Time from which silence counts: activation, or the last flush.
        joints: Latest joint state, or None if there was none.
        imu: Latest IMU sample.
        odometry: Latest odometry; None where nothing estimates it.
        scan: Latest scan; None where there is no range sensor.
        novelty: How unlike its training data the policy's inputs are; None where nobody says.
        heard: Source -> time at which it last said something new (its stamp advanced).
        refusals: Source -> why its latest message was refused; nothing if it was not.
        velocity_source: Source of the velocity under judgement; empty if none is fresh.
        estop: True while the e-stop topic says so.
        suspended: Why nothing can be trusted right now, as simulated time that stands still.
        engaged_ns: When the supervisor began to pass commands; None if it waits or is latched.
        last_command: What left the joint gate in the last tick.
        last_velocity: What left the velocity gate in the last tick.
        tick_s: Time since the last tick of the gate that is judging.
    """

    since_ns: int
    joints: JointState | None = None
    imu: Imu | None = None
    odometry: Odometry | None = None
    scan: Scan | None = None
    novelty: Novelty | None = None
    heard: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    refusals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    velocity_source: str = ''
    estop: bool = False
    suspended: str = ''
    engaged_ns: int | None = None
    last_command: JointCommand | None = None
    last_velocity: VelocityCommand | None = None
    tick_s: float = 0.0

    def age_s(self, source: str, now_ns: int) -> float:
        """Return how long `source` has been silent, s; from `since_ns` if it never spoke."""
        return (now_ns - self.heard.get(source, self.since_ns)) * 1e-9
