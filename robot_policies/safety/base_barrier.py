# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Obstacles as barriers of the base velocity: the robot slides along them instead of stopping."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import Scan, VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.footprint import Footprint, obstacle_points, Obstacles, obstacles
from robot_policies.safety.projection import Barriers, least_rates, Projection
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class BaseBarrierConfig:
    """How near the footprint may come to obstacles, and how fast."""

    distance_m: float = param(
        0.12, doc='Distance kept from obstacles.', unit='m', low=0.0, high=2.0
    )
    rate: float = param(
        1.5,
        doc='Share of the way that is left to an obstacle that may go per second.',
        unit='1/s',
        low=0.05,
        high=20.0,
    )
    horizon_m: float = param(
        2.0, doc='Obstacles farther away are no barriers.', unit='m', low=0.1, high=20.0
    )
    obstacles: int = param(14, doc='Obstacles that are barriers in a tick.', low=1, high=100)
    turn_cost_m: float = param(
        0.4,
        doc='What a change of the turn rate costs beside one of speed: small, it turns away; '
        'large, it slows down.',
        unit='m',
        low=0.01,
        high=10.0,
    )
    together_m: float = param(
        0.25,
        doc='A hit counts if that of a neighbouring ray is so near: one alone may be noise.',
        unit='m',
        low=0.0,
        high=10.0,
    )
    iterations: int = param(40, doc='The solver gives up after so many: HOLD.', low=1, high=10000)


class BaseBarrier:
    """LIMIT to the nearest velocity that keeps the barriers; HOLD if none is found.

    With h the distance to an obstacle less `distance_m`, the speed towards it stays below `rate`
    times h. Obstacles are taken to stand still. Unlike `Distance` it changes the path: motion
    along a wall is not slowed down.
    """

    config_class: ClassVar[type] = BaseBarrierConfig
    gates: ClassVar[tuple[str, ...]] = ('velocity',)

    def __init__(self, config: BaseBarrierConfig, context: PluginContext) -> None:
        """Prepare geometry and solver.

        Raises:
            PluginError: The solver is not installed.
        """
        robot, body = context.robot, context.robot.body
        self._config = config
        self._footprint = Footprint.of(body)
        position = robot.scan.position if robot.scan else (0.0, 0.0, 0.0)
        self._sensor_xy = (position[0], position[1])
        self._upper = body.highest_velocity
        self._lower = body.lowest_velocity
        weights = np.array([1.0, 1.0, config.turn_cost_m**2])
        self._projection = Projection(weights, config.obstacles, config.iterations)
        self.reset()

    def reset(self) -> None:
        """Forget the last scan and the solver's last answer."""
        self._projection.reset()
        self._scan: Scan | None = None
        self._around: Obstacles | None = None

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Bring the velocity to what the latest scan allows; its age is that of `Freshness`."""
        if state.scan is None or command.is_zero:
            return Verdict(Severity.PASS, command)
        if state.scan is not self._scan or self._around is None:
            self._scan, self._around = state.scan, self._look(state.scan)
        if not len(self._around.x):
            return Verdict(Severity.PASS, command)
        wanted = command.as_array()
        found = self._projection.solve(wanted, self._barriers(self._around))
        nearest = f'obstacle {self._around.distance[0]:.2f} m away'
        if found is None:
            return Verdict(Severity.HOLD, command, f'{nearest}, no velocity keeps the barriers')
        if found is wanted:
            return Verdict(Severity.PASS, command)
        allowed = VelocityCommand.from_array(command.stamp_ns, found)
        return Verdict(Severity.LIMIT, allowed, f'{nearest}, velocity changed to keep clear')

    def _look(self, scan: Scan) -> Obstacles:
        """Return the nearest obstacle of each sector, nearest first."""
        config = self._config
        points = obstacle_points(scan, self._sensor_xy)
        points = points[_supported(points, config.together_m)]
        distance = self._footprint.distance(points[:, 0], points[:, 1])
        near = distance < config.horizon_m
        points, distance = points[near], distance[near]
        turns = np.arctan2(points[:, 1], points[:, 0]) / (2.0 * np.pi)
        sector = np.floor(turns * config.obstacles).astype(np.intp) % config.obstacles
        nearest = np.full(config.obstacles, -1)
        far_to_near = np.argsort(-distance)
        nearest[sector[far_to_near]] = far_to_near  # the last one of a sector stays
        return obstacles(self._footprint, points[nearest[nearest >= 0]])

    def _barriers(self, around: Obstacles) -> Barriers:
        """Return one row per obstacle, filled up with rows that ask for nothing."""
        count, size = len(around.x), self._config.obstacles
        rows, least = np.zeros((size, 3)), np.zeros(size)
        rows[:count] = -around.toward
        least[:count] = least_rates(around.distance - self._config.distance_m, self._config.rate)
        return Barriers(rows, least, self._lower, self._upper)


def _supported(points: FloatArray, together_m: float) -> FloatArray:
    """Return (k,) True for hits that have another one near among their neighbours."""
    if len(points) < 2:
        return np.zeros(len(points), dtype=np.bool_)
    step = np.hypot(*(points - np.roll(points, 1, axis=0)).T) <= together_m
    return np.asarray(step | np.roll(step, -1))
