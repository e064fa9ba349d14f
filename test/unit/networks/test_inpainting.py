# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is known is kept to, and the rest moves to where it fits it."""

import pytest
from robot_policies.networks.flow_matching import integrate
from robot_policies.networks.inpainting import denoise, guided_denoiser, guided_field
import torch

STEPS, RHO = 8, 0.9
# an autoregressive chunk: neighbours agree, as the actions of a smooth motion do
COVARIANCE = RHO ** (torch.arange(STEPS)[:, None] - torch.arange(STEPS)).abs()


def best_guess(x, alpha, sigma):
    """Return E[data | x] for Gaussian data of zero mean: what a perfect denoiser says."""
    mixed = alpha**2 * COVARIANCE + sigma**2 * torch.eye(STEPS)
    return alpha * x @ torch.linalg.solve(mixed, COVARIANCE)


def field(x, t, _):
    """Return the exact velocity: (guess − x) / (1 − t)."""
    time = float(t[0])
    return (best_guess(x, time, 1.0 - time) - x) / max(1.0 - time, 1e-3)


def schedule(t):
    """Return a variance-preserving schedule that is not all noise at the start."""
    alpha = 0.02 + 0.98 * t
    return alpha, (1.0 - alpha.square()).clamp(min=1e-6).sqrt()


def denoiser(x, t, _):
    alpha, sigma = schedule(t[:1])
    return best_guess(x, float(alpha), float(sigma))


def start(count=200):
    return torch.randn(count, STEPS, generator=torch.Generator().manual_seed(0))


def mask(frozen):
    return (torch.arange(STEPS) < frozen).float()


def sampled(kind, known, weights):
    noise, none = start(), torch.zeros(200, 1)
    if kind == 'flow':
        guided = guided_field(field, known, weights, max_gain=5.0)
        return integrate(guided, noise, none, steps=10)
    guided = guided_denoiser(denoiser, known, weights, schedule=schedule, max_gain=2.0)
    return denoise(guided, noise, none, schedule=schedule, steps=20)


@pytest.mark.parametrize('kind', ['flow', 'diffusion'])
def test_what_is_known_is_kept_to(kind):
    known = torch.full((STEPS,), 1.5)
    ends = sampled(kind, known, mask(3))
    assert float((ends[:, :3] - 1.5).abs().mean()) < 0.25
    # unguided samples are 1.5 away from it on average, and more
    assert float((sampled(kind, known, mask(0))[:, :3] - 1.5).abs().mean()) > 1.2


@pytest.mark.parametrize('kind', ['flow', 'diffusion'])
def test_the_rest_follows_what_is_known_as_the_data_do(kind):
    # E[x_k | x_2 = 1.5] = 1.5 · 0.9^(k-2): 1.35 for the first unknown, 0.89 for the last
    mean = sampled(kind, torch.full((STEPS,), 1.5), mask(3)).mean(dim=0)
    expected = 1.5 * RHO ** (torch.arange(STEPS) - 2.0)
    torch.testing.assert_close(mean[3:], expected[3:], atol=0.35, rtol=0.0)
    # and not because it is pulled there itself: it has no weight
    free = sampled(kind, torch.full((STEPS,), 1.5), mask(0)).mean(dim=0)
    assert float(free[3:].abs().max()) < 0.35


@pytest.mark.parametrize('kind', ['flow', 'diffusion'])
def test_no_step_is_larger_at_the_border_than_elsewhere(kind):
    ends = sampled(kind, torch.full((STEPS,), 1.5), mask(3))
    steps = ends.diff(dim=1).abs().mean(dim=0)
    assert float(steps[2]) < 1.5 * float(steps[3:].mean())


def test_a_smaller_weight_pulls_less():
    known = torch.full((STEPS,), 2.0)
    full = sampled('flow', known, mask(3))[:, :3].mean()
    half = sampled('flow', known, 0.3 * mask(3))[:, :3].mean()
    none = sampled('flow', known, 0.0 * mask(3))[:, :3].mean()
    assert float(full) > float(half) + 0.1 > float(none) + 0.2


def test_without_weight_or_gain_nothing_changes():
    noise, none = start(20), torch.zeros(20, 1)
    plain = integrate(field, noise, none, steps=5)
    known = torch.full((STEPS,), 9.0)
    for weights, gain in ((mask(0), 5.0), (mask(3), 0.0)):
        guided = guided_field(field, known, weights, max_gain=gain)
        torch.testing.assert_close(integrate(guided, noise, none, steps=5), plain)


def test_it_stays_finite_with_few_steps_and_leaves_no_graph_behind():
    guided = guided_field(field, torch.full((STEPS,), 3.0), mask(4), max_gain=5.0)
    with torch.no_grad():
        ends = integrate(guided, start(), torch.zeros(200, 1), steps=5)
    assert torch.isfinite(ends).all()
    assert not ends.requires_grad


def test_each_sample_may_have_its_own_known_part():
    known = torch.linspace(-2.0, 2.0, 200)[:, None].expand(200, STEPS)
    ends = sampled('flow', known, mask(3))
    correlation = torch.corrcoef(torch.stack([known[:, 0], ends[:, 4]]))[0, 1]
    assert float(correlation) > 0.7
