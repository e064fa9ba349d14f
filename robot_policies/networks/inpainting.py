# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Samples that agree with what is known of them: in-painting by guidance while sampling.

Pseudo-inverse guidance, J. Song et al., Pseudoinverse-Guided Diffusion Models for Inverse
Problems (2023), carried over to flows by A. Pokle et al., Training-free Linear Image Inverses via
Flows (2024); with a soft mask and a clipped gain as in K. Black, M. Y. Galliker and S. Levine,
Real-Time Execution of Action Chunking Flow Policies (2025).

Where a sample lies at alpha·data + sigma·noise, the network's present guess of the data is
compared with what is known, and the error is carried back through the network (a vector-Jacobian
product): so the unknown part moves to where it fits the known part. Nothing in here knows what the
data are.
"""

from collections.abc import Callable

from robot_policies.networks.flow_matching import VelocityField
import torch

Denoiser = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""(x (batch, n), t (batch,), condition (batch, c)) -> guess of the data (batch, n)."""
NoiseSchedule = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]
"""t (batch,) -> alpha (batch,), sigma (batch,)."""


def guided_field(
    field: VelocityField, known: torch.Tensor, weights: torch.Tensor, *, max_gain: float
) -> VelocityField:
    """Return a velocity field whose samples agree with `known`, for `flow_matching.integrate`.

    The gain (t² + (1 − t)²) / (t·(1 − t)) is infinite at both ends. With equal steps, `max_gain`
    should not be above their number: a step would go beyond what is known.

    Args:
        field: Of straight paths from noise at t = 0 to data at t = 1.
        known: (n,) or (batch, n); what has no weight may hold anything finite.
        weights: (n,) in [0, 1], how much the sample shall agree.
        max_gain: Largest gain.
    """

    def guided(x: torch.Tensor, t: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        left = (1.0 - t)[:, None]

        def guess(at: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            velocity = field(at, t, condition)
            return at + left * velocity, velocity

        velocity, pull = _pull(guess, x, known, weights)
        gain = (t.square() + (1.0 - t).square()) / (t * (1.0 - t)).clamp(min=1e-9)
        return velocity + gain.clamp(max=max_gain)[:, None] * pull

    return guided


def guided_denoiser(
    denoiser: Denoiser,
    known: torch.Tensor,
    weights: torch.Tensor,
    *,
    schedule: NoiseSchedule,
    max_gain: float,
) -> Denoiser:
    """Return a denoiser whose guesses lead to samples that agree with `known`.

    The guess is corrected by the gain (alpha² + sigma²) / alpha: the same as in `guided_field`,
    seen from the data instead of from the velocity.

    Args:
        denoiser: Guesses the data from a noisy sample.
        known: (n,) or (batch, n); what has no weight may hold anything finite.
        weights: (n,) in [0, 1], how much the sample shall agree.
        schedule: Of the noise.
        max_gain: Largest gain.
    """

    def guided(x: torch.Tensor, t: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        def guess(at: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            data = denoiser(at, t, condition)
            return data, data

        data, pull = _pull(guess, x, known, weights)
        alpha, sigma = schedule(t)
        gain = (alpha.square() + sigma.square()) / alpha.clamp(min=1e-9)
        return data + gain.clamp(max=max_gain)[:, None] * pull

    return guided


def denoise(
    denoiser: Denoiser,
    noise: torch.Tensor,
    condition: torch.Tensor,
    *,
    schedule: NoiseSchedule,
    steps: int,
) -> torch.Tensor:
    """Carry noise at t = 0 to data at t = 1 without randomness.

    J. Song, C. Meng and S. Ermon, Denoising Diffusion Implicit Models (2021).

    Args:
        denoiser: Guesses the data.
        noise: (batch, n) start; the same start gives the same result.
        condition: (batch, c).
        schedule: Of the noise; sigma is above 0 until t = 1.
        steps: Number of equal steps.

    Returns:
        (batch, n).
    """
    x = noise
    for i in range(steps):
        t = torch.full((len(x),), i / steps, dtype=x.dtype)
        (alpha, sigma), (alpha_next, sigma_next) = schedule(t), schedule(t + 1.0 / steps)
        data = denoiser(x, t, condition)
        rest = (x - alpha[:, None] * data) / sigma[:, None]
        x = alpha_next[:, None] * data + sigma_next[:, None] * rest
    return x


def _pull(
    guess: Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]],
    x: torch.Tensor,
    known: torch.Tensor,
    weights: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what the network said at x, and the weighted error carried back to x.

    Args:
        guess: x -> guess of the data, and what the network said.
        x: (batch, n).
        known: See `guided_field`.
        weights: See `guided_field`.
    """
    with torch.enable_grad():
        at = x.detach().requires_grad_(True)
        data, said = guess(at)
        error = (weights * (known - data)).detach()
        (pull,) = torch.autograd.grad(data, at, error)
    return said.detach(), pull.detach()
