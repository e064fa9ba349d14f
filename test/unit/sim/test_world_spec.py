# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""World files: what is wrong in one is said at once, with its place and what was expected."""

import pytest
from robot_policies import resources
from robot_policies.core.errors import ConfigError
from robot_policies.sim.layout import build_world
from robot_policies.sim.world_spec import load_world


@pytest.mark.parametrize('name', resources.names('worlds'))
def test_every_shipped_world_can_be_built_with_any_seed(name):
    for seed in (0, 1, 99):
        assert build_world(load_world(name), seed).name == name


def test_an_unknown_world_lists_the_shipped_ones():
    with pytest.raises(ConfigError, match='arena'):
        load_world('aren')


def test_all_mistakes_are_reported_at_once(spec_of):
    with pytest.raises(ConfigError) as caught:
        spec_of(
            arena={'lenght_m': 3.0},
            objects={'count_min': 'five'},
            items=[{'colour': 'pink', 'shape': 'ball', 'size': 'small', 'x_m': 0.0, 'y_m': 0.0}],
            weather='sunny',
        )
    message = str(caught.value)
    for words in ('did you mean length_m', 'count_min', 'pink', 'items[0]', 'weather is unknown'):
        assert words in message


def test_a_section_of_the_wrong_shape_is_refused(spec_of):
    with pytest.raises(ConfigError, match='items: expected a list'):
        spec_of(items={'colour': 'red'})
    with pytest.raises(ConfigError, match='arena: expected a mapping'):
        spec_of(arena=[1, 2])


def test_more_objects_than_colours_and_shapes_are_refused(spec_of):
    with pytest.raises(ConfigError, match='colours x shapes'):
        spec_of(objects={'count_min': 3, 'count_max': 3, 'colours': ['red'], 'shapes': ['ball']})


def test_a_start_of_two_numbers_is_refused(spec_of):
    with pytest.raises(ConfigError, match='expected x, y, yaw'):
        spec_of(arena={'start': [0.0, 1.0]})
