# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Proximal policy optimisation (Schulman et al., *Proximal Policy Optimization Algorithms*, 2017).

With generalised advantages (Schulman et al., 2016), an actor and a critic that see different
observations, and a learning rate that follows the divergence, adapted once per iteration.
"""

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from robot_policies.training.mirrored_mlp import MirroredMlp
import torch
from torch import nn, Tensor

Float32 = npt.NDArray[np.float32]
_LARGEST_RATE = 2e-3


@dataclass(frozen=True, kw_only=True)
class PpoConfig:
    """Settings of the optimiser.

    Attributes:
        horizon: Steps per robot and iteration.
        epochs: Passes over the batch.
        minibatches: Parts of the batch.
        gamma: Discount.
        lambda_: Decay of the advantage estimate.
        clip: Range of the probability ratio.
        entropy: Weight of the entropy at the start; it falls linearly to zero.
        learning_rate: First learning rate.
        target_kl: Divergence that the learning rate is steered to.
        max_gradient: Largest norm of a gradient.
        first_std: First standard deviation of the actions.
    """

    horizon: int = 24
    epochs: int = 4
    minibatches: int = 4
    gamma: float = 0.99
    lambda_: float = 0.95
    clip: float = 0.2
    entropy: float = 0.004
    learning_rate: float = 1e-3
    target_kl: float = 0.012
    max_gradient: float = 1.0
    first_std: float = 0.5


class ActorCritic(nn.Module):
    """A Gaussian policy with a state-independent spread, and a value function."""

    def __init__(self, actor: MirroredMlp, critic: MirroredMlp, actions: int, std: float) -> None:
        """Join the two networks."""
        super().__init__()
        self.actor = actor
        self.critic = critic
        self.log_std = nn.Parameter(torch.full((actions,), float(np.log(std))))

    def around(self, mean: Tensor) -> torch.distributions.Normal:
        """Return the distribution of the actions for (n, a) means."""
        std = self.log_std.clamp(-3.0, 0.5).exp()
        return torch.distributions.Normal(mean, std.expand_as(mean), validate_args=False)


@dataclass(eq=False)
class Batch:
    """What one iteration collected; axes are (steps, robots, …)."""

    actor: Float32
    critic: Float32
    action: Float32
    log_prob: Float32
    mean: Float32
    value: Float32
    reward: Float32
    ended: Float32

    @classmethod
    def empty(cls, steps: int, robots: int, sizes: Mapping[str, int]) -> 'Batch':
        """Return a batch of zeros; `sizes` has the length of actor, critic, action and mean."""
        shapes = {
            item.name: (steps, robots, *([sizes[item.name]] if item.name in sizes else []))
            for item in fields(cls)
        }
        return cls(**{name: np.zeros(shape, np.float32) for name, shape in shapes.items()})


def advantages(batch: Batch, last_value: Float32, config: PpoConfig) -> Float32:
    """Return (steps, robots) generalised advantages.

    Args:
        batch: Rewards, values and ends. A reward at an end that was no fall must already hold the
            discounted value of what was cut off.
        last_value: (robots,) value after the last step.
        config: Discount and decay.
    """
    result = np.zeros_like(batch.reward)
    running = np.zeros_like(last_value)
    following = last_value
    for step in reversed(range(len(batch.reward))):
        alive = 1.0 - batch.ended[step]
        delta = batch.reward[step] + config.gamma * following * alive - batch.value[step]
        running = delta + config.gamma * config.lambda_ * alive * running
        result[step] = running
        following = batch.value[step]
    return result


def thread_beside() -> ThreadPoolExecutor:
    """Return one more thread for torch, whose operations use one core each."""
    # torch counts threads per thread: without the initialiser this one would take all cores
    return ThreadPoolExecutor(1, 'beside', torch.set_num_threads, (1,))


class Ppo:
    """The optimiser with its state.

    Actor and critic share no parameter: their gradients are found at the same time, each in a
    thread of its own, and come out the same to the last bit.
    """

    def __init__(self, model: ActorCritic, config: PpoConfig, beside: Executor) -> None:
        """Create it around a model; `beside` is a thread for the critic, see `thread_beside`."""
        self.model = model
        self.config = config
        self.learning_rate = config.learning_rate
        self.optimiser = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
        self._beside = beside

    def update(
        self, batch: Batch, advantage: Float32, entropy: float, generator: torch.Generator
    ) -> dict[str, float]:
        """Improve the policy on one batch.

        Args:
            batch: What was collected.
            advantage: From `advantages`.
            entropy: Weight of the entropy bonus now.
            generator: Source of the shuffles.

        Returns:
            Divergence, value loss and learning rate, for the log.
        """
        count = advantage.size
        normal = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
        acted = {
            'actor': batch.actor,
            'action': batch.action,
            'log_prob': batch.log_prob,
            'mean': batch.mean,
            'advantage': normal,
        }
        judged = {'critic': batch.critic, 'returns': advantage + batch.value}
        actor, critic = (
            {
                name: torch.from_numpy(values.reshape(count, *values.shape[2:]).astype(np.float32))
                for name, values in data.items()
            }
            for data in (acted, judged)
        )
        old_std = self.model.log_std.detach().clamp(-3.0, 0.5).exp()
        sums = np.zeros(2)
        for _ in range(self.config.epochs):
            for index in torch.randperm(count, generator=generator).chunk(self.config.minibatches):
                self.optimiser.zero_grad(set_to_none=True)
                value = self._beside.submit(self._value_gradient, critic, index)
                kl = self._policy_gradient(actor, index, old_std, entropy)
                sums += kl, value.result()
                nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_gradient)
                self.optimiser.step()
        kl, value_loss = sums / (self.config.epochs * self.config.minibatches)
        self.adapt(float(kl))
        return {'kl': float(kl), 'value_loss': float(value_loss), 'lr': self.learning_rate}

    def _value_gradient(self, data: dict[str, Tensor], index: Tensor) -> float:
        """Add the gradient of the critic's loss on a part of the data; return the loss."""
        part = _part(data, index)
        value = self.model.critic(part['critic']).squeeze(-1)
        loss = (value - part['returns']).square().mean()
        loss.backward()
        return float(loss.detach())

    def _policy_gradient(
        self, data: dict[str, Tensor], index: Tensor, old_std: Tensor, entropy: float
    ) -> float:
        """Add the gradient of the actor's loss; return the divergence from the old policy."""
        part = _part(data, index)
        distribution = self.model.around(self.model.actor(part['actor']))
        log_prob: Tensor = distribution.log_prob(part['action']).sum(-1)  # type: ignore[no-untyped-call]
        ratio = (log_prob - part['log_prob']).exp()
        clipped = ratio.clamp(1.0 - self.config.clip, 1.0 + self.config.clip)
        surrogate = torch.min(ratio * part['advantage'], clipped * part['advantage']).mean()
        bonus = entropy * distribution.stddev[0].log().sum()
        (-surrogate - bonus).backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            std = distribution.stddev[0]
            shift = (distribution.mean - part['mean']).square() + old_std.square()
            kl = ((std / old_std).log() + shift / (2.0 * std.square()) - 0.5).sum(-1).mean()
            # the direction matters little this close; old and new swap roles here
        return float(kl)

    def adapt(self, kl: float) -> None:
        """Steer the learning rate towards the target divergence, once per iteration."""
        if kl > 2.0 * self.config.target_kl:
            self.learning_rate = max(self.learning_rate / 1.5, 1e-5)
        elif kl < 0.5 * self.config.target_kl:
            self.learning_rate *= 1.5
        self.limit_rate(_LARGEST_RATE)

    def limit_rate(self, largest: float) -> None:
        """Set the learning rate, which may not exceed `largest`, in the optimiser."""
        self.learning_rate = min(self.learning_rate, largest)
        for group in self.optimiser.param_groups:
            group['lr'] = self.learning_rate


def _part(data: dict[str, Tensor], index: Tensor) -> dict[str, Tensor]:
    return {name: values.index_select(0, index) for name, values in data.items()}
