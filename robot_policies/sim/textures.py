# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Surfaces painted by procedure: nothing is read from files."""

from functools import lru_cache

import numpy as np
from robot_policies.core.arrays import ByteArray, FloatArray
from robot_policies.sim.look import Rgb


def paint(pattern: str, first: Rgb, second: Rgb, size: int, seed: int) -> ByteArray:
    """Paint a square texture that repeats without a seam.

    Args:
        pattern: One of `look.PATTERNS`.
        first: Colour of the surface.
        second: Colour of its joints, other fields or specks.
        size: Pixels along a side, a power of two.
        seed: Decides the grain.

    Returns:
        (size, size, 3) RGB.
    """
    mix = _MIXES[pattern](size)[..., None]
    colour = (1.0 - mix) * np.array(first) + mix * np.array(second)
    grain = 1.0 + 0.5 * (_cloud(size, seed % 16)[..., None] - 0.5) * _GRAIN[pattern]
    return np.asarray(np.clip(colour * grain * 255.0, 0.0, 255.0), dtype=np.uint8)


def _plain(size: int) -> FloatArray:
    return np.zeros((size, size))


def _tiles(size: int) -> FloatArray:
    line = (np.arange(size) % (size // 4)) < max(size // 128, 1)
    return np.asarray(np.maximum(line[:, None], line[None, :]), dtype=np.float64)


def _checker(size: int) -> FloatArray:
    half = (np.arange(size) // (size // 2)).astype(bool)
    return np.asarray(half[:, None] ^ half[None, :], dtype=np.float64)


def _planks(size: int) -> FloatArray:
    row = np.arange(size) // (size // 8)
    tone = (row * 5 % 8) / 8.0
    seam = (np.arange(size) % (size // 8)) < max(size // 128, 1)
    return np.repeat(np.maximum(tone, seam)[:, None], size, axis=1)


def _noise(size: int) -> FloatArray:
    return _cloud(size, 3)


_MIXES = {
    'plain': _plain,
    'tiles': _tiles,
    'checker': _checker,
    'planks': _planks,
    'noise': _noise,
}
_GRAIN = {'plain': 0.15, 'tiles': 0.12, 'checker': 0.10, 'planks': 0.25, 'noise': 0.5}


@lru_cache(maxsize=64)
def _cloud(size: int, seed: int) -> FloatArray:
    """Tileable value noise over four octaves, in [0, 1]."""
    rng = np.random.default_rng(seed)
    total = np.zeros((size, size))
    for octave in range(4):
        cells = 4 * 2**octave
        knots = rng.uniform(0.0, 1.0, (cells, cells))
        position = np.arange(size) * cells / size
        low = position.astype(np.intp)
        blend = position - low
        blend = blend * blend * (3.0 - 2.0 * blend)
        rows = knots[low] * (1 - blend)[:, None] + knots[(low + 1) % cells] * blend[:, None]
        columns = rows[:, low] * (1 - blend) + rows[:, (low + 1) % cells] * blend
        total += columns / 2**octave
    return np.asarray((total - total.min()) / np.ptp(total))
