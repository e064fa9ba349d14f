# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Worlds and robots for the tests of the simulator."""

import pytest
from robot_policies.resources import load_robot
from robot_policies.sim.layout import build_world
from robot_policies.sim.world_spec import load_world, WorldSpec


@pytest.fixture(scope='session')
def go2():
    return load_robot('go2')


@pytest.fixture(scope='session')
def arena():
    return build_world(load_world('arena'), 0)


@pytest.fixture
def spec_of():
    """Return a function: sections as keywords -> WorldSpec."""

    def make(**sections):
        return WorldSpec.from_mapping(sections, name='test', where='test')

    return make
