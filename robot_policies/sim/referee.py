# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sees falls, collisions and close shaves of a simulated robot. For evaluation only."""

from dataclasses import dataclass
import math

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import yaw
from robot_policies.sim.sensors import base_pose
from robot_policies.sim.world import World

_APART_NS = 500_000_000
"""Touching the same thing again within this time is the same collision."""
_UP_SHARE = 0.8
"""The robot is up at this share of its standing height; only who is up can fall."""


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        kind: `fall` or `collision`.
        stamp_ns: When.
        detail: What was touched by what (`object/small red ball by FL_calf`), or how it fell.
    """

    kind: str
    stamp_ns: int
    detail: str


class Referee:
    """Watches one robot in one world, step by step."""

    def __init__(self, robot: RobotSpec, world: World, model: mujoco.MjModel) -> None:
        """Look up which geoms are the robot's and which the world's.

        Args:
            robot: The robot.
            world: The world that was added to the model.
            model: The model.
        """
        self._robot, self._world, self._model = robot, world, model
        self._solids = self._kinds()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.falls = 0
        self.collisions = 0
        self.closest_m = np.full(len(self._world.outlines) + 1, np.inf)
        self._touched_ns: dict[int, int] = {}
        self._up = False

    def check(self, data: mujoco.MjData, stamp_ns: int, stiff: bool) -> list[Event]:
        """Look at the state after a physics step.

        Args:
            data: The state.
            stamp_ns: Its time.
            stiff: The joints are driven; a robot that sinks while damped does not fall.

        Returns:
            What has just begun.
        """
        events = self._collisions(data, stamp_ns)
        fallen = self._falls(data, stiff)
        if fallen:
            events.append(Event('fall', stamp_ns, fallen))
        self.collisions += len(events) - bool(fallen)
        self.falls += bool(fallen)
        return events

    def measure(self, data: mujoco.MjData) -> FloatArray:
        """Return the distances as in `World.clearances` and keep the closest in `closest_m`."""
        position, orientation = base_pose(data)
        heading = float(yaw(orientation))
        x, y = float(position[0]), float(position[1])
        distances = self._world.clearances(x, y, heading, self._robot.body)
        self.closest_m = np.minimum(self.closest_m, distances)
        return distances

    def _kinds(self) -> np.ndarray:
        """Geom -> -1 robot, 0 ground or decoration, > 0 solid thing of the world."""
        model = self._model
        kinds = np.zeros(model.ngeom, dtype=np.int64)
        for index in range(model.ngeom):
            name = model.geom(index).name
            if model.geom_bodyid[index] != 0:
                kinds[index] = -1
            elif name.startswith(('object/', 'obstacle/', 'wall/')):
                kinds[index] = index + 1
        return kinds

    def _collisions(self, data: mujoco.MjData, stamp_ns: int) -> list[Event]:
        if not data.ncon:
            return []
        pairs = data.contact.geom
        kinds = self._solids[pairs]
        if kinds.max() <= 0:  # feet on the ground: the common case, at every physics step
            return []
        hits = pairs[kinds.min(axis=1) * kinds.max(axis=1) < 0]
        events = []
        for first, second in hits.tolist():
            solid, limb = (first, second) if self._solids[first] > 0 else (second, first)
            before = self._touched_ns.get(solid)
            self._touched_ns[solid] = stamp_ns
            if before is None or stamp_ns - before > _APART_NS:
                link = self._model.body(int(self._model.geom_bodyid[limb])).name
                name = self._model.geom(solid).name
                events.append(Event('collision', stamp_ns, f'{name} by {link}'))
        return events

    def _falls(self, data: mujoco.MjData, stiff: bool) -> str:
        """Return how it fell, if it was up and no longer is; empty otherwise."""
        body = self._robot.body
        x, y, z, _, qx, qy, _ = data.qpos[:7].tolist()
        height = z - self._world.height_at(x, y)
        lean = math.acos(max(1.0 - 2.0 * (qx * qx + qy * qy), -1.0))
        if lean < body.max_tilt_rad / 2.0 and height > _UP_SHARE * body.standing_height_m:
            self._up = self._up or stiff
            return ''
        if not self._up:
            return ''
        if lean > body.max_tilt_rad:
            self._up = False
            return f'tilted {lean:.2f} rad, limit {body.max_tilt_rad}'
        if height < body.min_height_m:
            self._up = False
            return f'base {height:.2f} m high, limit {body.min_height_m}' if stiff else ''
        return ''
