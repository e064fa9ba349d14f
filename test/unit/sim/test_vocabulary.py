# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The words for objects: enough of them, and far enough apart to be told from one another."""

import colorsys
from itertools import combinations

import numpy as np
import pytest
from robot_policies.sim.look import draw_look
from robot_policies.sim.vocabulary import all_kinds, COLOURS, dimensions, SHAPES, SIZES


def test_there_is_enough_variety_for_language():
    assert len(COLOURS) >= 7
    assert len(SHAPES) >= 4
    assert len(all_kinds()) == len(COLOURS) * len(SHAPES) * len(SIZES)


@pytest.mark.parametrize('shape', SHAPES)
def test_a_large_object_is_much_higher_than_a_small_one(shape):
    assert dimensions('large', shape).height_m > 1.6 * dimensions('small', shape).height_m


def test_every_object_stands_up_into_the_scan_plane(go2):
    plane_m = go2.body.standing_height_m + go2.scan.position[2]
    for size, _, shape in all_kinds():
        assert dimensions(size, shape).height_m > plane_m + 0.1


def test_an_unknown_kind_is_refused_with_the_known_words():
    with pytest.raises(KeyError, match='small, large'):
        dimensions('tiny', 'ball')


def test_shades_of_one_colour_stay_nearer_to_it_than_to_any_other():
    # In hue, as that is what light leaves alone; white is the one without saturation.
    def place(rgb):
        hue, saturation, _ = colorsys.rgb_to_hsv(*rgb)
        return saturation * np.array([np.cos(2 * np.pi * hue), np.sin(2 * np.pi * hue)])

    looks = [draw_look(np.random.default_rng(seed), 1.0) for seed in range(10)]
    for name in COLOURS:
        for look in looks:
            shade = place(look.shade(name, 3))
            distances = {other: np.linalg.norm(shade - place(COLOURS[other])) for other in COLOURS}
            assert min(distances, key=distances.get) == name


def test_colours_are_far_apart():
    for first, second in combinations(COLOURS.values(), 2):
        assert np.linalg.norm(np.subtract(first, second)) > 0.35
