# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Noise is carried to data, and the same noise to the same data."""

import pytest
from robot_policies.networks.film import Film, FilmMlp
from robot_policies.networks.flow_matching import flow_matching_loss, integrate, time_embedding
import torch


def to_point(target):
    """Return the exact field of the straight paths to one point."""
    return lambda x, t, _: (target - x) / (1.0 - t[:, None]).clamp(min=1e-3)


@pytest.mark.parametrize('solver', ['euler', 'heun'])
def test_the_exact_field_of_a_point_ends_at_the_point(solver):
    target = torch.tensor([[0.5, -2.0, 1.0]])
    end = integrate(to_point(target), torch.randn(7, 3), torch.zeros(7, 1), steps=4, solver=solver)
    torch.testing.assert_close(end, target.expand(7, 3), atol=1e-4, rtol=0)


def test_the_exact_field_has_no_loss():
    target = torch.tensor([[0.5, -2.0]])
    data = target.expand(32, 2)
    loss = flow_matching_loss(to_point(target), data, torch.zeros(32, 1))
    assert loss.shape == (32,)
    assert float(loss.median()) < 1e-6


def test_heun_is_nearer_than_euler_on_a_curved_path():
    def field(x, t, _):
        return 3.0 * x * t[:, None]  # exact: x(1) = x(0) · exp(1.5)

    start = torch.ones(1, 1)
    exact = float(torch.exp(torch.tensor(1.5)))
    errors = {
        solver: abs(float(integrate(field, start, start, steps=8, solver=solver)) - exact)
        for solver in ('euler', 'heun')
    }
    assert errors['heun'] < 0.3 * errors['euler']


def test_two_modes_are_learned_as_two_modes_and_not_as_their_mean():
    torch.manual_seed(0)
    network = FilmMlp(1, 1, 1 + 8, width=32, depth=2)
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-3)

    def field(x, t, condition):
        return network(x, torch.cat([condition, time_embedding(t, 8)], dim=-1))

    for _ in range(300):
        condition = torch.ones(256, 1)
        data = torch.where(torch.rand(256, 1) < 0.5, -1.0, 1.0)
        loss = flow_matching_loss(field, data, condition).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        ends = integrate(field, torch.randn(400, 1), torch.ones(400, 1), steps=10)
    assert float((ends.abs() < 0.5).float().mean()) < 0.2
    assert 0.35 < float((ends > 0).float().mean()) < 0.65


def test_the_condition_matters_once_film_has_learned():
    film = Film(2, 3)
    values, condition = torch.randn(4, 3), torch.randn(4, 2)
    torch.testing.assert_close(film(values, condition), values)
    torch.nn.init.normal_(film.project.weight)
    assert not torch.allclose(film(values, condition), values)


def test_an_untrained_field_is_zero_so_that_noise_stays_noise():
    network = FilmMlp(6, 6, 2, width=16, depth=2)
    noise = torch.randn(3, 6)
    assert not network(noise, torch.randn(3, 2)).any()


def test_times_are_told_apart():
    embedded = time_embedding(torch.linspace(0.0, 1.0, 11), 8)
    distance = torch.cdist(embedded, embedded) + 10.0 * torch.eye(11)
    assert float(distance.min()) > 0.1
