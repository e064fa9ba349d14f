# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How many steps per second training makes, against the physics alone.

One iteration of `train go2_velocity` (collect a batch, improve actor and critic on it) and the
same number of steps of the same robots by `mujoco.rollout` alone, holding the default pose, take
turns; both with the threads of the recipe.
"""

import time
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.resources import load_robot

TURNS, QUICK_TURNS = 8, 1


def measure(quick: bool) -> dict[str, Any]:
    """Return steps per second of both, and their ratio."""
    from robot_policies.training.recipes.go2_velocity import full_run
    from robot_policies.training.velocity_trainer import VelocityTrainer
    import torch

    torch.set_num_threads(1)
    robot = load_robot('go2')
    run = full_run()
    trainer = VelocityTrainer(robot, run, seed=0)
    try:
        trainer.iterate()  # the first one allocates
        training, bare = [], []
        for _ in range(QUICK_TURNS if quick else TURNS):
            training.append(run.steps_per_iteration / _timed(trainer.iterate))
            control = _held(robot.default_pose, run.task.robots, run.task.physics_steps)
            seconds = _timed(lambda: _rollouts(trainer, control, run.ppo.horizon))  # noqa: B023
            bare.append(run.steps_per_iteration / seconds)
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


def _rollouts(trainer: Any, control: FloatArray, steps: int) -> None:  # noqa: ANN401
    batch = trainer.env.batch
    before = batch.arrays()
    for _ in range(steps):
        batch.step(control)
    batch.restore(before)


def _held(pose: FloatArray, robots: int, physics_steps: int) -> FloatArray:
    return np.broadcast_to(pose, (robots, physics_steps, len(pose))).copy()


def _timed(call: Any) -> float:  # noqa: ANN401
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


MEASUREMENT = Measurement(
    'training_throughput', 'training steps per second as a share of bare mujoco.rollout', measure
)
