# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Feature-wise linear modulation: a condition scales and shifts what a layer computes.

Perez et al., "FiLM: Visual Reasoning with a General Conditioning Layer", AAAI 2018.
"""

import torch
from torch import nn


class Film(nn.Module):
    """Scales and shifts the last axis by two linear functions of a condition."""

    def __init__(self, condition_size: int, size: int) -> None:
        """Start as the identity, so that training starts from the unconditioned network.

        Args:
            condition_size: Length of the condition.
            size: Length of the axis that is modulated.
        """
        super().__init__()
        self.project = nn.Linear(condition_size, 2 * size)
        nn.init.zeros_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def forward(self, values: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        """Return (…, size); the condition (…, condition_size) broadcasts against `values`."""
        scale, shift = self.project(condition).chunk(2, dim=-1)
        return torch.as_tensor(values * (1.0 + scale) + shift)


class FilmResidualBlock(nn.Module):
    """A residual two-layer perceptron whose normalised input is modulated by a condition."""

    def __init__(self, size: int, condition_size: int, *, expansion: int = 2) -> None:
        """Build the block.

        Args:
            size: Length of the input and output.
            condition_size: Length of the condition.
            expansion: Width of the hidden layer as a multiple of `size`.
        """
        super().__init__()
        self.norm = nn.LayerNorm(size, elementwise_affine=False)
        self.film = Film(condition_size, size)
        self.inner = nn.Linear(size, expansion * size)
        self.outer = nn.Linear(expansion * size, size)
        nn.init.zeros_(self.outer.weight)
        nn.init.zeros_(self.outer.bias)

    def forward(self, values: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        """Return (batch, size) for values (batch, size) and condition (batch, condition_size)."""
        hidden = self.film(self.norm(values), condition)
        hidden = nn.functional.silu(self.inner(hidden))
        return values + torch.as_tensor(self.outer(hidden))


class FilmMlp(nn.Module):
    """A perceptron of FiLM residual blocks: the trunk of a conditional vector field."""

    def __init__(
        self, in_size: int, out_size: int, condition_size: int, *, width: int, depth: int
    ) -> None:
        """Build the network; it starts as the zero function.

        Args:
            in_size: Length of the input.
            out_size: Length of the output.
            condition_size: Length of the condition.
            width: Length of the residual stream.
            depth: Number of blocks.
        """
        super().__init__()
        self.enter = nn.Linear(in_size, width)
        self.blocks = nn.ModuleList(FilmResidualBlock(width, condition_size) for _ in range(depth))
        self.leave = nn.Linear(width, out_size)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, values: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        """Return (batch, out_size) for values (batch, in_size), condition (batch, c)."""
        hidden = self.enter(values)
        for block in self.blocks:
            hidden = block(hidden, condition)
        return torch.as_tensor(self.leave(hidden))
