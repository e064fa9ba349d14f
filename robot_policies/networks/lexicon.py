# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The words that instructions are made of, and what each of them comes down to.

A word is listed here only if it can be taken for the canonical one without guessing. What is not
listed is not understood, and the operator is told so.
"""

from collections.abc import Mapping
from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'red': ('crimson', 'scarlet', 'ruby', 'vermilion', 'cherry', 'reddish'),
        'green': ('emerald', 'greenish', 'verdant', 'jade'),
        'blue': ('azure', 'cobalt', 'navy', 'sapphire', 'bluish', 'ultramarine'),
        'yellow': ('gold', 'golden', 'lemon', 'yellowish', 'canary'),
        'purple': ('violet', 'amethyst', 'lilac', 'purplish'),
        'orange': ('tangerine', 'orangish'),
        'white': ('whitish', 'snowy', 'ivory'),
        'black': ('ebony',),
        'pink': ('rose',),
        'brown': ('chestnut',),
        'grey': ('gray', 'silver'),
        'cyan': ('turquoise', 'teal'),
    }
)

SHAPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'ball': ('balls', 'sphere', 'spheres', 'globe', 'orb'),
        'box': ('boxes', 'cube', 'cubes', 'crate', 'cuboid', 'block'),
        'cylinder': ('cylinders', 'drum', 'tube', 'barrel', 'column', 'pillar'),
        'cone': ('cones', 'pylon'),
        'pyramid': (),
        'ring': ('torus', 'donut'),
        'capsule': (),
    }
)

SIZES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'small': ('little', 'tiny', 'smaller', 'smallest', 'mini'),
        'large': ('big', 'huge', 'larger', 'largest', 'bigger', 'biggest', 'giant', 'tall'),
    }
)

MOTIONS = _words(
    """
    go goto walk move head approach come run trot navigate proceed travel advance drive
    march stroll step get find reach visit seek locate going walking moving heading
    """
)
"""Verbs that all mean: be where the thing is."""

STOPS = _words(
    """
    stop halt stand stay wait freeze pause rest
    """
)
"""Verbs that mean: do not walk."""

FILLERS = _words(
    """
    a an the that this which is its in front of to toward towards at by near up over on
    until one thing object item please now just robot dog go2 you your could would will
    shall should me us i we want need like lets let and then there here it coloured
    colored colour color straight directly quickly slowly close closer next beside hey
    ok okay for way can shaped
    """
)
"""Words that change nothing about where to go."""

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ('not', 'dont', 'never', 'no', 'without', 'except', 'avoid', 'neither', 'nor', 'wont',
             'but', 'cannot', 'cant', 'ignore', 'unless'),
            'I only understand where to go, not where not to go',
        ),
        **dict.fromkeys(
            ('or', 'either', 'both', 'between', 'behind', 'left', 'right', 'around', 'past',
             'away', 'from', 'back', 'after', 'before', 'under', 'above', 'two', 'three', 'all',
             'every', 'first', 'second', 'other', 'another', 'than', 'with'),
            'I understand one object at a time, named by its size, colour and shape',
        ),
    }
)  # fmt: skip
"""Words that change what is meant in a way that the policy cannot follow -> why it is refused."""
