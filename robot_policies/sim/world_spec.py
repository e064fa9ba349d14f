# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a world file may say. Together with a seed it gives a `World`.

A world file (`config/worlds/<name>.yaml`) has the sections below; a section that is left out has
its defaults. Items under `items`, `blocks` and `patches` stand where they are put; the rest is
drawn from the seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import math
from typing import Any

from robot_policies import resources
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import build, param
from robot_policies.sim.vocabulary import COLOURS, SHAPES, SIZES


@dataclass(frozen=True, kw_only=True)
class ArenaSpec:
    """The walled rectangle, centred on the origin, and where the robot starts."""

    length_m: float = param(8.0, doc='Inner size along x.', unit='m', low=2.0, high=100.0)
    width_m: float = param(8.0, doc='Inner size along y.', unit='m', low=2.0, high=100.0)
    wall_height_m: float = param(0.7, doc='Height of the walls; 0 for none.', unit='m', low=0.0)
    robot_radius_m: float = param(
        0.5,
        doc='Everything is reachable for a round robot of this radius.',
        unit='m',
        low=0.05,
        high=2.0,
    )
    start: tuple[float, ...] = param(
        (), doc='x, y (m) and yaw (rad) of the start; empty draws it from the seed.'
    )

    def __post_init__(self) -> None:
        """Check the length of the start."""
        if len(self.start) not in (0, 3):
            raise ValueError(f'start: {len(self.start)} numbers, expected x, y, yaw or none')


@dataclass(frozen=True, kw_only=True)
class ObjectsSpec:
    """The coloured objects that instructions name, drawn from the seed."""

    count_min: int = param(0, doc='Fewest random objects.', low=0, high=40)
    count_max: int = param(0, doc='Most random objects.', low=0, high=40)
    colours: tuple[str, ...] = param(tuple(COLOURS), doc='Colours drawn.', choices=tuple(COLOURS))
    shapes: tuple[str, ...] = param(SHAPES, doc='Shapes drawn.', choices=SHAPES)
    sizes: tuple[str, ...] = param(SIZES, doc='Sizes drawn.', choices=SIZES)
    twin_share: float = param(
        0.15,
        doc='Probability that a drawn object copies an earlier one but for its size.',
        low=0.0,
        high=1.0,
    )
    gap_m: float = param(
        0.9, doc='Free ground between an object and anything else.', unit='m', low=0.1, high=5.0
    )
    start_gap_m: float = param(
        0.7, doc='Free ground between the start and anything.', unit='m', low=0.1, high=5.0
    )

    def __post_init__(self) -> None:
        """Check that the counts are ordered and enough kinds exist."""
        kinds = len(set(self.colours)) * len(set(self.shapes))
        if not self.count_min <= self.count_max <= kinds:
            raise ValueError(
                f'expected count_min ({self.count_min}) <= count_max ({self.count_max}) <= '
                f'colours x shapes ({kinds})'
            )
        if self.count_max and not self.sizes:
            raise ValueError('sizes is empty')


@dataclass(frozen=True, kw_only=True)
class ObstaclesSpec:
    """Grey pillars and wooden crates in the way, drawn from the seed."""

    count_min: int = param(0, doc='Fewest random obstacles.', low=0, high=60)
    count_max: int = param(0, doc='Most random obstacles.', low=0, high=60)
    pillar_share: float = param(0.5, doc='Share of pillars.', low=0.0, high=1.0)
    height_min_m: float = param(0.6, doc='Lowest.', unit='m', low=0.1, high=3.0)
    height_max_m: float = param(1.0, doc='Highest.', unit='m', low=0.1, high=3.0)
    gap_m: float = param(
        0.9, doc='Free ground between an obstacle and anything.', unit='m', low=0.0, high=5.0
    )

    def __post_init__(self) -> None:
        """Check that the ranges are ordered."""
        if self.count_min > self.count_max or self.height_min_m > self.height_max_m:
            raise ValueError('a minimum is above its maximum')


@dataclass(frozen=True, kw_only=True)
class PushesSpec:
    """Kicks: sudden changes of the base's horizontal velocity, in random directions."""

    speed_m_s: float = param(0.0, doc='Size of a kick; 0 for none.', unit='m/s', low=0.0, high=3.0)
    interval_s: float = param(5.0, doc='Mean time between kicks.', unit='s', low=0.5, high=600.0)


@dataclass(frozen=True, kw_only=True)
class LookSpec:
    """How the world looks."""

    variety: float = param(
        0.0,
        doc='0: the tidy studio look; 1: random floors, walls, light and shades of colour.',
        low=0.0,
        high=1.0,
    )


