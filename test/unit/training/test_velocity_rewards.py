# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What walking is paid for."""

import dataclasses

import numpy as np
from robot_policies.training.velocity_rewards import (
    GaitTargets,
    reward_terms,
    RewardWeights,
    StepFacts,
    total_reward,
)


def _facts(**changes: np.ndarray) -> StepFacts:
    """Return a robot that stands perfectly."""
    zeros = {'joint_offset', 'joint_velocity', 'joint_acceleration', 'torque'}
    values = {name: np.zeros((1, 12)) for name in zeros}
    values.update(
        linear=np.zeros((1, 3)),
        angular=np.zeros((1, 3)),
        gravity=np.array([[0.0, 0.0, -1.0]]),
        height=np.array([GaitTargets().height_m]),
        action=np.zeros((1, 3, 12)),
        contact=np.ones((1, 4)),
        foot_height=np.zeros((1, 4)),
        foot_offset=np.zeros((1, 4, 2)),
        foot_speed=np.zeros((1, 4)),
        swing=np.zeros((1, 4)),
        command=np.zeros((1, 3)),
        moving=np.zeros(1),
        rough=np.zeros(1),
        fallen=np.zeros(1, dtype=bool),
    )
    return dataclasses.replace(StepFacts(**values), **changes)


def _reward(facts: StepFacts) -> float:
    return float(total_reward(reward_terms(facts, GaitTargets()), RewardWeights(), 0.02)[0])


def test_every_term_has_a_weight_and_every_weight_a_term() -> None:
    terms = reward_terms(_facts(), GaitTargets())
    assert set(terms) == {item.name for item in dataclasses.fields(RewardWeights)}


def test_following_the_command_pays_more_than_not() -> None:
    command = np.array([[0.5, 0.0, 0.0]])
    following = _facts(command=command, linear=np.array([[0.5, 0.0, 0.0]]))
    lagging = _facts(command=command, linear=np.array([[0.3, 0.0, 0.0]]))
    assert _reward(following) > _reward(lagging) > _reward(_facts(command=command))


def test_swinging_foot_is_paid_at_its_height_and_not_on_the_ground() -> None:
    swing = np.array([[0.5, 0.0, 0.0, 0.5]])
    contact = np.array([[0.0, 1.0, 1.0, 0.0]])
    top = GaitTargets().clearance_m * (swing > 0)
    moving = np.ones(1)
    lifted = _facts(moving=moving, swing=swing, contact=contact, foot_height=top)
    dragged = _facts(moving=moving, swing=swing)
    assert _reward(lifted) > _reward(dragged)


def test_costs_eat_up_gains_but_only_falls_make_it_negative() -> None:
    shaking = _facts(joint_velocity=np.full((1, 12), 50.0), torque=np.full((1, 12), 30.0))
    assert _reward(shaking) == 0.0
    assert _reward(dataclasses.replace(shaking, fallen=np.ones(1, dtype=bool))) < 0.0
