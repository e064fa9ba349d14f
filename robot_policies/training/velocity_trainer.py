# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Trains a velocity controller: collects, improves, keeps snapshots, goes on after a kill."""

import dataclasses
import json
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import CheckpointError
from robot_policies.core.robot import RobotSpec
from robot_policies.training.mirrored_mlp import evaluate, MirroredMlp
from robot_policies.training.ppo import ActorCritic, advantages, Batch, Ppo, thread_beside
from robot_policies.training.snapshot import Arrays
from robot_policies.training.velocity_env import VelocityEnv
from robot_policies.training.velocity_mirror import (
    action_mirror,
    actor_mirror,
    critic_mirror,
    Mirror,
)
from robot_policies.training.velocity_run import VelocityRun
import torch
from torch.distributions import Normal

_SEEN = ('actor', 'critic')


class VelocityTrainer:
    """One training run. `iterate` until `iteration` is `run.iterations`, or the end of a round."""

    def __init__(self, robot: RobotSpec, run: VelocityRun, seed: int) -> None:
        """Build environment, networks and optimiser.

        Args:
            robot: The robot.
            run: What to do.
            seed: Seed of everything random.
        """
        self.run = run
        self._seed = seed
        self.iteration = 0
        joints = len(robot.joints)
        torch.manual_seed(seed)
        self._generator = torch.Generator().manual_seed(seed)
        self.env = VelocityEnv(robot, run.task, seed)
        self.actor = MirroredMlp(
            actor_mirror(run.task.history), action_mirror(), run.widths, output_gain=0.01
        )
        scalar = Mirror(np.array([0]), np.array([1.0]))
        critic = MirroredMlp(critic_mirror(), scalar, run.widths, output_gain=1.0)
        self._model = ActorCritic(self.actor, critic, joints, run.ppo.first_std)
        self._beside = thread_beside()
        self._ppo = Ppo(self._model, run.ppo, self._beside)
        self._seen = self.env.observe()
        sizes = {name: seen.shape[1] for name, seen in zip(_SEEN, self._seen, strict=True)}
        sizes.update(action=joints, mean=joints)
        self._batch = Batch.empty(run.ppo.horizon, run.task.robots, sizes)

    def iterate(self) -> dict[str, float]:
        """Collect one batch and improve on it; return numbers for the log."""
        done = min(1.0, self.iteration / self.run.exploring)
        self.env.difficulty = _ramp(done, self.run.ground_ramp)
        self.env.push_share = _ramp(done, self.run.push_ramp)
        if self.iteration == self.run.exploring:
            self._settle()
            self.env.start_over()
            self._seen = self.env.observe()
        if self.iteration == self.run.iterations:
            self.env.weights = self.run.refining_weights
        with torch.no_grad():
            tracking, falls = self._collect()
            last = self._model.critic(_tensor(self._seen[1])).squeeze(-1).numpy()
        advantage = advantages(self._batch, last, self.run.ppo)
        entropy = self.run.ppo.entropy * (1.0 - done)
        self._ppo.limit_rate(self.run.largest_rate(self.iteration))
        learned = self._ppo.update(self._batch, advantage, entropy, self._generator)
        self.iteration += 1
        minutes = self.run.steps_per_iteration * self.run.task.control_period_s / 60.0
        return {
            'steps': float(self.iteration * self.run.steps_per_iteration),
            'vx_error': float(tracking[0]),
            'vy_error': float(tracking[1]),
            'yaw_error': float(tracking[2]),
            'falls_per_min': falls / minutes,
            'reward': float(self._batch.reward.mean()) / self.run.task.control_period_s,
            'spread': float(self._model.log_std.detach().exp().mean()),
            **learned,
        }

    def _settle(self) -> None:
        self.env.assign_grounds(self.run.settling_shares, self._seed + 2)
        self.env.easiest = self.run.settling_easiest

    def forward_drift(self, seconds: float = 5.0) -> float:
        """Return by how much the robots walk too fast forward on the plane, m/s.

        A learned trot has a small constant drift that tracking rewards do not remove; it is
        measured, without exploration or pushes, so that the command can be trimmed by it.
        """
        self.env.push_share = 0.0
        settle = self.run.task.steps(1.0)
        total, count = 0.0, 0
        with torch.no_grad():
            actor = self._model.actor.dense()
            for step in range(settle + self.run.task.steps(seconds)):
                action = evaluate(actor, _tensor(self._seen[0])).numpy().astype(np.float64)
                result = self.env.step(action)
                self._seen = (result.actor, result.critic)
                if step >= settle:
                    total += float(result.excess[result.walking_flat, 0].sum())
                    count += int(result.walking_flat.sum())
        return total / max(count, 1)

    def close(self) -> None:
        """Stop the threads."""
        self._beside.shutdown()
        self.env.close()

    def weights(self) -> dict[str, FloatArray]:
        """Return the actor as the tensors of a plain perceptron."""
        names = ('weight', 'bias')
        return {
            f'{name}{index}': values.detach().numpy().copy()
            for index, layer in enumerate(self.actor.dense())
            for name, values in zip(names, layer, strict=True)
        }

    def snapshot(self) -> tuple[Arrays, dict[str, Any]]:
        """Return all that `restore` needs to go on exactly as if nothing had happened."""
        arrays: Arrays = {
            f'model.{name}': value.numpy() for name, value in self._model.state_dict().items()
        }
        optimiser = self._ppo.optimiser.state_dict()['state']
        for index, moments in optimiser.items():
            arrays.update({f'adam.{index}.{name}': v.numpy() for name, v in moments.items()})
        arrays['generator'] = self._generator.get_state().numpy()
        arrays.update({f'env.{name}': value for name, value in self.env.arrays().items()})
        state = {
            'iteration': self.iteration,
            'learning_rate': self._ppo.learning_rate,
            'numpy': self.env.rng.bit_generator.state,
            'run': self._identity(),
        }
        return arrays, state

    def restore(self, arrays: Arrays, state: dict[str, Any]) -> None:
        """Take up a snapshot of the same run.

        Raises:
            CheckpointError: It comes from a run with other settings.
        """
        if state['run'] != self._identity():
            raise CheckpointError('the run to resume was started with other settings')
        self.iteration = int(state['iteration'])
        if self.iteration > self.run.exploring:
            self._settle()
        if self.iteration > self.run.iterations:
            self.env.weights = self.run.refining_weights
        model = {name[6:]: v for name, v in arrays.items() if name.startswith('model.')}
        self._model.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in model.items()})
        self._restore_optimiser(arrays, float(state['learning_rate']))
        self._generator.set_state(torch.from_numpy(arrays['generator'].copy()))
        self.env.restore({n[4:]: v for n, v in arrays.items() if n.startswith('env.')})
        self.env.rng.bit_generator.state = state['numpy']
        self._seen = self.env.observe()

    def _identity(self) -> str:
        """Return what two runs must share for one to take up the other's snapshot."""
        task = dataclasses.replace(self.run.task, threads=1)  # threads change no result
        run = dataclasses.replace(self.run, task=task)
        return json.dumps({'run': run, 'seed': self._seed}, default=vars)

    def _restore_optimiser(self, arrays: Arrays, learning_rate: float) -> None:
        content = self._ppo.optimiser.state_dict()
        moments: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in arrays.items():
            if name.startswith('adam.'):
                _, index, moment = name.split('.')
                moments.setdefault(int(index), {})[moment] = torch.from_numpy(value.copy())
        self._ppo.optimiser.load_state_dict({**content, 'state': moments})
        self._ppo.learning_rate = learning_rate
        for group in self._ppo.optimiser.param_groups:
            group['lr'] = learning_rate

    def _collect(self) -> tuple[FloatArray, int]:
        """Fill the batch; return mean absolute tracking errors and the number of falls."""
        batch, falls, errors = self._batch, 0, np.zeros(3)
        # the networks do not change while collecting: their layers are built once
        actor, critic = self._model.actor.dense(), self._model.critic.dense()

        @torch.no_grad()
        def judge(step: int, known: torch.Tensor, drawn: Normal, action: torch.Tensor) -> None:
            batch.critic[step] = known
            batch.value[step] = evaluate(critic, known).squeeze(-1)
            batch.log_prob[step] = drawn.log_prob(action).sum(-1)  # type: ignore[no-untyped-call]

        for step in range(self.run.ppo.horizon):
            seen, known = (_tensor(values) for values in self._seen)
            distribution = self._model.around(evaluate(actor, seen))
            noise = torch.randn(distribution.mean.shape, generator=self._generator)
            action = distribution.mean + distribution.stddev * noise
            batch.actor[step] = seen
            batch.action[step], batch.mean[step] = action, distribution.mean
            # no robot waits for the critic
            judged = self._beside.submit(judge, step, known, distribution, action)
            result = self.env.step(action.numpy().astype(np.float64))
            judged.result()
            batch.reward[step] = result.reward
            batch.ended[step] = result.fallen | result.ended
            cut = result.ended
            if cut.any():
                lost = evaluate(critic, _tensor(result.final_critic[cut])).squeeze(-1)
                batch.reward[step][cut] += self.run.ppo.gamma * lost.numpy()
            self._seen = (result.actor, result.critic)
            falls += int(result.fallen.sum())
            errors += np.abs(result.excess).mean(axis=0)
        return errors / self.run.ppo.horizon, falls


def _tensor(values: FloatArray) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _ramp(done: float, between: tuple[float, float]) -> float:
    low, high = between
    return float(np.clip((done - low) / (high - low), 0.0, 1.0))
