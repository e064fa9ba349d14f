# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Nominal pictures are those of a day's work: on the way, and standing before things."""

import numpy as np
import pytest
from robot_policies.resources import load_robot
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.world_spec import load_world
from robot_policies.training.novelty_views import CASES, NOMINAL, view

ROBOT = load_robot('go2')
SEEDS = range(16)


class Watched(Puppet):
    """Sees black, and notes where it was and how fast."""

    def enter(self, world, seed=0):
        self.seen = []
        super().enter(world, seed)

    def image(self, _camera):
        gap = self.world.outlines.point_distances(self.pose[None, :2])[0]
        nearest = gap[: len(self.world.objects)].min()
        touched = self.clearances.min() <= 0.0
        self.seen.append((nearest, np.abs(self.velocity).max(), touched))
        return np.zeros((12, 16, 3), np.uint8)


def first_pixels(image):
    return image.pixels[0, :2]


@pytest.fixture(scope='module')
def drives():
    spec, puppet, found = load_world('instruction_eval'), Watched(ROBOT), []
    for seed in SEEDS:
        told = view(puppet, first_pixels, spec, NOMINAL, camera='front', seconds=14.0, seed=seed)
        assert told.shape == (70, 2, 3)
        found.append(np.array(puppet.seen))
    return found


def test_about_half_of_the_drives_stand_before_a_thing_for_a_second(drives):
    stood = [((d[:, 0] < 1.0) & (d[:, 1] < 0.05)).sum() >= 5 for d in drives]
    assert 4 <= sum(stood) <= 12


def test_no_drive_touches_anything(drives):
    assert not any(drive[:, 2].any() for drive in drives)


def test_the_cases_are_driven_as_the_nominal_world_is():
    spec, puppet = load_world('instruction_eval'), Watched(ROBOT)
    dark = next(case for case in CASES if case.name == 'dark')
    paths = []
    for case in (NOMINAL, dark):
        view(puppet, first_pixels, spec, case, camera='front', seconds=6.0, seed=3)
        paths.append(np.array(puppet.seen))
    np.testing.assert_array_equal(*paths)
