# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Drives of the puppet through worlds, as the vectors that novelty of the picture is judged by."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import Encoder
from robot_policies.core.data_types import Image
from robot_policies.core.novelty import token_summary
from robot_policies.sim.layout import build_world
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.world import Obstacle, World
from robot_policies.sim.world_spec import WorldSpec

RATE_HZ = 5.0
_STEP_S = 0.02


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
    encoder: Encoder,
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
        encoder: Makes tokens of the pictures.
        spec: What the world is drawn from.
        case: What is changed in it.
        camera: Name of the camera.
        seconds: How long.
        seed: Of world and drive.

    Returns:
        (k, 1, d) vectors, 5 per second.
    """
    rng = np.random.default_rng((seed, 23))
    puppet.enter(case.change(build_world(spec, seed)), seed)
    vectors, command = [], np.zeros(3)
    per_view = round(1.0 / (RATE_HZ * _STEP_S))
    for tick in range(round(seconds / _STEP_S)):
        if tick % 75 == 0:
            command = np.array([rng.uniform(0.0, 0.7), 0.0, rng.uniform(-0.9, 0.9)])
        if puppet.clearances.min() < 0.25:
            command = np.array([-0.3, 0.0, 0.8])
        puppet.step(command, _STEP_S)
        if tick % per_view == 0:
            tokens = encoder.encode(Image(tick, puppet.image(camera))).tokens
            vectors.append(token_summary(tokens))
    return np.array(vectors)[:, None]
