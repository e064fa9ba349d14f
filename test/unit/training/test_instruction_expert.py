# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The planar worlds show what MuJoCo shows, and the expert gets everywhere without touching."""

import numpy as np
import pytest
from robot_policies.resources import load_robot
from robot_policies.sim.layout import build_world
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.world_spec import load_world
from robot_policies.training.instruction_arena import ArenaBatch
from robot_policies.training.instruction_expert import build_fields, Expert, move

ROBOT = load_robot('go2')


@pytest.fixture(scope='module')
def worlds():
    spec = load_world('instruction_eval')
    return [build_world(spec, seed) for seed in range(4)]


def test_planar_scans_are_those_of_the_ray_scanner(worlds):
    arena = ArenaBatch.from_worlds(worlds)
    puppet = Puppet(ROBOT)
    for i, world in enumerate(worlds):
        puppet.enter(world)
        scan = puppet.scan()
        poses = np.tile(world.start, (len(worlds), 1))
        planar = arena.scan(poses, scan.angles(), longest_m=8.0)[i]
        difference = np.abs(np.where(np.isfinite(scan.ranges), scan.ranges, 8.0) - planar)
        assert np.percentile(difference, 98) < 0.01


def test_distances_are_those_of_the_world(worlds):
    arena = ArenaBatch.from_worlds(worlds)
    points = np.random.default_rng(0).uniform(-3.0, 3.0, (len(worlds), 5, 2))
    for i, world in enumerate(worlds):
        count = len(world.outlines)
        np.testing.assert_allclose(
            arena.distances(points)[i][:, :count], world.outlines.point_distances(points[i])
        )


def test_the_expert_stops_before_its_target_and_touches_nothing(worlds):
    arena = ArenaBatch.from_worlds(worlds)
    targets = np.array([1, 0, 2, 3])
    expert = Expert(arena, targets, build_fields(arena, targets))
    poses, velocity = np.array([world.start for world in worlds]), np.zeros((4, 3))
    closest = np.full(4, np.inf)
    for _ in range(160):
        velocity = expert.chunk(poses, velocity, np.zeros(4), steps=1, dt_s=0.1)[:, 0]
        poses = move(poses, velocity, 0.1)
        for i, world in enumerate(worlds):
            closest[i] = min(closest[i], world.clearances(*poses[i], ROBOT.body).min())
    assert (closest > 0.05).all()
    np.testing.assert_allclose(
        expert.target_distances(poses[:, :2]), expert.settings.stop_m, atol=0.06
    )
    assert np.abs(velocity).max() < 0.02


def test_searching_turns_on_the_spot_to_the_side_asked_for(worlds):
    arena = ArenaBatch.from_worlds(worlds[:2])
    targets = np.array([0, 0])
    expert = Expert(arena, targets, build_fields(arena, targets))
    poses = np.array([world.start for world in worlds[:2]])
    chunk = expert.chunk(poses, np.zeros((2, 3)), np.array([1.0, -1.0]), steps=16, dt_s=0.1)
    assert not chunk[..., :2].any()
    assert (np.sign(chunk[:, :, 2]) == [[1.0], [-1.0]]).all()


def test_chunks_start_at_the_present_velocity_and_keep_to_the_acceleration(worlds):
    arena = ArenaBatch.from_worlds(worlds[:2])
    targets = np.array([0, 0])
    expert = Expert(arena, targets, build_fields(arena, targets))
    poses = np.array([world.start for world in worlds[:2]])
    velocity = np.array([[0.6, 0.0, 0.0], [0.0, 0.0, 0.8]])
    chunk = expert.chunk(poses, velocity, np.zeros(2), steps=16, dt_s=0.1)
    steps = np.diff(np.concatenate([velocity[:, None], chunk], axis=1), axis=1)
    assert np.abs(steps[..., :2]).max() <= expert.settings.acceleration * 0.1 + 1e-9
    assert np.abs(steps[..., 2]).max() <= expert.settings.yaw_acceleration * 0.1 + 1e-9
