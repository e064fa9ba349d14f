# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Drives of the puppet through worlds, as what is to be known of the pictures on the way.

Half of them wander about, half go from thing to thing and stand before each for a while, which is
what the robot does all day: whoever fits a detector to what is seen on the way only hears it
complain at every goal.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Image
from robot_policies.sim.layout import build_world
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.world import Obstacle, World
from robot_policies.sim.world_spec import WorldSpec
from robot_policies.training.instruction_arena import ArenaBatch
from robot_policies.training.instruction_expert import (
    build_fields,
    Expert,
    ExpertSettings,
    move,
)

RATE_HZ = 5.0
_STEP_S = 0.02
_PER_COMMAND = 5
"""Ticks that a command lasts."""
_NEAREST_M, _FARTHEST_M = 0.43, 0.80
"""From the base to the surface of a thing that is stood before; the policy stands so near."""
_STAND_S = (1.0, 4.0)
_TURN_S = 1.5
_NEAR_M = 0.25
_WAYS_OUT = tuple(
    np.array(command)
    for command in (
        *((0.3, 0.0, 0.0), (-0.3, 0.0, 0.0), (0.0, 0.25, 0.0), (0.0, -0.25, 0.0)),
        *((0.0, 0.0, 0.8), (0.0, 0.0, -0.8)),
    )
)


@dataclass(frozen=True)
class ViewCase:
    """A kind of world to look at: what it is called, and what is changed in a nominal one."""

    name: str
    change: Callable[[World], World]


def _lit(light: float, ambient: float) -> Callable[[World], World]:
    return lambda world: replace(world, look=replace(world.look, light=light, ambient=ambient))


def _garish(world: World) -> World:
    floor = ('checker', (0.9, 0.1, 0.5), (0.1, 0.9, 0.2))
    wall = ('planks', (0.1, 0.8, 0.9), (0.9, 0.8, 0.1))
    return replace(world, look=replace(world.look, floor=floor, wall=wall, floor_tile_m=0.6))


def _strangers(world: World) -> World:
    """Tall things of a colour that no world has, in a ring around the start."""
    x, y, yaw = world.start
    angles = yaw + np.linspace(-0.9, 0.9, 4)
    tall = tuple(
        Obstacle('pillar', x + 1.6 * np.cos(a), y + 1.6 * np.sin(a), 0.0, 0.12, 0.12, 1.8)
        for a in angles
    )
    look = replace(world.look, pillar=(0.9, 0.0, 0.9))
    return replace(world, obstacles=tall, look=look)


NOMINAL = ViewCase('nominal', lambda world: world)
CASES = (
    ViewCase('dark', _lit(0.04, 0.06)),
    ViewCase('dim', _lit(0.20, 0.20)),
    ViewCase('glare', _lit(1.5, 1.0)),
    ViewCase('texture', _garish),
    ViewCase('unseen_objects', _strangers),
)
"""What the detector is not fitted to."""


def view(
    puppet: Puppet,
    describe: Callable[[Image], FloatArray],
    spec: WorldSpec,
    case: ViewCase,
    *,
    camera: str,
    seconds: float,
    seed: int,
) -> FloatArray:
    """Drive about in one world and look.

    Args:
        puppet: Drives; has a renderer.
        describe: Picture -> what is to be known of it, an array of one shape.
        spec: What the world is drawn from.
        case: What is changed in it.
        camera: Name of the camera.
        seconds: How long.
        seed: Of world and drive.

    Returns:
        (k, …) what was told of the pictures, 5 per second.
    """
    rng = np.random.default_rng((seed, 23))
    puppet.enter(case.change(build_world(spec, seed)), seed)
    drive = _Visits(puppet, rng) if rng.random() < 0.5 else _Wandering(puppet, rng)
    told, command = [], np.zeros(3)
    per_view = round(1.0 / (RATE_HZ * _STEP_S))
    for tick in range(round(seconds / _STEP_S)):
        if tick % _PER_COMMAND == 0:
            command = drive.command(tick)
        puppet.step(command, _STEP_S)
        if tick % per_view == 0:
            told.append(describe(Image(tick, puppet.image(camera))))
    return np.array(told)


class _Wandering:
    """Drives about, and away from what it comes near to."""

    def __init__(self, puppet: Puppet, rng: np.random.Generator) -> None:
        self._puppet, self._rng = puppet, rng
        self._command = np.zeros(3)

    def command(self, tick: int) -> FloatArray:
        """Return (3,) vx, vy (m/s), yaw rate (rad/s) for the next `_PER_COMMAND` ticks."""
        rng = self._rng
        if tick % round(_TURN_S / _STEP_S) == 0:
            self._command = np.array([rng.uniform(0.0, 0.7), 0.0, rng.uniform(-0.9, 0.9)])
        if self._puppet.clearances.min() < _NEAR_M:
            self._command = max(_WAYS_OUT, key=self._clearance_after)
        return self._command

    def _clearance_after(self, command: FloatArray) -> float:
        """Return the least distance to anything after a second of a command, m."""
        puppet = self._puppet
        x, y, yaw = move(puppet.pose[None], command[None], 1.0)[0]
        return float(puppet.world.clearances(x, y, yaw, puppet.robot.body).min())


class _Visits:
    """Goes to one thing after the other, as the expert of the instructions does."""

    def __init__(self, puppet: Puppet, rng: np.random.Generator) -> None:
        self._puppet, self._rng = puppet, rng
        self._arena = ArenaBatch.from_worlds([puppet.world])
        self._order: list[int] = []
        self._choose()

    def command(self, _tick: int) -> FloatArray:
        """Return (3,) vx, vy (m/s), yaw rate (rad/s) for the next `_PER_COMMAND` ticks."""
        command = self._expert.command(self._puppet.pose[None], np.zeros(1))[0]
        if np.abs(command).max() < 0.05:
            self._standing_s -= _PER_COMMAND * _STEP_S
        if self._standing_s <= 0.0:
            self._choose()
        return np.asarray(command)

    def _choose(self) -> None:
        rng, world = self._rng, self._puppet.world
        self._order = self._order or rng.permutation(len(world.objects)).tolist()
        target = [self._order.pop()]
        settings = ExpertSettings(stop_m=rng.uniform(_NEAREST_M, _FARTHEST_M))
        fields = build_fields(self._arena, target)
        self._expert = Expert(self._arena, np.array(target), fields, settings)
        self._standing_s = rng.uniform(*_STAND_S)
