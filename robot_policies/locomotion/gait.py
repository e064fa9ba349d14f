# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The trot's clock: which leg swings when, and how a swinging leg is lifted.

Two diagonal pairs take turns, each half a cycle in the air. Legs are in the order FL, FR, RL, RR.
"""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray

_PAIR_OFFSET = np.array([0.0, 0.5, 0.5, 0.0])
"""Part of a cycle by which each leg is behind: diagonal pairs are in step."""


@dataclass(frozen=True)
class Gait:
    """A trot in numbers.

    Attributes:
        frequency_hz: Cycles per second.
        thigh_lift_rad: How far a swinging leg's thigh turns forward at the top of the swing.
        calf_lift_rad: How far its calf folds, negative.
        moving_threshold: Commands smaller than this (m/s, with yaw counted half) mean stand.
    """

    frequency_hz: float = 2.4
    thigh_lift_rad: float = 0.36
    calf_lift_rad: float = -0.72
    moving_threshold: float = 0.05

    def is_moving(self, command: FloatArray) -> FloatArray:
        """Return (…) 1.0 where the command (…, 3) asks to walk, else 0.0."""
        weighted = command * np.array([1.0, 1.0, 0.5])
        return np.asarray(np.linalg.norm(weighted, axis=-1) > self.moving_threshold, dtype=float)

    def advance(self, phase: FloatArray, moving: FloatArray, dt_s: float) -> FloatArray:
        """Return the (…) phase in [0, 1) one step later; it rests at zero while standing."""
        return np.asarray((phase + self.frequency_hz * dt_s) % 1.0 * moving)

    def clock(self, phase: FloatArray, moving: FloatArray) -> FloatArray:
        """Return (…, 2) sine and cosine of the phase, zero while standing."""
        angle = 2.0 * np.pi * phase
        return np.stack([np.sin(angle), np.cos(angle)], axis=-1) * moving[..., None]

    def swing(self, phase: FloatArray, moving: FloatArray) -> FloatArray:
        """Return (…, 4) progress of each leg's swing in (0, 1], or 0 on the ground."""
        leg = (phase[..., None] + _PAIR_OFFSET) % 1.0
        return np.where(leg < 0.5, 2.0 * leg, 0.0) * moving[..., None]

    def reference(self, phase: FloatArray, moving: FloatArray) -> FloatArray:
        """Return (…, 12) joint offsets that lift the swinging legs, rad."""
        bump = np.sin(np.pi * self.swing(phase, moving)) ** 2
        offsets = np.zeros((*bump.shape, 3))
        offsets[..., 1] = self.thigh_lift_rad * bump
        offsets[..., 2] = self.calf_lift_rad * bump
        return offsets.reshape(*bump.shape[:-1], 12)
