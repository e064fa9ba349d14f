# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the range sensor sees stays untouched: stop, slow down, keep the time to collision."""

from dataclasses import dataclass
import math
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import Scan, VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import stopping_speed
from robot_policies.safety.footprint import (
    Footprint,
    obstacle_points,
    obstacles,
    path_distances,
)
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class DistanceConfig:
    """Distances from the footprint, and how fast the robot may come nearer."""

    stop_m: float = param(
        0.10, doc='Nothing nearer than this is approached.', unit='m', low=0.0, high=5.0
    )
    slow_m: float = param(
        0.40, doc='What is nearer is approached slowly.', unit='m', low=0.0, high=10.0
    )
    slow_speed_m_s: float = param(
        0.30, doc='Largest approach speed within slow_m.', unit='m/s', low=0.0, high=5.0
    )
    deceleration_m_s2: float = param(
        1.5, doc='The robot can brake so hard.', unit='m/s²', low=0.05, high=20.0
    )
    latency_s: float = param(
        0.15, doc='From an obstacle to the begin of braking.', unit='s', low=0.0, high=2.0
    )
    time_to_collision_s: float = param(
        1.0, doc='Least time to a contact on the predicted path.', unit='s', low=0.05, high=10.0
    )
    contact_m: float = param(
        0.05, doc='So near counts as contact on the path.', unit='m', low=0.0, high=1.0
    )
    min_points: int = param(
        2, doc='So many rays have to agree: one alone may be noise.', low=1, high=100
    )


_STEPS = 20
_LEAST_SCALE = 0.05
"""Less than this share of the commanded speed is a stop: no creeping into things."""
_TURN_CREEP_M_S = 0.03
"""A turn on the spot brings some point of the body nearer to nearly everything: let it pass."""


class Distance:
    """Scales the velocity so that its path stays the same; motion away is never reduced.

    Translation that is refused leaves the turn, if turning alone is allowed (LIMIT), else HOLD.
    Obstacles are taken to stand still.
    """

    config_class: ClassVar[type] = DistanceConfig
    gates: ClassVar[tuple[str, ...]] = ('velocity',)

    def __init__(self, config: DistanceConfig, context: PluginContext) -> None:
        self._config = config
        robot = context.robot
        self._footprint = Footprint.of(robot.body)
        self._radius_m = self._footprint.radius_m
        position = robot.scan.position if robot.scan else (0.0, 0.0, 0.0)
        self._sensor_xy = (position[0], position[1])
        self._times_s = np.linspace(0.0, config.time_to_collision_s, _STEPS + 1)[1:]
        self.reset()

    def reset(self) -> None:
        """Forget the last scan."""
        self._scan: Scan | None = None
        self._around = obstacles(self._footprint, np.zeros((0, 2)))

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Judge the velocity by the latest scan; its age is the business of `Freshness`."""
        if state.scan is None or command.is_zero:
            return Verdict(Severity.PASS, command)
        if state.scan is not self._scan:
            self._scan = state.scan
            points = obstacle_points(state.scan, self._sensor_xy)
            self._around = obstacles(self._footprint, points)
        twist = command.as_array()
        scale, reason = self._scale(twist)
        if scale >= 1.0:
            return Verdict(Severity.PASS, command)
        if scale >= _LEAST_SCALE:
            return _limited(command, twist * scale, reason)
        turn = twist * np.array([0.0, 0.0, 1.0])
        turns = turn.any() and twist[:2].any()
        turn_scale = self._scale(turn, _TURN_CREEP_M_S)[0] if turns else 0.0
        if turn_scale >= _LEAST_SCALE:
            return _limited(command, turn * min(turn_scale, 1.0), f'{reason}, turning only')
        return Verdict(Severity.HOLD, command, reason)

    def _scale(self, twist: FloatArray, creep_m_s: float = 1e-6) -> tuple[float, str]:
        """Return the allowed share of `twist` (1 and more: all of it) and what limits it."""
        zone, zone_m = self._zone_scale(twist, creep_m_s)
        path = self._path_scale(twist)
        if path < zone:
            seconds = path * self._config.time_to_collision_s
            return path, f'contact in {seconds:.1f} s on the predicted path'
        side = 'stop' if zone < _LEAST_SCALE else 'slow'
        return zone, f'obstacle {zone_m:.2f} m away, {side}'

    def _fastest(self, twist: FloatArray) -> float:
        """Return the largest speed that any point of the footprint has, m/s, or more."""
        return math.hypot(twist[0], twist[1]) + abs(float(twist[2])) * self._radius_m

    def _zone_scale(self, twist: FloatArray, creep_m_s: float) -> tuple[float, float]:
        config = self._config
        fastest = self._fastest(twist)
        way = fastest * config.latency_s + fastest**2 / (2.0 * config.deceleration_m_s2)
        around = self._around.within(max(config.slow_m, config.stop_m + way))
        if len(around.x) < config.min_points:
            return np.inf, np.inf
        distance = around.distance
        speed = around.toward @ twist
        allowed = stopping_speed(
            distance - config.stop_m, config.deceleration_m_s2, config.latency_s
        )
        near = distance < config.slow_m
        allowed = np.where(near, np.minimum(allowed, config.slow_speed_m_s), allowed)
        scale = np.where(speed > creep_m_s, allowed / np.maximum(speed, creep_m_s), np.inf)
        index = np.argpartition(scale, config.min_points - 1)[config.min_points - 1]
        return float(scale[index]), float(distance[index])

    def _path_scale(self, twist: FloatArray) -> float:
        config = self._config
        reach_m = self._fastest(twist) * config.time_to_collision_s + config.contact_m
        around = self._around.within(reach_m)
        if len(around.x) < config.min_points:
            return np.inf
        distances = path_distances(self._footprint, around, twist, self._times_s)
        # what touches already is judged by its approach speed alone, or nothing could back away
        distances[:, around.distance <= config.contact_m] = np.inf
        nearest = np.partition(distances, config.min_points - 1, axis=1)[:, config.min_points - 1]
        hits = np.flatnonzero(nearest <= config.contact_m)
        if not len(hits):
            return np.inf
        # the same path at a share of the speed takes longer in proportion; a hit at the very
        # end of the horizon is one too
        return float(self._times_s[hits[0]] / config.time_to_collision_s) * (1.0 - 1e-9)


def _limited(command: VelocityCommand, twist: FloatArray, reason: str) -> Verdict[VelocityCommand]:
    return Verdict(Severity.LIMIT, VelocityCommand.from_array(command.stamp_ns, twist), reason)
