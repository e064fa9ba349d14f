# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The optimiser."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest
from robot_policies.training.mirrored_mlp import MirroredMlp
from robot_policies.training.ppo import (
    ActorCritic,
    advantages,
    Batch,
    Ppo,
    PpoConfig,
    thread_beside,
)
from robot_policies.training.velocity_mirror import Mirror
import torch

_PLAIN = Mirror(np.array([0, 1]), np.ones(2))
_ONE = Mirror(np.array([0]), np.ones(1))


@pytest.fixture
def beside() -> Iterator[Executor]:
    with thread_beside() as executor:
        yield executor


def _model(seed: int = 0) -> ActorCritic:
    torch.manual_seed(seed)
    networks = [MirroredMlp(_PLAIN, _ONE, (16, 16), output_gain=0.1) for _ in range(2)]
    return ActorCritic(networks[0], networks[1], 1, 0.5)


def _batch(model: ActorCritic, rng: np.random.Generator, steps: int = 8, n: int = 64) -> Batch:
    """Return a batch in which an action is paid for being near the first observation."""
    batch = Batch.empty(steps, n, {'actor': 2, 'critic': 2, 'action': 1, 'mean': 1})
    batch.actor[:] = batch.critic[:] = rng.standard_normal((steps, n, 2))
    with torch.no_grad():
        mean = model.actor(torch.from_numpy(batch.actor))
        distribution = model.around(mean)
        action = mean + distribution.stddev * torch.as_tensor(
            rng.standard_normal(mean.shape), dtype=torch.float32
        )
        batch.mean[:], batch.action[:] = mean, action
        batch.log_prob[:] = distribution.log_prob(action).sum(-1)
        batch.value[:] = model.critic(torch.from_numpy(batch.critic)).squeeze(-1)
    batch.reward[:] = -np.abs(batch.action[..., 0] - batch.actor[..., 0])
    batch.ended[:] = 1.0
    return batch


def test_it_learns_a_task_of_one_step(beside: Executor) -> None:
    rng = np.random.default_rng(0)
    model = _model()
    ppo = Ppo(model, PpoConfig(learning_rate=3e-3), beside)
    generator = torch.Generator().manual_seed(0)
    rewards = []
    for _ in range(40):
        batch = _batch(model, rng)
        gains = advantages(batch, np.zeros(64, dtype=np.float32), ppo.config)
        ppo.update(batch, gains, 0.0, generator)
        rewards.append(batch.reward.mean())
    assert rewards[-1] > 0.6 * rewards[0]  # both negative: the distance shrank


class _Inline(Executor):
    """Does at once, in the caller's thread, what it is given."""

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> 'Future[Any]':
        future: Future[Any] = Future()
        future.set_result(work(*args, **kwargs))
        return future


def _improved(beside: Executor) -> list[torch.Tensor]:
    model = _model()
    ppo = Ppo(model, PpoConfig(), beside)
    batch = _batch(model, np.random.default_rng(1))
    gains = advantages(batch, np.zeros(64, dtype=np.float32), ppo.config)
    ppo.update(batch, gains, 0.01, torch.Generator().manual_seed(0))
    return [parameter.detach() for parameter in model.parameters()]


def test_the_critic_beside_the_actor_changes_no_bit(beside: Executor) -> None:
    pairs = zip(_improved(beside), _improved(_Inline()), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_the_thread_beside_uses_one_core() -> None:
    usual = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with thread_beside() as executor:
            assert executor.submit(torch.get_num_threads).result() == 1
    finally:
        torch.set_num_threads(usual)


def test_advantage_discounts_and_stops_at_ends() -> None:
    batch = Batch.empty(3, 1, {'actor': 1, 'critic': 1, 'action': 1, 'mean': 1})
    batch.reward[:, 0] = [1.0, 2.0, 4.0]
    batch.ended[:, 0] = [0.0, 1.0, 0.0]
    config = PpoConfig(gamma=0.5, lambda_=1.0)
    result = advantages(batch, np.array([8.0], dtype=np.float32), config)
    # last: 4 + 0.5 * 8; middle: 2, the episode ended; first: 1 + 0.5 * 2
    assert result[:, 0].tolist() == [2.0, 2.0, 8.0]


@pytest.mark.parametrize(('kl', 'faster'), [(1.0, False), (1e-5, True)])
def test_learning_rate_follows_the_divergence(kl: float, faster: bool, beside: Executor) -> None:
    ppo = Ppo(_model(), PpoConfig(), beside)
    before = ppo.learning_rate
    ppo.adapt(kl)
    assert (ppo.learning_rate > before) == faster
    assert ppo.optimiser.param_groups[0]['lr'] == ppo.learning_rate


def test_learning_rate_stays_below_its_limit(beside: Executor) -> None:
    ppo = Ppo(_model(), PpoConfig(), beside)
    ppo.limit_rate(1e-4)
    assert ppo.learning_rate == ppo.optimiser.param_groups[0]['lr'] == 1e-4
    ppo.limit_rate(1e-3)  # a limit, no new rate
    assert ppo.learning_rate == 1e-4
