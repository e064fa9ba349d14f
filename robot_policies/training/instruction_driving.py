# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Teaches the flow to drive: the student drives, the expert says what it should have done.

DAgger: Ross, Gordon, Bagnell, "A Reduction of Imitation Learning and Structured Prediction to
No-Regret Online Learning", AISTATS 2011. In the first round the expert drives, afterwards mostly
the student; every round adds to the data.
"""

from collections.abc import Callable
from pathlib import Path
import time

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.networks.navigation_flow import NavigationFlow
from robot_policies.resources import load_robot
from robot_policies.training.instruction_settings import FIRST_WORLD, InstructionSettings, ROBOT
from robot_policies.training.instruction_traffic import Sample, Traffic
from robot_policies.training.state_file import (
    learner_tensors,
    load_state,
    restore_learner,
    save_state,
)
import torch
from torch import nn

_RATE = 1e-3
_SOLVER_STEPS = 4
_WORLDS = FIRST_WORLD + 500_000


class Driving:
    """The flow, what it has seen, and its optimizer."""

    def __init__(self, settings: InstructionSettings, seed: int) -> None:
        self.settings, self.seed = settings, seed
        torch.manual_seed(seed)
        self.flow = new_flow(settings)
        self.optimizer = torch.optim.AdamW(self.flow.parameters(), lr=_RATE, weight_decay=1e-4)
        self.samples: list[Sample] = []
        self.rounds = 0

    def collect(self) -> dict[str, float]:
        """Drive one round and remember it; return how it went."""
        settings, rng = self.settings, np.random.default_rng((self.seed, self.rounds))
        body = load_robot(ROBOT).body
        traffic = Traffic(settings, body, seed=_WORLDS + self.rounds * settings.robots)
        expert_share = 1.0 if self.rounds == 0 else 0.5 if self.rounds == 1 else 0.1
        is_expert = rng.random(traffic.count) < expert_share
        for _ in range(settings.round_steps):
            sample = traffic.observe()
            self.samples.append(sample)
            chunk = self._student(sample.inputs, rng) if self.rounds else sample.chunk
            traffic.drive(np.where(is_expert[:, None, None], sample.chunk, chunk))
        ended = max(traffic.ended, 1)
        return {
            'arrived': traffic.arrivals / ended,
            'collided': traffic.collisions / ended,
            'samples': float(sum(len(sample.inputs) for sample in self.samples)),
        }

    def learn(self) -> float:
        """Take the gradient steps of one round; return the mean loss."""
        settings = self.settings
        inputs = torch.from_numpy(np.concatenate([s.inputs for s in self.samples]))
        chunks = torch.from_numpy(
            np.concatenate([s.chunk for s in self.samples]).astype(np.float32)
        )
        order = torch.Generator().manual_seed(self.seed * 1000 + self.rounds)
        total = 0.0
        for step in range(settings.updates):
            done = (self.rounds + step / settings.updates) / settings.rounds
            for group in self.optimizer.param_groups:
                group['lr'] = _RATE * (0.02 + 0.98 * 0.5 * (1.0 + np.cos(np.pi * done)))
            batch = torch.randint(len(inputs), (settings.batch,), generator=order)
            loss = self.flow.loss(inputs[batch], chunks[batch]).mean()
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.flow.parameters(), 1.0)
            self.optimizer.step()
            total += float(loss.detach())
        self.rounds += 1
        return total / max(settings.updates, 1)

    def save(self, path: Path) -> None:
        """Keep everything that a resume needs."""
        tensors = learner_tensors(self.flow, self.optimizer)
        if self.samples:
            tensors['data/inputs'] = torch.from_numpy(
                np.concatenate([s.inputs for s in self.samples])
            )
            chunks = np.concatenate([s.chunk for s in self.samples])
            tensors['data/chunk'] = torch.from_numpy(chunks.astype(np.float32))
        save_state(path, tensors, {'rounds': self.rounds})

    def load(self, path: Path) -> None:
        """Go on from what `save` kept."""
        tensors, info = load_state(path)
        restore_learner(self.flow, self.optimizer, tensors)
        inputs, chunk = tensors['data/inputs'].numpy(), tensors['data/chunk'].numpy()
        self.samples = [Sample(inputs, chunk)]
        self.rounds = int(info['rounds'])

    def _student(self, inputs: npt.NDArray[np.float32], rng: np.random.Generator) -> FloatArray:
        size = self.settings.chunk_steps * 3
        noise = rng.standard_normal((len(inputs), size)).astype(np.float32)
        return self.flow.sample(inputs, noise, steps=_SOLVER_STEPS, solver='euler')


def new_flow(settings: InstructionSettings) -> NavigationFlow:
    """Return an untrained flow of the recipe's size."""
    return NavigationFlow(
        sectors=settings.sectors,
        steps=settings.chunk_steps,
        condition_size=settings.condition_size,
        width=settings.width_flow,
        depth=settings.depth_flow,
    )


def train_driving(
    settings: InstructionSettings,
    state_path: Path,
    *,
    seed: int,
    report: Callable[[str, dict[str, float]], None],
) -> NavigationFlow:
    """Train, or go on training, the flow; return it.

    Args:
        settings: Sizes and counts.
        state_path: Where the state is kept after every round, and looked for at the start.
        seed: Seed of weights, worlds and noise.
        report: Called after every round with a line and the numbers in it.
    """
    driving = Driving(settings, seed)
    if state_path.is_file():
        driving.load(state_path)
    while driving.rounds < settings.rounds:
        begin = time.monotonic()
        went = driving.collect()
        loss = driving.learn()
        driving.save(state_path)
        report(
            f'driving {driving.rounds}/{settings.rounds}  loss {loss:.4f}  '
            f'arrived {went["arrived"]:.3f}  collided {went["collided"]:.3f}  '
            f'{went["samples"]:.0f} decisions  {time.monotonic() - begin:.0f} s',
            {'loss': loss, **went},
        )
    return driving.flow.eval()
