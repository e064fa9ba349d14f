# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A flow over chunks of base velocities, conditioned on target, own motion and surroundings."""

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.committed_prefix import CommittedPrefix
from robot_policies.networks.chunk_field import ChunkField, ConditionEncoder
from robot_policies.networks.flow_matching import (
    flow_matching_loss,
    integrate,
    Solver,
    VelocityField,
)
from robot_policies.networks.inpainting import guided_field
from robot_policies.networks.navigation_inputs import STATE_SIZE
from robot_policies.networks.normalizer import Normalizer
import torch
from torch import nn

ACTIONS = Normalizer(np.zeros(3), np.array([0.4, 0.12, 0.5]))
"""What counts as one to the network: m/s, m/s, rad/s. Zero stays zero: standing is exact."""


class NavigationFlow(nn.Module):
    """Condition encoder and vector field, trained together."""

    def __init__(
        self, *, sectors: int, steps: int, condition_size: int, width: int, depth: int
    ) -> None:
        """Build the networks.

        Args:
            sectors: Length of the ring of distances.
            steps: Actions in a chunk.
            condition_size: Length of the condition.
            width: Length of the field's residual stream.
            depth: Blocks of the field.
        """
        super().__init__()
        self.steps = steps
        self.condition = ConditionEncoder(
            state_size=STATE_SIZE, sectors=sectors, size=condition_size
        )
        self.field = ChunkField(
            steps=steps,
            action_size=len(ACTIONS.scale),
            condition_size=condition_size,
            width=width,
            depth=depth,
        )
        scale = torch.tensor(ACTIONS.scale, dtype=torch.float32)
        self.register_buffer('scale', scale, persistent=False)
        self.scale: torch.Tensor

    def loss(self, inputs: torch.Tensor, chunks: torch.Tensor) -> torch.Tensor:
        """Return (batch,) loss for inputs (batch, STATE_SIZE + sectors), chunks (batch, H, 3)."""
        data = (chunks / self.scale).flatten(1)
        return flow_matching_loss(self.field, data, self.condition(inputs))

    def sample(
        self,
        inputs: npt.NDArray[np.float32],
        noise: npt.NDArray[np.float32],
        *,
        steps: int,
        solver: Solver = 'heun',
        prefix: CommittedPrefix | None = None,
    ) -> FloatArray:
        """Return (batch, H, 3) chunks in m/s and rad/s.

        Args:
            inputs: (batch, STATE_SIZE + sectors), or (1, …) for all samples alike.
            noise: (batch, 3·H) standard normal; the same noise gives the same chunk.
            steps: Steps of the solver.
            solver: Its kind.
            prefix: What every chunk shall continue; its frozen actions come first unaltered.
        """
        with torch.no_grad():  # not inference mode: guidance looks back through the field
            condition = self.condition(torch.from_numpy(inputs))
            start = torch.from_numpy(noise)
            condition = condition.expand(len(start), -1)
            field = self.field if prefix is None else self._guided(prefix)
            flat = integrate(field, start, condition, steps=steps, solver=solver)
            chunks = flat.reshape(-1, self.steps, len(ACTIONS.scale)).numpy()
        actions = ACTIONS.denormalize(chunks.astype(np.float64))
        return actions if prefix is None else prefix.over(actions)

    def _guided(self, prefix: CommittedPrefix) -> VelocityField:
        """Return the field whose chunks agree with a prefix."""
        count = min(self.steps, len(prefix.actions))
        known = np.zeros((self.steps, len(ACTIONS.scale)), dtype=np.float32)
        known[:count] = ACTIONS.normalize(prefix.actions[:count])
        weights = np.zeros_like(known)
        weights[:count] = prefix.weights[:count, np.newaxis]
        flat, mask = torch.from_numpy(known.ravel()), torch.from_numpy(weights.ravel())
        return guided_field(self.field, flat, mask, max_gain=prefix.max_guidance)
