# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How many steps per second training makes, against the physics alone.

One iteration of `train go2_velocity` (collect a batch, improve actor and critic on it) and the
same physics by `mujoco.rollout` alone take turns: the same robots, from the same states, with the
very controls of that iteration (but nobody is put back on its feet), and the same threads.
"""

import time
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.resources import load_robot
from robot_policies.sim.batched_robots import BatchedRobots, BatchState

TURNS, QUICK_TURNS = 8, 1


def measure(quick: bool) -> dict[str, Any]:
    """Return steps per second of both, and their ratio."""
    from robot_policies.training.recipes.go2_velocity import full_run
    from robot_policies.training.velocity_trainer import VelocityTrainer
    import torch

    torch.set_num_threads(1)
    run = full_run()
    trainer = VelocityTrainer(load_robot('go2'), run, seed=0)
    batch = trainer.env.batch
    recorder = _Recorder(batch)
    try:
        trainer.iterate()  # the first one allocates
        training, bare = [], []
        for _ in range(QUICK_TURNS if quick else TURNS):
            recorder.forget()
            before = batch.arrays()
            training.append(run.steps_per_iteration / _timed(trainer.iterate))
            after = batch.arrays()
            batch.restore(before)
            bare.append(run.steps_per_iteration / _timed(recorder.replay))
            batch.restore(after)
    finally:
        trainer.close()
    ratio = float(np.median(np.array(training) / np.array(bare)))
    return {
        'robots': run.task.robots,
        'threads': run.task.threads,
        'physics_steps_per_step': run.task.physics_steps,
        'training': distribution(training, 'steps_s'),
        'bare_rollout': distribution(bare, 'steps_s'),
        'aim_share': aim(ratio, 0.5, at_most=False),
    }


class _Recorder:
    """Remembers with which controls a batch of robots was stepped, to step it so again."""

    def __init__(self, batch: BatchedRobots) -> None:
        self._step = batch.step
        self._controls: list[FloatArray] = []
        batch.step = self.step  # type: ignore[method-assign]

    def step(self, control: FloatArray) -> BatchState:
        self._controls.append(control)
        return self._step(control)

    def forget(self) -> None:
        self._controls.clear()

    def replay(self) -> None:
        for control in self._controls:
            self._step(control)


def _timed(call: Any) -> float:  # noqa: ANN401
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


MEASUREMENT = Measurement(
    'training_throughput', 'training steps per second as a share of bare mujoco.rollout', measure
)
