# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How a world looks: light, sky, floor, walls, and the shade of every object's colour.

With variety 0 every world has the same tidy studio look; with more, everything but the meaning of
the colour words varies, so that a policy trained on many worlds does not depend on it.
"""

import colorsys
from dataclasses import dataclass

import numpy as np
from robot_policies.sim.vocabulary import COLOURS

Rgb = tuple[float, float, float]
PATTERNS = ('plain', 'tiles', 'checker', 'planks', 'noise')


@dataclass(frozen=True)
class Look:
    """The appearance of a world; colours are red, green, blue in [0, 1].

    Attributes:
        floor: Pattern and two colours.
        wall: Pattern and two colours.
        floor_tile_m: Length of the floor on which its pattern repeats.
        sky: Colour at the top and at the horizon.
        light_direction: (x, y, z) of the sun's rays.
        light: Strength of the sun.
        ambient: Strength of the light from everywhere.
        pillar: Colour of the pillars.
        crate: Colour of the crates.
        shade_seed: Decides the shade of each object.
        variety: How far the shades vary, in [0, 1].
    """

    floor: tuple[str, Rgb, Rgb] = ('tiles', (0.46, 0.49, 0.52), (0.38, 0.41, 0.45))
    wall: tuple[str, Rgb, Rgb] = ('plain', (0.70, 0.72, 0.74), (0.64, 0.66, 0.69))
    floor_tile_m: float = 2.0
    sky: tuple[Rgb, Rgb] = ((0.36, 0.55, 0.78), (0.82, 0.89, 0.95))
    light_direction: tuple[float, float, float] = (0.35, 0.25, -0.9)
    light: float = 0.60
    ambient: float = 0.50
    pillar: Rgb = (0.55, 0.56, 0.58)
    crate: Rgb = (0.56, 0.42, 0.27)
    shade_seed: int = 0
    variety: float = 0.0

    def shade(self, colour: str, index: int) -> Rgb:
        """Return the shade of a colour word on object number `index`."""
        rng = np.random.default_rng((self.shade_seed, index))
        return _varied(COLOURS[colour], rng, self.variety)


def draw_look(rng: np.random.Generator, variety: float) -> Look:
    """Draw an appearance; variety 0 returns the studio look whatever the generator."""
    if variety <= 0.0:
        return Look()
    azimuth = rng.uniform(0.0, 2.0 * np.pi)
    lean = rng.uniform(0.1, 0.8) * variety
    horizon = _grey(rng, 0.55, 0.95, 0.10)
    return Look(
        floor=_surface(rng, 0.18, 0.70, variety),
        wall=_surface(rng, 0.30, 0.85, variety),
        floor_tile_m=float(rng.uniform(0.8, 4.0)),
        sky=(_grey(rng, 0.2, 0.9, 0.25), horizon),
        light_direction=(float(lean * np.cos(azimuth)), float(lean * np.sin(azimuth)), -0.9),
        light=float(0.55 + variety * rng.uniform(-0.25, 0.2)),
        ambient=float(0.50 + variety * rng.uniform(-0.20, 0.12)),
        pillar=_grey(rng, 0.30, 0.75, 0.04),
        crate=_varied((0.56, 0.42, 0.27), rng, variety),
        shade_seed=int(rng.integers(2**31)),
        variety=variety,
    )


def _surface(
    rng: np.random.Generator, low: float, high: float, variety: float
) -> tuple[str, Rgb, Rgb]:
    """Muted colours only: a floor that is as red as a red ball would make the word ambiguous."""
    first = np.array(_grey(rng, low, high, 0.07))
    step = rng.uniform(0.03, 0.16) * variety * rng.choice([-1.0, 1.0])
    second = np.clip(first + step, 0.05, 0.95)
    return str(rng.choice(PATTERNS)), _rgb(first), _rgb(second)


def _grey(rng: np.random.Generator, low: float, high: float, tint: float) -> Rgb:
    level = rng.uniform(low, high)
    return _rgb(np.clip(level * (1.0 + rng.uniform(-tint, tint, 3)), 0.0, 1.0))


def _varied(colour: Rgb, rng: np.random.Generator, variety: float) -> Rgb:
    hue, saturation, value = colorsys.rgb_to_hsv(*colour)
    turn, fade, dim = rng.uniform(-1.0, 1.0, 3) * variety
    hue = (hue + 0.012 * turn) % 1.0
    saturation = float(np.clip(saturation * (1.0 + 0.10 * fade), 0.0, 1.0))
    value = float(np.clip(value * (0.93 + 0.10 * dim), 0.0, 1.0))
    return colorsys.hsv_to_rgb(hue, saturation, value)


def _rgb(values: np.ndarray) -> Rgb:
    red, green, blue = values.tolist()
    return red, green, blue
