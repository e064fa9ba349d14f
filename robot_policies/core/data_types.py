# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The values that flow through the suite: what sensors say and what policies answer.

Every value is frozen and its arrays are read-only. Stamps are integer nanoseconds of the ROS
clock; `stamp_ns` is when the quantity was true, not when it arrived. One file beyond the usual
length: there is nothing in it but fields and what makes them valid, and they are read together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
import math
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import ByteArray, FloatArray, frozen


@dataclass(frozen=True, eq=False)
class JointState:
    """What the joints do, in the robot's order.

    Attributes:
        stamp_ns: Time of the measurement.
        position: (n,) rad (or m for prismatic joints).
        velocity: (n,) rad/s.
        effort: (n,) N·m.
    """

    stamp_ns: int
    position: FloatArray
    velocity: FloatArray
    effort: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check that their lengths agree."""
        n = len(np.atleast_1d(self.position))
        for name in ('position', 'velocity', 'effort'):
            object.__setattr__(self, name, frozen(getattr(self, name), name=name, shape=(n,)))


@dataclass(frozen=True, eq=False)
class JointCommand:
    """What the joints shall do, in the robot's order.

    An interface that is `None` is not commanded. Without position there is no stiffness:
    position `None` and velocity zero is damping.

    Attributes:
        stamp_ns: Time of the newest measurement that the command rests on.
        position: (n,) target, rad, or None.
        velocity: (n,) target, rad/s, or None.
        effort: (n,) feed-forward, N·m, or None.
    """

    stamp_ns: int
    position: FloatArray | None = None
    velocity: FloatArray | None = None
    effort: FloatArray | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays; all that are given must have one length."""
        n: int | None = None
        for name in ('position', 'velocity', 'effort'):
            values = getattr(self, name)
            if values is not None:
                array = frozen(values, name=name, shape=(n,))
                object.__setattr__(self, name, array)
                n = len(array)
        if n is None:
            raise ValueError('JointCommand: at least one of position, velocity, effort is needed')

    @classmethod
    def damping(cls, stamp_ns: int, joint_count: int) -> 'JointCommand':
        """Return the command that lets the robot sink softly: no stiffness, velocity zero."""
        return cls(stamp_ns=stamp_ns, velocity=np.zeros(joint_count))

    @property
    def is_damping(self) -> bool:
        """True if no stiffness and no effort is commanded and all velocities are zero."""
        return (
            self.position is None
            and self.effort is None
            and self.velocity is not None
            and not np.any(self.velocity)
        )


@dataclass(frozen=True, eq=False)
class Imu:
    """Orientation, turn rate and acceleration of the base.

    Attributes:
        stamp_ns: Time of the measurement.
        orientation: (4,) unit quaternion (x, y, z, w), base to world.
        angular_velocity: (3,) rad/s, base frame.
        linear_acceleration: (3,) m/s², base frame, gravity included.
    """

    stamp_ns: int
    orientation: FloatArray
    angular_velocity: FloatArray
    linear_acceleration: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check their shapes."""
        for name, size in (
            ('orientation', 4),
            ('angular_velocity', 3),
            ('linear_acceleration', 3),
        ):
            object.__setattr__(self, name, frozen(getattr(self, name), name=name, shape=(size,)))


@dataclass(frozen=True)
class VelocityCommand:
    """A velocity of the base in its own frame: x forward, y left, yaw counter-clockwise.

    Attributes:
        stamp_ns: Time at which it was decided.
        vx: m/s.
        vy: m/s.
        yaw_rate: rad/s.
    """

    stamp_ns: int
    vx: float = 0.0
    vy: float = 0.0
    yaw_rate: float = 0.0

    def as_array(self) -> FloatArray:
        """Return (3,) [vx, vy, yaw_rate]."""
        return np.array([self.vx, self.vy, self.yaw_rate])

    @classmethod
    def from_array(cls, stamp_ns: int, values: npt.ArrayLike) -> 'VelocityCommand':
        """Build from (3,) [vx, vy, yaw_rate]."""
        vx, vy, yaw_rate = frozen(values, name='velocity', shape=(3,))
        return cls(stamp_ns, float(vx), float(vy), float(yaw_rate))

    @property
    def is_finite(self) -> bool:
        """True if no component is NaN or infinite."""
        return all(map(math.isfinite, (self.vx, self.vy, self.yaw_rate)))

    @property
    def is_zero(self) -> bool:
        """True if every component is exactly zero."""
        return not (self.vx or self.vy or self.yaw_rate)


@dataclass(frozen=True, eq=False)
class Odometry:
    """Pose in the odometry frame and velocity in the base frame.

    Attributes:
        stamp_ns: Time of the measurement.
        position: (3,) m, odometry frame.
        orientation: (4,) unit quaternion (x, y, z, w), base to odometry frame.
        linear_velocity: (3,) m/s, base frame.
        angular_velocity: (3,) rad/s, base frame.
    """

    stamp_ns: int
    position: FloatArray
    orientation: FloatArray
    linear_velocity: FloatArray
    angular_velocity: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check their shapes."""
        for name, size in (
            ('position', 3),
            ('orientation', 4),
            ('linear_velocity', 3),
            ('angular_velocity', 3),
        ):
            object.__setattr__(self, name, frozen(getattr(self, name), name=name, shape=(size,)))


