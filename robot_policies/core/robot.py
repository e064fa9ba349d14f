# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot as data: joints, limits, gains, sensors. Read from `config/robots/<robot>.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray, frozen
from robot_policies.core.errors import ConfigError
from robot_policies.core.joint_map import JointMap
from robot_policies.core.params import build, param
from robot_policies.core.sphere_chain import LinkSpec, SphereChain, SphereSpec


@dataclass(frozen=True, kw_only=True)
class JointSpec:
    """One actuated joint."""

    name: str = param(doc='Joint name in the description and on the topics.')
    default: float = param(doc='Position in the default pose.', unit='rad', low=-7.0, high=7.0)
    lower: float = param(doc='Lower position limit.', unit='rad', low=-100.0, high=100.0)
    upper: float = param(doc='Upper position limit.', unit='rad', low=-100.0, high=100.0)
    velocity: float = param(doc='Velocity limit.', unit='rad/s', low=0.0, high=200.0)
    acceleration: float = param(
        100.0, doc='Largest acceleration of position targets.', unit='rad/s²', low=0.1
    )
    effort: float = param(doc='Effort limit.', unit='N·m', low=0.0, high=2000.0)
    stiffness: float = param(doc='Position gain.', unit='N·m/rad', low=0.0, high=10000.0)
    damping: float = param(doc='Velocity gain.', unit='N·m·s/rad', low=0.0, high=1000.0)
    armature: float = param(0.0, doc='Rotor inertia, for simulation.', unit='kg·m²', low=0.0)
    friction_damping: float = param(
        0.0, doc='Viscous friction, for simulation.', unit='N·m·s/rad', low=0.0
    )

    def __post_init__(self) -> None:
        """Check that the default pose lies within the limits."""
        if not self.lower <= self.default <= self.upper:
            raise ValueError(
                f'{self.name}: default {self.default} is outside [{self.lower}, {self.upper}]'
            )


@dataclass(frozen=True, kw_only=True)
class CameraSpec:
    """One camera, fixed to the base."""

    name: str = param(doc='Name on the topics: camera/<name>/image_raw.')
    position: tuple[float, ...] = param(doc='x, y, z in the base frame.', unit='m')
    pitch_rad: float = param(0.0, doc='Downward tilt.', unit='rad', low=-1.6, high=1.6)
    width: int = param(320, doc='Image width.', unit='px', low=8, high=4096)
    height: int = param(240, doc='Image height.', unit='px', low=8, high=4096)
    vertical_fov_rad: float = param(
        1.0, doc='Vertical field of view.', unit='rad', low=0.1, high=2.6
    )
    rate_hz: float = param(15.0, doc='Frame rate.', unit='Hz', low=0.1, high=120.0)


@dataclass(frozen=True, kw_only=True)
class ScanSpec:
    """A planar range sensor, fixed to the base."""

    position: tuple[float, ...] = param(doc='x, y, z in the base frame.', unit='m')
    rays: int = param(360, doc='Rays around the robot.', low=8, high=4096)
    range_min_m: float = param(0.05, doc='Nearest measurable distance.', unit='m', low=0.0)
    range_max_m: float = param(10.0, doc='Farthest measurable distance.', unit='m', low=0.1)
    rate_hz: float = param(15.0, doc='Scans per second.', unit='Hz', low=0.1, high=100.0)


@dataclass(frozen=True, kw_only=True)
class BodySpec:
    """What the robot is as one body, and how fast it may go."""

    base_frame: str = param(doc='Link that carries IMU and base velocity.')
    standing_height_m: float = param(doc='Base height in the default pose.', unit='m', low=0.01)
    min_height_m: float = param(doc='Base lower than this has fallen.', unit='m', low=0.0)
    max_tilt_rad: float = param(doc='Tilt beyond this has fallen.', unit='rad', low=0.1, high=3.2)
    footprint_front_m: float = param(doc='Base frame to the front end.', unit='m', low=0.0)
    footprint_rear_m: float = param(doc='Base frame to the rear end.', unit='m', low=0.0)
    footprint_half_width_m: float = param(doc='Base frame to either side.', unit='m', low=0.0)
    feet: tuple[str, ...] = param((), doc='Foot links, in the order FL, FR, RL, RR for legs.')
    foot_radius_m: float = param(0.02, doc='Radius of a foot sphere.', unit='m', low=0.001)
    max_vx: float = param(doc='Largest forward speed.', unit='m/s', low=0.0)
    min_vx: float = param(doc='Largest backward speed, negative.', unit='m/s', high=0.0)
    max_vy: float = param(doc='Largest sideways speed.', unit='m/s', low=0.0)
    max_yaw_rate: float = param(doc='Largest turn rate.', unit='rad/s', low=0.0)
    max_acceleration: float = param(doc='Largest linear acceleration.', unit='m/s²', low=0.0)
    max_yaw_acceleration: float = param(doc='Largest turn acceleration.', unit='rad/s²', low=0.0)

    @property
    def lowest_velocity(self) -> FloatArray:
        """(3,) vx, vy (m/s) and yaw rate (rad/s) at least."""
        return np.array([self.min_vx, -self.max_vy, -self.max_yaw_rate])

    @property
    def highest_velocity(self) -> FloatArray:
        """(3,) vx, vy (m/s) and yaw rate (rad/s) at most."""
        return np.array([self.max_vx, self.max_vy, self.max_yaw_rate])

    @property
    def accelerations(self) -> FloatArray:
        """(3,) of vx, vy (m/s²) and yaw rate (rad/s²) at most."""
        return np.array([self.max_acceleration, self.max_acceleration, self.max_yaw_acceleration])


