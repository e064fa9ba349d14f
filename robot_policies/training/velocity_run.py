# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A training run of a velocity controller, as numbers."""

from dataclasses import dataclass, field

import numpy as np
from robot_policies.training.ppo import PpoConfig
from robot_policies.training.velocity_rewards import RewardWeights
from robot_policies.training.velocity_task import VelocityTask


@dataclass(frozen=True, kw_only=True)
class VelocityRun:
    """Everything that defines a training run but its seed.

    Attributes:
        steps: Steps of all robots together, until exploration has ended.
        settling_steps: Further steps, in which the learning rate falls to zero and rough ground is
            met at its full size only.
        settling_rate: Largest learning rate at their beginning.
        settling_shares: Share of the robots on each kind of ground then.
        settling_easiest: From how far up the strips of rough ground robots start then, in [0, 1].
        refining_rounds: How often at most a run whose gait misses a bar goes on after that.
        refining_steps: Steps of such a round, in which the learning rate falls to zero again.
        refining_weights: What counts how much in them.
        widths: Hidden layers of actor and critic.
        ground_ramp: Parts of the run between which rough ground gets to its full difficulty.
        push_ramp: The same for pushes.
    """

    steps: int = 6_000_000
    settling_steps: int = 5_000_000
    settling_rate: float = 4e-4
    settling_shares: tuple[float, ...] = (0.40, 0.10, 0.13, 0.37)
    settling_easiest: float = 0.5
    refining_rounds: int = 3
    refining_steps: int = 1_200_000
    refining_weights: RewardWeights = field(
        default_factory=lambda: RewardWeights(tilt=-40.0, contact=1.6)
    )
    widths: tuple[int, ...] = (128, 128, 64)
    ground_ramp: tuple[float, float] = (0.025, 0.25)
    push_ramp: tuple[float, float] = (-0.03, 0.17)
    task: VelocityTask = field(default_factory=VelocityTask)
    ppo: PpoConfig = field(default_factory=PpoConfig)

    @property
    def steps_per_iteration(self) -> int:
        """Steps of all robots in one iteration."""
        return self.task.robots * self.ppo.horizon

    @property
    def iterations(self) -> int:
        """Number of iterations, without rounds of refining."""
        return self.exploring + self.settling_steps // self.steps_per_iteration

    @property
    def exploring(self) -> int:
        """Number of iterations before it settles."""
        return max(1, self.steps // self.steps_per_iteration)

    @property
    def rounds(self) -> tuple[tuple[int, int], ...]:
        """Iterations at which each round of refining begins and ends."""
        length = max(1, self.refining_steps // self.steps_per_iteration)
        begins = [self.iterations + length * done for done in range(self.refining_rounds)]
        return tuple((begin, begin + length) for begin in begins)

    def largest_rate(self, iteration: int) -> float:
        """Return what the learning rate may not exceed."""
        if iteration < self.exploring:
            return np.inf
        falls = ((self.exploring, self.iterations), *self.rounds)
        begin, end = next(fall for fall in reversed(falls) if iteration >= fall[0])
        return self.settling_rate * (1.0 - (iteration - begin) / max(1, end - begin))
