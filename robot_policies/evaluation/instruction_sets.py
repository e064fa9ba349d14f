# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the robot is told in the benchmark, and what should become of it."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from robot_policies.sim.vocabulary import COLOURS, SHAPES, SIZES
from robot_policies.sim.world import World, WorldObject

PLAIN = (
    'walk to the {}',
    'go to the {}',
    'move to the {}',
    'head to the {}',
    'approach the {}',
    'please go to the {}',
)
_SIZE_WORDS = {'small': ('tiny', 'little'), 'large': ('big', 'huge')}
_COLOUR_WORDS = {
    'red': ('crimson', 'scarlet'),
    'green': ('emerald',),
    'blue': ('azure', 'cobalt'),
    'yellow': ('golden',),
    'purple': ('violet',),
    'orange': ('tangerine',),
    'white': ('snowy',),
}
_SHAPE_WORDS = {
    'ball': ('sphere', 'orb'),
    'box': ('cube', 'crate'),
    'cylinder': ('drum', 'pillar'),
    'cone': ('pylon',),
}
_FREE = (
    'could you please head over to the {adjectives} {shape}?',
    'to the {shape} that is {adjectives}, go!',
    'I want you to find the {adjectives} {shape} and stop there',
    'the {adjectives} {shape}. approach it now',
    'Navigate towards the {adjectives} {shape}',
)


class Expected(Enum):
    """What should become of an instruction."""

    REFUSED = 'not understood'
    STAND = 'idle'
    FOLLOWED = 'followed'


NONSENSE: tuple[tuple[str, Expected], ...] = (
    ('make me a sandwich', Expected.REFUSED),
    ('do not go to the red ball', Expected.REFUSED),
    ("don't walk to the blue box", Expected.REFUSED),
    ('avoid the green cone', Expected.REFUSED),
    ('stay away from the yellow cylinder', Expected.REFUSED),
    ('go to the red ball and the blue box', Expected.REFUSED),
    ('go to the red ball or the red box', Expected.REFUSED),
    ('go to the ball behind the cone', Expected.REFUSED),
    ('walk to the ball next to the white box', Expected.REFUSED),
    ('go to the second red ball', Expected.REFUSED),
    ('kick the red ball', Expected.REFUSED),
    ('jump over the orange box', Expected.REFUSED),
    ('bring me the purple cone', Expected.REFUSED),
    ('where is the red ball', Expected.REFUSED),
    ('is there a white cylinder?', Expected.REFUSED),
    ('go to the pink ball', Expected.REFUSED),
    ('go to the red pyramid', Expected.REFUSED),
    ('go to the red bal', Expected.REFUSED),
    ('turn left', Expected.REFUSED),
    ('go', Expected.REFUSED),
    ('go there', Expected.REFUSED),
    ('go to the big one', Expected.REFUSED),
    ('asdf qwer', Expected.REFUSED),
    ('geh zum roten Ball', Expected.REFUSED),
    ('12345', Expected.REFUSED),
    ('🙂', Expected.STAND),
    ('', Expected.STAND),
    ('   ', Expected.STAND),
    ('stop', Expected.STAND),
    ('STOP!!!', Expected.STAND),
    ('stop going to the red ball', Expected.STAND),
    ('wait', Expected.STAND),
)
"""Instructions on which the robot must not move."""


@dataclass(frozen=True)
class Told:
    """An instruction and the object it names, by index in the world."""

    text: str
    target: int


def describe(world: World, target: int) -> tuple[str, ...]:
    """Return the fewest words of size, colour, shape that name one object and no other."""
    item = world.objects[target]
    doubles = [o for o in world.objects if (o.colour, o.shape) == (item.colour, item.shape)]
    words = (item.colour, item.shape)
    return words if len(doubles) == 1 else (item.size, *words)


def tell(world: World, target: int, rng: np.random.Generator) -> Told:
    """Say plainly which object to go to."""
    template = PLAIN[int(rng.integers(len(PLAIN)))]
    return Told(template.format(' '.join(describe(world, target))), target)


def paraphrase(world: World, target: int, rng: np.random.Generator) -> Told:
    """Say it in other words and another order."""
    words = describe(world, target)
    *adjectives, shape = words
    chosen = [_other(word, _SIZE_WORDS | _COLOUR_WORDS, rng) for word in adjectives]
    template = _FREE[int(rng.integers(len(_FREE)))]
    text = template.format(adjectives=' '.join(chosen), shape=_other(shape, _SHAPE_WORDS, rng))
    return Told(text, target)


def tell_absent(world: World, rng: np.random.Generator) -> str:
    """Name an object that is not there, half of the time one that is nearly there."""
    present = {(o.colour, o.shape) for o in world.objects}
    item: WorldObject = world.objects[int(rng.integers(len(world.objects)))]
    while True:
        colour, shape = str(rng.choice(list(COLOURS))), str(rng.choice(SHAPES))
        if rng.random() < 0.5:
            colour, shape = (item.colour, shape) if rng.random() < 0.5 else (colour, item.shape)
        if (colour, shape) not in present:
            size = f'{rng.choice(SIZES)} ' if rng.random() < 0.3 else ''
            return f'walk to the {size}{colour} {shape}'


def _other(word: str, words: dict[str, tuple[str, ...]], rng: np.random.Generator) -> str:
    return str(rng.choice(words[word]))