@dataclass(frozen=True, kw_only=True)
class ItemSpec:
    """An object at a fixed place."""

    colour: str = param(doc='Colour.', choices=tuple(COLOURS))
    shape: str = param(doc='Shape.', choices=SHAPES)
    size: str = param(doc='Size.', choices=SIZES)
    x_m: float = param(doc='Centre.', unit='m')
    y_m: float = param(doc='Centre.', unit='m')
    yaw_rad: float = param(0.0, doc='Heading.', unit='rad', low=-math.pi, high=math.pi)


@dataclass(frozen=True, kw_only=True)
class BlockSpec:
    """An obstacle at a fixed place."""

    kind: str = param(doc='Pillar or crate.', choices=('pillar', 'crate'))
    x_m: float = param(doc='Centre.', unit='m')
    y_m: float = param(doc='Centre.', unit='m')
    yaw_rad: float = param(0.0, doc='Heading.', unit='rad', low=-math.pi, high=math.pi)
    half_x_m: float = param(0.2, doc='Radius, or half the length.', unit='m', low=0.03, high=20.0)
    half_y_m: float = param(0.2, doc='Half the width (crate).', unit='m', low=0.03, high=20.0)
    height_m: float = param(0.8, doc='Height.', unit='m', low=0.05, high=3.0)


@dataclass(frozen=True, kw_only=True)
class PatchSpec:
    """A rectangle of uneven ground, along the axes."""

    kind: str = param(doc='What it is made of.', choices=('rough', 'slope', 'steps'))
    x_m: float = param(doc='Centre.', unit='m')
    y_m: float = param(doc='Centre.', unit='m')
    length_m: float = param(2.0, doc='Size along x.', unit='m', low=0.4, high=50.0)
    width_m: float = param(2.0, doc='Size along y.', unit='m', low=0.4, high=50.0)
    height_m: float = param(
        0.06, doc='Rough: highest bump. Steps: rise of a step.', unit='m', low=0.005, high=0.3
    )
    slope_rad: float = param(0.2, doc='Slope: its angle.', unit='rad', low=0.01, high=0.6)


@dataclass(frozen=True)
class WorldSpec:
    """The content of a world file.

    Attributes:
        name: Name of the file.
        arena: Size, walls, start.
        objects: Random objects.
        obstacles: Random obstacles.
        pushes: Kicks.
        look: Appearance.
        items: Objects at fixed places.
        blocks: Obstacles at fixed places.
        patches: Uneven ground.
    """

    name: str = 'unnamed'
    arena: ArenaSpec = field(default_factory=ArenaSpec)
    objects: ObjectsSpec = field(default_factory=ObjectsSpec)
    obstacles: ObstaclesSpec = field(default_factory=ObstaclesSpec)
    pushes: PushesSpec = field(default_factory=PushesSpec)
    look: LookSpec = field(default_factory=LookSpec)
    items: tuple[ItemSpec, ...] = ()
    blocks: tuple[BlockSpec, ...] = ()
    patches: tuple[PatchSpec, ...] = ()

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], *, name: str, where: str) -> 'WorldSpec':
        """Build from the content of a world file.

        Raises:
            ConfigError: Everything that is wrong in it, at once.
        """
        known = ', '.join((*_SECTIONS, *_LISTS))
        problems = [
            f'{key} is unknown, known are {known}'
            for key in values
            if key not in _SECTIONS and key not in _LISTS
        ]
        built: dict[str, Any] = {}
        for key in values:
            if key in _SECTIONS:
                built[key] = _section(values[key] or {}, _SECTIONS[key], key, problems)
            elif key in _LISTS:
                built[key] = _list(values[key] or [], _LISTS[key], key, problems)
        if problems:
            raise ConfigError(where, problems)
        return cls(name=name, **built)


def load_world(name: str) -> WorldSpec:
    """Read a world by shipped name or path.

    Raises:
        ConfigError: It is not there, or something in it is wrong.
    """
    path = resources.find('worlds', name)
    return WorldSpec.from_mapping(resources.read_yaml(path), name=path.stem, where=str(path))


_SECTIONS: dict[str, type] = {
    'arena': ArenaSpec,
    'objects': ObjectsSpec,
    'obstacles': ObstaclesSpec,
    'pushes': PushesSpec,
    'look': LookSpec,
}
_LISTS: dict[str, type] = {'items': ItemSpec, 'blocks': BlockSpec, 'patches': PatchSpec}


def _section(content: Any, config_class: type, label: str, problems: list[str]) -> Any:  # noqa: ANN401
    if not isinstance(content, Mapping):
        problems.append(f'{label}: expected a mapping')
        return None
    try:
        return build(config_class, content, where=label)
    except ConfigError as error:
        problems.append(str(error))
        return None


def _list(content: Any, config_class: type, label: str, problems: list[str]) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(content, list):
        problems.append(f'{label}: expected a list')
        return ()
    return tuple(
        _section(item, config_class, f'{label}[{i}]', problems) for i, item in enumerate(content)
    )
