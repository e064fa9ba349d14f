# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Drawn worlds: reproducible, free at the start, every object within reach and nameable."""

import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.sim.layout import build_world
from robot_policies.sim.reachability import free_ground, unreachable
from robot_policies.sim.world_spec import load_world

SEEDS = range(25)


@pytest.fixture(scope='module')
def worlds():
    spec = load_world('instruction_eval')
    return [build_world(spec, seed) for seed in SEEDS]


def test_one_seed_gives_one_world_and_another_gives_another(worlds):
    again = build_world(load_world('instruction_eval'), 3)
    assert again == worlds[3]
    assert again != worlds[4]


def test_evaluation_worlds_have_five_objects_and_something_in_the_way(worlds):
    assert min(len(world.objects) for world in worlds) >= 5
    assert min(len(world.obstacles) for world in worlds) >= 2


def test_the_robot_starts_clear_of_everything(worlds, go2):
    for world in worlds:
        assert world.clearances(*world.start, go2.body).min() > 0.2


def test_things_leave_a_gap_to_one_another(worlds):
    for world in worlds:
        outlines = world.outlines
        apart = np.linalg.norm(outlines.centres[:, None] - outlines.centres[None], axis=-1)
        radius = np.array([outline.radius_m for outline in outlines.outlines])
        gaps = apart - radius[:, None] - radius[None]
        assert gaps[~np.eye(len(outlines), dtype=bool)].min() >= 0.9 - 1e-9


def test_every_object_can_be_named_apart_from_all_others(worlds):
    for world in worlds:
        names = [item.name for item in world.objects]
        assert len(set(names)) == len(names)


def test_attributes_are_partly_shared_so_that_one_word_is_not_enough(worlds):
    shared = sum(len({item.shape for item in w.objects}) < len(w.objects) for w in worlds)
    assert shared > len(worlds) / 2


def test_every_object_is_reachable(worlds):
    assert [unreachable(world, 0.5) for world in worlds] == [''] * len(worlds)


def _ring(gap):
    """Twelve crates around the origin, with or without a door in between."""
    angles = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)[gap:]
    return [
        {
            'kind': 'crate',
            'x_m': float(1.5 * np.cos(a)),
            'y_m': float(1.5 * np.sin(a)),
            'yaw_rad': float((a + np.pi) % (2 * np.pi) - np.pi),
            'half_x_m': 0.1,
            'half_y_m': 0.32,
        }
        for a in angles
    ]


@pytest.mark.parametrize(('gap', 'is_open'), [(0, False), (4, True)])
def test_an_object_behind_a_closed_ring_is_refused_and_one_behind_a_door_is_not(
    spec_of, gap, is_open
):
    spec = spec_of(
        arena={'start': [-3.3, -3.3, 0.0]},
        items=[{'colour': 'red', 'shape': 'ball', 'size': 'small', 'x_m': 0.0, 'y_m': 0.0}],
        blocks=_ring(gap),
    )
    if is_open:
        world = build_world(spec, 0)
        ground = free_ground(world, 0.5)
        centre = np.argmin(np.linalg.norm(ground.points - [0.5, 0.5], axis=1))
        assert ground.distances[centre, 0] < 1.0
    else:
        with pytest.raises(ConfigError, match='small red ball cannot be reached'):
            build_world(spec, 0)


def test_a_start_inside_an_obstacle_is_refused(spec_of):
    spec = spec_of(
        arena={'start': [0.0, 0.0, 0.0]}, blocks=[{'kind': 'pillar', 'x_m': 0.2, 'y_m': 0.0}]
    )
    with pytest.raises(ConfigError, match='start'):
        build_world(spec, 0)


def test_an_arena_that_is_too_small_says_so(spec_of):
    spec = spec_of(
        arena={'length_m': 3.0, 'width_m': 3.0}, objects={'count_min': 8, 'count_max': 8}
    )
    with pytest.raises(ConfigError, match='enlarge arena'):
        build_world(spec, 0)


def test_two_equal_fixed_items_are_refused(spec_of):
    item = {'colour': 'red', 'shape': 'ball', 'size': 'small', 'x_m': 0.0, 'y_m': 0.0}
    with pytest.raises(ConfigError, match='two are small red ball'):
        build_world(spec_of(items=[item, {**item, 'x_m': 2.0}]), 0)


def test_nothing_stands_on_uneven_ground(spec_of):
    spec = spec_of(
        objects={'count_min': 4, 'count_max': 4},
        patches=[{'kind': 'rough', 'x_m': 0.0, 'y_m': 0.0, 'length_m': 3.0, 'width_m': 3.0}],
    )
    world = build_world(spec, 1)
    assert [world.height_at(*outline) for outline in world.outlines.centres] == [0.0] * 4
    assert world.height_at(0.0, 0.0) > 0.0


def test_kicks_come_about_as_often_and_exactly_as_hard_as_asked(spec_of):
    world = build_world(spec_of(pushes={'speed_m_s': 0.7, 'interval_s': 4.0}), 0)
    times = np.array([push.time_s for push in world.pushes])
    assert np.diff(times).mean() == pytest.approx(4.0, abs=0.5)
    assert [np.hypot(push.vx, push.vy) for push in world.pushes] == pytest.approx(
        [0.7] * len(times)
    )
    assert build_world(spec_of(), 0).pushes == ()