@dataclass(frozen=True, kw_only=True)
class DescriptionSpec:
    """Where the robot's URDF comes from."""

    package: str = param(doc='Python or ROS package that holds it.')
    urdf: str = param(doc='Path of the URDF inside the package.')


@dataclass(frozen=True, eq=False)
class RobotSpec:
    """Everything the suite knows about a robot.

    Attributes:
        name: Its name, e.g. `go2`.
        description: Where the URDF is.
        body: The robot as one body.
        joints: Its joints in the robot's order.
        cameras: Its cameras.
        scan: Its range sensor, or None.
        links: How its joints carry one another; empty where nobody needs it.
        spheres: Its body as spheres on these links.
    """

    name: str
    description: DescriptionSpec
    body: BodySpec
    joints: tuple[JointSpec, ...]
    cameras: tuple[CameraSpec, ...]
    scan: ScanSpec | None
    links: tuple[LinkSpec, ...] = ()
    spheres: tuple[SphereSpec, ...] = ()

    @cached_property
    def joint_names(self) -> tuple[str, ...]:
        """Joint names in the robot's order."""
        return tuple(joint.name for joint in self.joints)

    def joint_map(self) -> JointMap:
        """Return a new map into the robot's order (it caches, so one per topic)."""
        return JointMap(self.joint_names)

    def per_joint(self, attribute: str) -> FloatArray:
        """Return (n,) one number of every `JointSpec`, e.g. `per_joint('upper')`."""
        values = [getattr(joint, attribute) for joint in self.joints]
        return frozen(np.array(values, dtype=np.float64), name=attribute, shape=(None,))

    @cached_property
    def default_pose(self) -> FloatArray:
        """(n,) rad."""
        return self.per_joint('default')

    def camera(self, name: str) -> CameraSpec:
        """Return the camera of that name.

        Raises:
            KeyError: No such camera.
        """
        for camera in self.cameras:
            if camera.name == name:
                return camera
        known = ', '.join(camera.name for camera in self.cameras) or 'none'
        raise KeyError(f'robot {self.name} has no camera {name!r}, it has {known}')

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], *, where: str) -> 'RobotSpec':
        """Build from the content of a robot's YAML.

        Args:
            values: Keys name, description, body, joints, cameras, scan, links, spheres.
            where: The file, for messages.

        Raises:
            ConfigError: Everything that is wrong in it, at once.
        """
        reader = _Reader(values)
        joints = tuple(reader.each('joints', JointSpec))
        cameras = tuple(reader.each('cameras', CameraSpec))
        description = reader.one('description', DescriptionSpec)
        body = reader.one('body', BodySpec)
        scan = reader.one('scan', ScanSpec) if values.get('scan') else None
        links = tuple(reader.each('links', LinkSpec))
        spheres = tuple(reader.each('spheres', SphereSpec))
        names = [joint.name for joint in joints]
        doubled = sorted({name for name in names if names.count(name) > 1})
        reader.problems += [f'joint {name} is listed twice' for name in doubled]
        if not joints and 'joints' in values:
            reader.problems.append('joints: at least one is needed')
        if (links or spheres) and not reader.problems:
            try:
                SphereChain(names, links, spheres)
            except ValueError as error:
                reader.problems.append(f'links, spheres: {error}')
        if reader.problems:
            raise ConfigError(where, reader.problems)
        name = str(values['name'])
        return cls(name, description, body, joints, cameras, scan, links, spheres)


class _Reader:
    """Builds the sections of a robot's YAML and gathers what is wrong in all of them."""

    KEYS = ('name', 'description', 'body', 'joints', 'cameras', 'scan', 'links', 'spheres')
    REQUIRED = ('name', 'description', 'body', 'joints')

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        known = ', '.join(self.KEYS)
        self.problems = [
            f'{key} is unknown, known are {known}' for key in values if key not in self.KEYS
        ]
        self.problems += [f'{key} is missing' for key in self.REQUIRED if key not in values]

    def one(self, key: str, config_class: type) -> Any:  # noqa: ANN401
        """Return the section `key`, or None (and a problem noted) if it is wrong."""
        if key not in self._values:
            return None  # noted already where it is required
        return self._section(self._values[key], config_class, key)

    def each(self, key: str, config_class: type) -> Iterator[Any]:
        """Yield the entries of the list `key` that are right."""
        items = self._values.get(key) or []
        if not isinstance(items, list):
            self.problems.append(f'{key}: expected a list')
            return
        for i, item in enumerate(items):
            built = self._section(item, config_class, f'{key}[{i}]')
            if built is not None:
                yield built

    def _section(self, content: Any, config_class: type, label: str) -> Any:  # noqa: ANN401
        if not isinstance(content, Mapping):
            self.problems.append(f'{label}: expected a mapping')
            return None
        try:
            return build(config_class, content, where=label)
        except ConfigError as error:
            self.problems.append(str(error))
            return None
