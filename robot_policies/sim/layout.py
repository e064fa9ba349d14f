# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Draws a world from its specification and a seed: the same two always give the same world."""

from dataclasses import dataclass, field

import numpy as np
from robot_policies.core.errors import ConfigError
from robot_policies.sim.look import draw_look
from robot_policies.sim.patches import build_patch
from robot_policies.sim.planar import Outline
from robot_policies.sim.reachability import unreachable
from robot_policies.sim.vocabulary import dimensions
from robot_policies.sim.world import Obstacle, Push, World, WorldObject
from robot_policies.sim.world_spec import ObjectsSpec, WorldSpec

_LAYOUTS = 60
_PLACES = 120
_PUSH_HORIZON_S = 600.0


def build_world(spec: WorldSpec, seed: int) -> World:
    """Draw the world of a seed.

    The start is free of collisions, every object can be walked to and seen on the way there; both
    for a robot of `spec.arena.robot_radius_m`.

    Args:
        spec: What the world may hold.
        seed: Any integer from 0.

    Returns:
        The world.

    Raises:
        ConfigError: The arena is too small for what it shall hold, fixed items are doubled, or one
            of them cannot be reached.
    """
    _check_items(spec)
    problem = ''
    is_drawn = spec.objects.count_max + spec.obstacles.count_max > 0 or not spec.arena.start
    for attempt in range(_LAYOUTS if is_drawn else 1):
        rng = np.random.default_rng((seed, attempt))
        layout = _Layout(spec, rng)
        if layout.fill():
            world = layout.world(seed)
            problem = unreachable(world, spec.arena.robot_radius_m)
            if not problem:
                return world
        else:
            problem = 'objects and obstacles do not fit with the gaps asked for'
    raise ConfigError(
        f'world {spec.name}, seed {seed}',
        [f'{problem}; enlarge arena, lower counts or gaps, or move what has a fixed place'],
    )


def _check_items(spec: WorldSpec) -> None:
    names = [f'{item.size} {item.colour} {item.shape}' for item in spec.items]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ConfigError(f'world {spec.name}', [f'items: two are {name}' for name in doubled])


