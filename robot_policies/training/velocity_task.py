# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The task of walking to a velocity command, as numbers."""

from dataclasses import dataclass, field

from robot_policies.locomotion.gait import Gait
from robot_policies.sim.randomisation import Randomisation
from robot_policies.training.velocity_rewards import GaitTargets, RewardWeights


@dataclass(frozen=True, kw_only=True)
class VelocityTask:
    """Everything that defines the task.

    Attributes:
        robots: Number of robots in the batch.
        variants: Number of differently randomised models among them.
        threads: Threads that step the physics.
        control_period_s: Time between two actions.
        physics_steps: Physics steps per action.
        episode_s: Length of an episode.
        history: Frames of proprioception that the actor sees.
        action_scale_rad: Joint offset for a network output of one.
        kind_shares: Share of the robots on each of `training_ground.KINDS`.
        standing_share: Share of commands that are zero.
        command_s: Shortest and longest time between two commands.
        push_s: Shortest and longest time between two pushes.
        push_m_s: Largest horizontal speed that a push adds.
        gait: The trot that the network's outputs are added to.
        targets: What a tidy trot looks like.
        weights: What counts how much.
        randomisation: How robots and sensors differ.
    """

    robots: int = 256
    variants: int = 64
    threads: int = 2
    control_period_s: float = 0.02
    physics_steps: int = 2
    episode_s: float = 20.0
    history: int = 3
    action_scale_rad: float = 0.25
    kind_shares: tuple[float, ...] = (0.45, 0.12, 0.18, 0.25)
    standing_share: float = 0.12
    command_s: tuple[float, float] = (3.0, 8.0)
    push_s: tuple[float, float] = (3.0, 7.0)
    push_m_s: float = 1.5
    gait: Gait = field(default_factory=Gait)
    targets: GaitTargets = field(default_factory=GaitTargets)
    weights: RewardWeights = field(default_factory=RewardWeights)
    randomisation: Randomisation = field(default_factory=Randomisation)

    def steps(self, seconds: float) -> int:
        """Return how many control periods a time is."""
        return round(seconds / self.control_period_s)
