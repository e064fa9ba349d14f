# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a new chunk must agree with: the actions that are executed while it is being made.

After K. Black, M. Y. Galliker and S. Levine, Real-Time Execution of Action Chunking Flow
Policies (2025).
"""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray, frozen

EASE_STEPS = 3
"""Over so many steps the difference that is left behind the frozen actions is taken off."""


@dataclass(frozen=True, eq=False)
class CommittedPrefix:
    """The present plan on the grid of the chunk that is asked for.

    Action `k` is what the plan says at the observation's stamp + (k + 1) steps. Base velocities
    are those of the moving base frame at that instant, so they are the same numbers in every
    chunk, whichever pose the base had when the chunk was made. A policy whose actions are
    relative to the pose at the observation has to transform them.

    Attributes:
        actions: (n, D) in physical units; n is at most the length of a chunk.
        frozen: So many of the first are executed whatever the answer is; at most n.
        weights: (n,) in [0, 1]: how much the answer shall agree; 1 for the frozen ones.
        max_guidance: Largest gain of the guidance towards them (beta of the publication).
    """

    actions: FloatArray
    frozen: int
    weights: FloatArray
    max_guidance: float = 5.0

    def __post_init__(self) -> None:
        """Freeze the arrays and check that they fit together."""
        actions = frozen(self.actions, name='actions', shape=(None, None))
        weights = frozen(self.weights, name='weights', shape=(len(actions),))
        object.__setattr__(self, 'actions', actions)
        object.__setattr__(self, 'weights', weights)
        if not 0 <= self.frozen <= len(actions):
            raise ValueError(f'CommittedPrefix: {self.frozen} frozen of {len(actions)}')

    def over(self, actions: FloatArray) -> FloatArray:
        """Return (…, H, D) actions whose first ones are the frozen ones of the prefix.

        Guidance brings a chunk near to what is frozen, not onto it. What it lacks at the last
        frozen action is taken off over the next steps, so that no jump is left at the border.
        """
        held = np.array(actions)
        count = min(self.frozen, held.shape[-2])
        if not count:
            return held
        lacking = self.actions[count - 1] - held[..., count - 1, :]
        held[..., :count, :] = self.actions[:count]
        behind = held[..., count : count + EASE_STEPS, :]
        share = 1.0 - np.arange(1, behind.shape[-2] + 1) / (EASE_STEPS + 1.0)
        behind += share[:, np.newaxis] * lacking[..., np.newaxis, :]
        return held


def soft_mask(frozen_steps: int, known_steps: int) -> FloatArray:
    """Return (known_steps,) weights: 1 while frozen, then falling exponentially towards 0.

    With c = (n − k) / (n − d + 1) for step k, d frozen and n known ones, the weight is
    c·(e^c − 1) / (e − 1), equation 5 of Black et al. (2025).
    """
    steps = np.arange(known_steps, dtype=np.float64)
    fall = (known_steps - steps) / (known_steps - frozen_steps + 1.0)
    weights = fall * np.expm1(fall) / np.expm1(1.0)
    return np.asarray(np.where(steps < frozen_steps, 1.0, weights))
