# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the objects of a world can be: colours, shapes and sizes, and how large each one is.

The words are those that training instructions are made of. Colours are far apart in hue (or, for
white, in saturation) so that they stay distinct under every light a world can have; shapes differ
in outline, not only in shading; a large object is about twice as high as a small one.
"""

from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

COLOURS: MappingProxyType[str, tuple[float, float, float]] = MappingProxyType(
    {
        'red': (0.86, 0.05, 0.06),
        'green': (0.05, 0.60, 0.13),
        'blue': (0.05, 0.20, 0.90),
        'yellow': (0.98, 0.86, 0.05),
        'purple': (0.52, 0.10, 0.70),
        'orange': (1.00, 0.42, 0.02),
        'white': (0.95, 0.95, 0.95),
    }
)
"""Colour -> red, green, blue in [0, 1]."""

SHAPES = ('ball', 'box', 'cylinder', 'cone')
SIZES = ('small', 'large')


@dataclass(frozen=True)
class Dimensions:
    """How large an object is.

    Attributes:
        radius_m: Ball, cylinder, cone: radius (of the base). Box: half its side.
        height_m: From the ground to its highest point.
    """

    radius_m: float
    height_m: float


_DIMENSIONS: MappingProxyType[tuple[str, str], Dimensions] = MappingProxyType(
    {
        ('small', 'ball'): Dimensions(0.18, 0.36),
        ('large', 'ball'): Dimensions(0.33, 0.66),
        ('small', 'box'): Dimensions(0.16, 0.32),
        ('large', 'box'): Dimensions(0.29, 0.58),
        ('small', 'cylinder'): Dimensions(0.13, 0.46),
        ('large', 'cylinder'): Dimensions(0.23, 0.86),
        ('small', 'cone'): Dimensions(0.20, 0.48),
        ('large', 'cone'): Dimensions(0.36, 0.90),
    }
)


def dimensions(size: str, shape: str) -> Dimensions:
    """Return how large an object of a size and shape is.

    Raises:
        KeyError: No such size or shape; the message lists those there are.
    """
    try:
        return _DIMENSIONS[size, shape]
    except KeyError:
        known = f'sizes {", ".join(SIZES)}; shapes {", ".join(SHAPES)}'
        raise KeyError(f'no object is {size!r} and {shape!r}; {known}') from None


def all_kinds() -> list[tuple[str, str, str]]:
    """Return every (size, colour, shape) there is."""
    return list(product(SIZES, COLOURS, SHAPES))