@dataclass(frozen=True, eq=False)
class Scan:
    """Distances around the robot in its base frame, one per ray.

    Attributes:
        stamp_ns: Time of the measurement.
        angle_min_rad: Direction of the first ray, counter-clockwise from forward.
        angle_increment_rad: Step from ray to ray.
        range_min_m: Nearer than this is no measurement.
        range_max_m: Nothing was hit where a range is infinite.
        ranges: (n,) m.
    """

    stamp_ns: int
    angle_min_rad: float
    angle_increment_rad: float
    range_min_m: float
    range_max_m: float
    ranges: FloatArray

    def __post_init__(self) -> None:
        """Freeze the ranges."""
        object.__setattr__(self, 'ranges', frozen(self.ranges, name='ranges', shape=(None,)))

    def angles(self) -> FloatArray:
        """Return (n,) direction of each ray, rad."""
        indices = np.arange(len(self.ranges), dtype=np.float64)
        return self.angle_min_rad + self.angle_increment_rad * indices

    def valid(self) -> npt.NDArray[np.bool_]:
        """Return (n,) True where a ray hit something within the sensor's range."""
        in_range = (self.ranges >= self.range_min_m) & (self.ranges <= self.range_max_m)
        return np.isfinite(self.ranges) & in_range


@dataclass(frozen=True, eq=False)
class Image:
    """A colour image.

    Attributes:
        stamp_ns: Time of exposure.
        pixels: (H, W, 3) uint8, RGB.
    """

    stamp_ns: int
    pixels: ByteArray

    def __post_init__(self) -> None:
        """Freeze the pixels and check the layout."""
        pixels = frozen(self.pixels, name='pixels', shape=(None, None, 3), dtype=np.uint8)
        object.__setattr__(self, 'pixels', pixels)


@dataclass(frozen=True, eq=False)
class Features:
    """What an encoder makes of a frame.

    Attributes:
        stamp_ns: Stamp of the frame.
        tokens: (T, D) float32, one row per token.
    """

    stamp_ns: int
    tokens: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        """Freeze the tokens."""
        tokens = frozen(self.tokens, name='tokens', shape=(None, None), dtype=np.float32)
        object.__setattr__(self, 'tokens', tokens)


@dataclass(frozen=True)
class Missing:
    """An input that is not there: the reason for which nothing can be decided.

    Attributes:
        names: The missing sources, each with why, e.g. `camera/front: 412 ms old, limit 300`.
    """

    names: tuple[str, ...]

    def __str__(self) -> str:
        """Return the sources in one line."""
        return '; '.join(self.names)


@dataclass(frozen=True, eq=False)
class LocomotionObservation:
    """What a locomotion controller sees in one step.

    Attributes:
        stamp_ns: Stamp of the joint state.
        joints: Joint state in the robot's order.
        imu: Latest IMU sample.
        command: Velocity to follow.
    """

    stamp_ns: int
    joints: JointState
    imu: Imu
    command: VelocityCommand


@dataclass(frozen=True, eq=False)
class Observation:
    """What a policy sees, assembled at one instant.

    Attributes:
        stamp_ns: The instant it stands for; the chunk that answers it carries the same stamp.
        instruction: Free text; empty means stop.
        odometry: Pose and velocity of the base.
        images: Camera name -> image.
        features: Encoder name -> features.
        scan: Distances around the robot, where the policy asks for them.
        joints: Joint state, where the policy asks for it.
    """

    stamp_ns: int
    instruction: str
    odometry: Odometry
    images: Mapping[str, Image] = field(default_factory=lambda: MappingProxyType({}))
    features: Mapping[str, Features] = field(default_factory=lambda: MappingProxyType({}))
    scan: Scan | None = None
    joints: JointState | None = None


class PolicyStatus(IntEnum):
    """What a policy says about its own answer; the number orders them by urgency."""

    IDLE = 0
    """No instruction: standing."""
    ACTING = 1
    """Following the instruction."""
    SEARCHING = 2
    """Looking for what was named."""
    REACHED = 3
    """The instruction is fulfilled: standing."""
    NOT_SEEN = 4
    """What was named is not there: standing."""
    NOT_UNDERSTOOD = 5
    """The instruction names nothing known: standing."""


@dataclass(frozen=True, eq=False)
class ActionChunk:
    """A sequence of actions that a policy wants executed.

    Action `k` is meant for `stamp_ns + (k + 1) * dt_ns`: the observation is the past, the first
    action is one step ahead of it.

    Attributes:
        stamp_ns: Stamp of the observation that it answers.
        dt_ns: Time from action to action.
        actions: (H, D) in physical units; for a mobile base D = 3: vx, vy (m/s), yaw rate (rad/s).
        status: What the policy says about it.
        message: The same in words for the operator, e.g. `I don't see a purple cone.`
    """

    stamp_ns: int
    dt_ns: int
    actions: FloatArray
    status: PolicyStatus = PolicyStatus.ACTING
    message: str = ''

    def __post_init__(self) -> None:
        """Freeze the actions and check the spacing."""
        actions = frozen(self.actions, name='actions', shape=(None, None))
        object.__setattr__(self, 'actions', actions)
        if self.dt_ns <= 0 or not len(actions):
            raise ValueError(f'ActionChunk: dt_ns {self.dt_ns}, {len(actions)} actions')

    @property
    def end_ns(self) -> int:
        """Time of the last action."""
        return self.stamp_ns + len(self.actions) * self.dt_ns
