# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a picture is like, in few numbers: its tokens, the light in it, its strangest part.

A good encoder leaves the light out of its tokens, so that a policy sees the same thing by day and
in the evening. Whoever wants to notice that it has become dark has to look at the pixels.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import ByteArray, FloatArray
from robot_policies.core.patch_memory import PatchMemory

TOKENS, LIGHT, PATCHES = 'tokens', 'light', 'patches'
PARTS = (TOKENS, LIGHT, PATCHES)
"""Names of the parts of a summary, in their order."""
_MOST_PIXELS = 5_000
_SHARES = (5.0, 50.0, 95.0)
_DARK = 4.0
"""Below so many of 255 levels it is the camera's noise that is seen."""
LIGHT_SIZE = len(_SHARES) + 1


def picture_parts(token_size: int) -> Mapping[str, int]:
    """Return name -> length of the parts of a summary of tokens of so many numbers."""
    return dict(zip(PARTS, (3 * token_size, LIGHT_SIZE, 1), strict=True))


def picture_summary(
    pixels: ByteArray, tokens: npt.NDArray[np.floating], memory: PatchMemory
) -> FloatArray:
    """Return (3·d + 5,) what a picture is like; `picture_parts` says what is where.

    Args:
        pixels: (h, w, 3) uint8.
        tokens: (t, d) what the encoder made of it.
        memory: What nominal tokens are like.
    """
    strangeness = memory.strangeness(tokens)
    return np.concatenate([token_summary(tokens), light_summary(pixels), [strangeness]])


def token_summary(tokens: npt.NDArray[np.floating]) -> FloatArray:
    """Return (3·d,) mean, spread and maximum over (t, d) tokens."""
    values = np.asarray(tokens, dtype=np.float64)
    return np.concatenate([values.mean(axis=0), values.std(axis=0), values.max(axis=0)])


def light_summary(pixels: ByteArray) -> FloatArray:
    """Return (4,) logarithms, so that twice the light is as much everywhere.

    Of the brightness the 5th, 50th and 95th percentile, and of neighbours in a row the mean
    difference, which is small in haze. Colours are left out: they are those of the things, and a
    robot that stands before a red one sees little else.

    Args:
        pixels: (h, w, 3) uint8; of a large picture a part is looked at.
    """
    height, width = pixels.shape[:2]
    stride = max(1, int(np.sqrt(height * width / _MOST_PIXELS)))
    brightness = pixels[::stride, ::stride].mean(axis=2)
    contrast = np.abs(np.diff(brightness, axis=1)).mean()
    return np.log(np.array([*np.percentile(brightness, _SHARES), contrast]) + _DARK)
