# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Robots driving in many worlds at once: what a student does and what it should have done."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import BodySpec
from robot_policies.core.rotations import wrap
from robot_policies.networks.navigation_inputs import navigation_inputs
from robot_policies.sim.layout import build_world
from robot_policies.training.instruction_arena import ArenaBatch
from robot_policies.training.instruction_expert import build_fields, Expert, Fields, move
from robot_policies.training.instruction_settings import InstructionSettings, training_worlds

_RAYS_PER_SECTOR = 3
_RANGE_M = 8.0
_SEARCH_ODDS = 0.01
_PATIENCE = 110


@dataclass(frozen=True, eq=False)
class Sample:
    """One decision of each of n robots.

    Attributes:
        inputs: (n, STATE_SIZE + sectors) what the robot knew.
        chunk: (n, steps, 3) what the expert would have done.
    """

    inputs: npt.NDArray[np.float32]
    chunk: FloatArray


class Traffic:
    """n robots, each with its world, its target, its own lag and its own errors of perception."""

    def __init__(self, settings: InstructionSettings, body: BodySpec, *, seed: int) -> None:
        """Draw worlds and targets and put the robots into them.

        Args:
            settings: Numbers of robots, sectors, steps.
            body: The robot's footprint.
            seed: Decides everything.
        """
        self._settings, self._body = settings, body
        self._rng = np.random.default_rng((seed, 11))
        copies = 4
        specs = training_worlds()
        worlds = [
            build_world(specs[i % len(specs)], seed + i) for i in range(settings.robots // copies)
        ]
        targets = [int(self._rng.integers(len(world.objects))) for world in worlds]
        arena = ArenaBatch.from_worlds(worlds)
        fields = build_fields(arena, targets)
        self.arena = arena.repeat(copies)
        self.expert = Expert(
            self.arena,
            np.repeat(targets, copies),
            Fields(*(np.repeat(grid, copies, axis=0) for grid in vars(fields).values())),
        )
        self.count = len(targets) * copies
        rays = settings.sectors * _RAYS_PER_SECTOR
        self._angles = (np.arange(rays) - (_RAYS_PER_SECTOR - 1) / 2) * 2.0 * np.pi / rays
        self.poses = np.zeros((self.count, 3))
        self.velocity = np.zeros((self.count, 3))
        self._searching = np.zeros(self.count)
        self._age = np.zeros(self.count, dtype=int)
        self._bias = np.zeros((self.count, 2))
        self._lag_s = self._rng.uniform(0.08, 0.35, (self.count, 1))
        self._slip = self._rng.normal(1.0, 0.06, (self.count, 3))
        self.arrivals, self.collisions, self.ended = 0, 0, 0
        self._put(np.ones(self.count, dtype=bool))

    def observe(self) -> Sample:
        """Return what every robot knows, and what the expert would do in its place."""
        offset = self._target_offset()
        bearing = wrap(np.arctan2(offset[:, 1], offset[:, 0]) - self.poses[:, 2])
        distance = self.expert.target_distances(self.poses[:, :2])
        self._bias = 0.9 * self._bias + self._rng.normal(0.0, (0.02, 0.04), self._bias.shape)
        ring = self.arena.scan(self.poses, self._angles, longest_m=_RANGE_M)
        ring += self._rng.normal(0.0, 0.015, ring.shape)
        inputs = navigation_inputs(
            searching=self._searching,
            bearing=bearing + self._bias[:, 0],
            distance=np.maximum(distance * np.exp(self._bias[:, 1]), 0.05),
            velocity=self.velocity + self._rng.normal(0.0, 0.04, self.velocity.shape),
            minima=ring.reshape(self.count, self._settings.sectors, -1).min(-1),
        )
        chunk = self.expert.chunk(
            self.poses,
            self.velocity,
            self._searching,
            steps=self._settings.chunk_steps,
            dt_s=self._settings.dt_s,
        )
        return Sample(inputs, chunk)

    def drive(self, chunk: FloatArray, steps: int = 2) -> None:
        """Execute the first actions of chunks (n, steps, 3); robots that are done start anew."""
        dt = self._settings.dt_s
        for k in range(steps):
            blend = 1.0 - np.exp(-dt / self._lag_s)
            self.velocity = self.velocity + blend * (chunk[:, k] - self.velocity)
            noise = self._rng.normal(0.0, (0.02, 0.02, 0.03), self.velocity.shape)
            is_moving = np.abs(chunk[:, k]).max(-1, keepdims=True) > 0.02
            self.poses = move(self.poses, self.velocity * self._slip + noise * is_moving, dt)
        self._age += 1
        flip = self._rng.random(self.count)
        self._searching = np.where(
            flip < 0.06 * (self._searching != 0.0) + _SEARCH_ODDS * (self._searching == 0.0),
            np.where(self._searching == 0.0, self._rng.choice([-1.0, 1.0], self.count), 0.0),
            self._searching,
        )
        self._finish()

    def _finish(self) -> None:
        """Count and start anew the robots that collided, arrived a while ago, or are lost."""
        collided = self.clearance() <= 0.0
        near = self.expert.target_distances(self.poses[:, :2]) < self.expert.settings.stop_m + 0.15
        still = np.abs(self.velocity).max(-1) < 0.08
        arrived = near & still & (self._searching == 0.0)
        self._age = np.where(arrived, np.maximum(self._age, _PATIENCE - 8), self._age)
        done = collided | (self._age >= _PATIENCE)
        self.collisions += int(collided.sum())
        self.arrivals += int((done & ~collided & near).sum())
        self.ended += int(done.sum())
        self._put(done)

    def clearance(self) -> FloatArray:
        """Return (n,) the distance from each footprint to the nearest thing or wall, m."""
        front, rear = self._body.footprint_front_m, -self._body.footprint_rear_m
        side = self._body.footprint_half_width_m
        x = np.array([front, rear, front, rear, front, rear, 0.2, 0.2, -0.1, -0.1])
        y = np.array([side, side, -side, -side, 0.0, 0.0, side, -side, side, -side])
        cos, sin = np.cos(self.poses[:, 2:]), np.sin(self.poses[:, 2:])
        points = np.stack([cos * x - sin * y, sin * x + cos * y], -1) + self.poses[:, None, :2]
        near = self.arena.distances(points).min((1, 2))
        return np.asarray(np.minimum(near, self.arena.wall_distances(points).min(1)))

    def _target_offset(self) -> FloatArray:
        centres = self.arena.centres[np.arange(self.count), self.expert.targets]
        return np.asarray(centres - self.poses[:, :2])

    def _put(self, chosen: np.ndarray) -> None:
        """Put the chosen robots somewhere free, a third of them near their target."""
        left = chosen.copy()
        for _ in range(200):
            n = int(left.sum())
            if not n:
                break
            half = self.arena.walls[left] - 0.45
            place = self._rng.uniform(-1.0, 1.0, (n, 2)) * half
            angle, far = self._rng.uniform(-np.pi, np.pi, n), self._rng.uniform(0.8, 2.2, n)
            beside = np.stack([np.cos(angle), np.sin(angle)], -1) * far[:, None]
            centres = self.arena.centres[np.arange(self.count), self.expert.targets][left]
            near = self._rng.random(n) < 0.35
            place = np.where(near[:, None], centres + beside, place)
            self.poses[left, :2] = place
            self.poses[left, 2] = self._rng.uniform(-np.pi, np.pi, n)
            clear = self.expert.fields.sample(self.expert.fields.clearance, self.poses[:, :2])
            target = self.expert.target_distances(self.poses[:, :2])
            left = left & ~((clear > 0.45) & (target > 0.5) & (self.clearance() > 0.03))
        self.velocity[chosen] = 0.0
        self._searching[chosen] = 0.0
        self._age[chosen] = 0
        self._bias[chosen] = 0.0
