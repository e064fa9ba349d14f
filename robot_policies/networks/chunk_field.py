# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The velocity field of a flow over chunks of actions, conditioned on what a policy knows."""

from robot_policies.networks.film import FilmMlp
from robot_policies.networks.flow_matching import time_embedding
from robot_policies.networks.scan_encoder import ScanEncoder
import torch
from torch import nn

_TIME_SIZE = 8


class ConditionEncoder(nn.Module):
    """Joins a state vector and a ring of distances into one condition."""

    def __init__(self, *, state_size: int, sectors: int, size: int) -> None:
        """Build the encoder.

        Args:
            state_size: Length of the state vector.
            sectors: Length of the ring of distances that follows it.
            size: Length of the condition.
        """
        super().__init__()
        self.state_size = state_size
        self.scan = ScanEncoder(sectors, size)
        self.state = nn.Linear(state_size, size)
        self.mix = nn.Sequential(nn.SiLU(), nn.Linear(2 * size, size), nn.SiLU())

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return (batch, size) for inputs (batch, state_size + sectors)."""
        state, ring = inputs[:, : self.state_size], inputs[:, self.state_size :]
        return torch.as_tensor(self.mix(torch.cat([self.state(state), self.scan(ring)], dim=-1)))


class ChunkField(nn.Module):
    """FiLM residual blocks that say where a noisy chunk should move."""

    def __init__(
        self, *, steps: int, action_size: int, condition_size: int, width: int, depth: int
    ) -> None:
        """Build the field.

        Args:
            steps: Actions in a chunk.
            action_size: Length of one action.
            condition_size: Length of the condition.
            width: Length of the residual stream.
            depth: Number of blocks.
        """
        super().__init__()
        size = steps * action_size
        self.trunk = FilmMlp(size, size, condition_size + _TIME_SIZE, width=width, depth=depth)

    def forward(self, x: torch.Tensor, t: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        """Return (batch, steps·action_size) for the same x, t (batch,), condition (batch, c)."""
        condition = torch.cat([condition, time_embedding(t, _TIME_SIZE)], dim=-1)
        return torch.as_tensor(self.trunk(x, condition))