@dataclass
class _Layout:
    """One attempt: things are put down one after the other, each clear of those before."""

    spec: WorldSpec
    rng: np.random.Generator
    objects: list[WorldObject] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    taken: list[Outline] = field(default_factory=list)
    start: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def fill(self) -> bool:
        """Put everything down; False if something found no place."""
        self._put_fixed()
        return self._put_start() and self._put_objects() and self._put_obstacles()

    def world(self, seed: int) -> World:
        """Return the filled world."""
        spec = self.spec
        return World(
            name=spec.name,
            seed=seed,
            length_m=spec.arena.length_m,
            width_m=spec.arena.width_m,
            wall_height_m=spec.arena.wall_height_m,
            start=self.start,
            look=draw_look(self.rng, spec.look.variety),
            objects=tuple(self.objects),
            obstacles=tuple(self.obstacles),
            patches=tuple(build_patch(patch, self.rng) for patch in spec.patches),
            pushes=tuple(self._pushes()),
        )

    def _put_fixed(self) -> None:
        for item in self.spec.items:
            values = (item.colour, item.shape, item.size, item.x_m, item.y_m, item.yaw_rad)
            self.objects.append(WorldObject(*values))
        for block in self.spec.blocks:
            half = (block.half_x_m, block.half_y_m)
            at = (block.x_m, block.y_m, block.yaw_rad)
            self.obstacles.append(Obstacle(block.kind, *at, *half, block.height_m))
        self.taken += [item.outline for item in self.objects]
        self.taken += [item.outline for item in self.obstacles]
        for patch in self.spec.patches:  # nothing stands on uneven ground
            radius = float(np.hypot(patch.length_m, patch.width_m)) / 2.0
            self.taken.append(Outline(patch.x_m, patch.y_m, radius))

    def _put_start(self) -> bool:
        arena = self.spec.arena
        if arena.start:
            x, y, yaw = arena.start
        else:
            place = self._free_place(arena.robot_radius_m, self.spec.objects.start_gap_m)
            if place is None:
                return False
            x, y = place
            yaw = float(self.rng.uniform(-np.pi, np.pi))
        self.start = (x, y, yaw)
        self.taken.append(Outline(x, y, arena.robot_radius_m))
        return True

    def _put_objects(self) -> bool:
        spec = self.spec.objects
        for _ in range(int(self.rng.integers(spec.count_min, spec.count_max + 1))):
            size, colour, shape = _draw_kind(spec, self.objects, self.rng)
            radius = WorldObject(colour, shape, size, 0.0, 0.0).radius_m
            place = self._free_place(radius, spec.gap_m)
            if place is None:
                return False
            yaw = float(self.rng.uniform(-np.pi, np.pi))
            self.objects.append(WorldObject(colour, shape, size, *place, yaw))
            self.taken.append(self.objects[-1].outline)
        return True

    def _put_obstacles(self) -> bool:
        spec, rng = self.spec.obstacles, self.rng
        for _ in range(int(rng.integers(spec.count_min, spec.count_max + 1))):
            kind = 'pillar' if rng.random() < spec.pillar_share else 'crate'
            low, high = (0.12, 0.22) if kind == 'pillar' else (0.18, 0.40)
            half_x, half_y = (float(value) for value in rng.uniform(low, high, 2))
            height = float(rng.uniform(spec.height_min_m, spec.height_max_m))
            yaw = float(rng.uniform(-np.pi, np.pi))
            radius = Obstacle(kind, 0.0, 0.0, yaw, half_x, half_y, height).radius_m
            place = self._free_place(radius, spec.gap_m)
            if place is None:
                return False
            self.obstacles.append(Obstacle(kind, *place, yaw, half_x, half_y, height))
            self.taken.append(self.obstacles[-1].outline)
        return True

    def _free_place(self, radius: float, gap: float) -> tuple[float, float] | None:
        arena = self.spec.arena
        reach = np.array([arena.length_m, arena.width_m]) / 2.0 - radius - min(gap, 0.5)
        if (reach <= 0.0).any():
            return None
        points = self.rng.uniform(-reach, reach, (_PLACES, 2))
        free = np.ones(_PLACES, dtype=bool)
        for other in self.taken:
            distance = np.hypot(points[:, 0] - other.x_m, points[:, 1] - other.y_m)
            free &= distance - other.radius_m - radius >= gap
        found = np.flatnonzero(free)
        return (float(points[found[0], 0]), float(points[found[0], 1])) if len(found) else None

    def _pushes(self) -> list[Push]:
        spec, pushes, time_s = self.spec.pushes, [], 0.0
        while spec.speed_m_s > 0.0:
            time_s += float(self.rng.uniform(0.5, 1.5)) * spec.interval_s
            if time_s > _PUSH_HORIZON_S:
                break
            angle = self.rng.uniform(-np.pi, np.pi)
            kick = spec.speed_m_s * np.array([np.cos(angle), np.sin(angle)])
            pushes.append(Push(time_s, float(kick[0]), float(kick[1])))
        return pushes


def _draw_kind(
    spec: ObjectsSpec, present: list[WorldObject], rng: np.random.Generator
) -> tuple[str, str, str]:
    """Draw (size, colour, shape): a new colour and shape, or the other size of one present.

    So colour and shape name an object, but for twins, which need their size as well.
    """
    names = {(item.size, item.colour, item.shape) for item in present}
    twins = [
        (size, item.colour, item.shape)
        for item in present
        for size in spec.sizes
        if (size, item.colour, item.shape) not in names
    ]
    if twins and rng.random() < spec.twin_share:
        return twins[int(rng.integers(len(twins)))]
    pairs = {(item.colour, item.shape) for item in present}
    free = [(c, s) for c in spec.colours for s in spec.shapes if (c, s) not in pairs]
    if not free:
        return twins[int(rng.integers(len(twins)))]
    colour, shape = free[int(rng.integers(len(free)))]
    size = spec.sizes[int(rng.integers(len(spec.sizes)))]
    dimensions(size, shape)
    return size, colour, shape
