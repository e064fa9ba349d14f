# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The environment in which walking is learned."""

from collections.abc import Iterator
import dataclasses

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.locomotion.proprioception import observation_size
from robot_policies.training.training_ground import TrainingGround
from robot_policies.training.velocity_env import VelocityEnv
from robot_policies.training.velocity_mirror import actor_mirror, critic_mirror
from robot_policies.training.velocity_task import VelocityTask

_TASK = VelocityTask(robots=16, variants=4, threads=1)
_REST = np.zeros((16, 12))


@pytest.fixture
def env() -> Iterator[VelocityEnv]:
    """Return a small environment."""
    made = VelocityEnv(resources.load_robot('go2'), _TASK, seed=0)
    yield made
    made.close()


def test_observations_have_the_sizes_that_network_and_mirrors_expect(env: VelocityEnv) -> None:
    actor, critic = env.observe()
    assert actor.shape == (16, observation_size(12, _TASK.history))
    assert actor.shape[1] == len(actor_mirror(_TASK.history).order)
    assert critic.shape[1] == len(critic_mirror().order)


def test_untrained_trot_on_the_spot_stays_up_and_is_paid(env: VelocityEnv) -> None:
    steps = [env.step(_REST) for _ in range(60)]
    assert not np.any([step.fallen for step in steps])
    assert np.mean([step.reward for step in steps]) > 0.0


def test_limp_robots_fall_are_charged_and_put_back(env: VelocityEnv) -> None:
    folded = np.tile([0.0, 4.0, -8.0], (16, 4))
    fallen = np.zeros(16, dtype=bool)
    charged = []
    for _ in range(80):
        step = env.step(folded)
        charged += list(step.reward[step.fallen])
        fallen |= step.fallen
    assert fallen.all()
    assert max(charged) < 0.0
    assert (env.batch.qpos[:, 2] > 0.0).all()


def test_pushes_move_robots(env: VelocityEnv) -> None:
    env.push_share = 1.0
    pushed = env.arrays()
    pushed['next_push'][:] = 0
    env.restore(pushed)
    before = env.batch.qvel[:, :2].copy()
    env.step(_REST)
    assert np.linalg.norm(env.batch.qvel[:, :2] - before, axis=1).max() > 0.5


def test_two_environments_of_one_seed_are_equal() -> None:
    robot = resources.load_robot('go2')
    rewards = []
    for _ in range(2):
        env = VelocityEnv(robot, _TASK, seed=4)
        rewards.append(np.array([env.step(_REST).reward for _ in range(5)]))
        env.close()
    assert np.array_equal(*rewards)


def test_number_of_threads_does_not_change_the_result() -> None:
    robot = resources.load_robot('go2')
    rewards = []
    for threads in (1, 2):
        env = VelocityEnv(robot, dataclasses.replace(_TASK, threads=threads), seed=4)
        rewards.append(np.array([env.step(_REST).reward for _ in range(5)]))
        env.close()
    assert np.array_equal(*rewards)


def test_robots_can_be_sent_to_other_grounds(env: VelocityEnv) -> None:
    env.assign_grounds((0.0, 0.0, 0.0, 1.0), seed=5)
    env.difficulty, env.easiest = 1.0, 0.5
    env.start_over()
    ground = TrainingGround.build(np.random.default_rng(1)).strips
    places = env.batch.state().qpos[:, :2] - np.array(ground.centre[:2])
    half_x, half_y = ground.half_size_m
    assert (np.abs(places) < [half_x, half_y]).all()
    assert (places[:, 0] > half_x / 3.0).all()  # the last of the three strips
    assert (places[:, 1] > 0.0).all()  # its upper half
