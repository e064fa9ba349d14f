# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Conditional flow matching: learn the velocity field that carries noise to data.

Lipman et al., "Flow Matching for Generative Modeling", ICLR 2023, with straight paths: at time t
in [0, 1] a sample lies at (1 − t)·noise + t·data and moves with data − noise. Nothing in here
knows what the data are: an action chunk, a pose, a picture.
"""

from collections.abc import Callable
import math
from typing import Literal

import torch

VelocityField = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""(x (batch, n), t (batch,), condition (batch, c)) -> velocity (batch, n)."""

Solver = Literal['euler', 'heun']


def time_embedding(t: torch.Tensor, size: int) -> torch.Tensor:
    """Return (batch, size) sines and cosines of t (batch,) at octaves of π; size is even."""
    octaves = torch.arange(size // 2, dtype=t.dtype, device=t.device)
    angles = t[:, None] * math.pi * 2.0**octaves
    return torch.cat([torch.sin(angles), torch.cos(angles)], dim=-1)


def flow_matching_loss(
    field: VelocityField,
    data: torch.Tensor,
    condition: torch.Tensor,
    *,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Return (batch,) the squared error of the field at one random time per sample.

    Args:
        field: The network.
        data: (batch, n) normalised samples.
        condition: (batch, c).
        generator: Source of randomness.
    """
    noise = torch.randn(data.shape, generator=generator, dtype=data.dtype)
    t = torch.rand(len(data), generator=generator, dtype=data.dtype)
    position = torch.lerp(noise, data, t[:, None])
    return (field(position, t, condition) - (data - noise)).square().mean(dim=-1)


def integrate(
    field: VelocityField,
    noise: torch.Tensor,
    condition: torch.Tensor,
    *,
    steps: int,
    solver: Solver = 'heun',
) -> torch.Tensor:
    """Carry noise to data.

    Args:
        field: The network.
        noise: (batch, n) start; the same start gives the same result.
        condition: (batch, c).
        steps: Number of equal steps; each costs one evaluation (`euler`) or two (`heun`).
        solver: How a step is made.

    Returns:
        (batch, n).
    """
    x = noise
    for i in range(steps):
        t = torch.full((len(x),), i / steps, dtype=x.dtype)
        velocity = field(x, t, condition)
        if solver == 'heun' and i + 1 < steps:
            ahead = field(x + velocity / steps, t + 1.0 / steps, condition)
            velocity = 0.5 * (velocity + ahead)
        x = x + velocity / steps
    return x
