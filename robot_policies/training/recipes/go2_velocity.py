# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_velocity`: the learned controller of the Go2, from nothing."""

import dataclasses
import os
import time

from robot_policies import resources
from robot_policies.core.errors import CheckpointError
from robot_policies.core.robot import RobotSpec
from robot_policies.training.progress import plot_curve, Progress
from robot_policies.training.recipe import Recipe, RecipeOptions
from robot_policies.training.snapshot import read_snapshot, write_snapshot
from robot_policies.training.velocity_run import VelocityRun
from robot_policies.training.velocity_trainer import VelocityTrainer
import torch

PLUGIN = 'robot_policies.locomotion.velocity_mlp:VelocityMlp'
_ROBOT = 'go2'
_SNAPSHOT = 'state.safetensors'
_KEEP_EVERY = 20
_CALIBRATION_S = 5.0
_LARGEST_TRIM = 0.15
_CURVES = (('vx_error', 'vy_error', 'yaw_error'), ('falls_per_min',), ('reward',), ('spread',))


def full_run() -> VelocityRun:
    """Return the run that made the shipped checkpoint."""
    threads = len(os.sched_getaffinity(0))
    return _with_threads(VelocityRun(), threads)


def quick_run() -> VelocityRun:
    """Return a run of seconds that learns nothing."""
    run = full_run()
    task = dataclasses.replace(run.task, robots=16, variants=4)
    ppo = dataclasses.replace(run.ppo, horizon=8)
    few = 16 * 8
    return dataclasses.replace(run, steps=2 * few, settling_steps=2 * few, task=task, ppo=ppo)


def train(options: RecipeOptions, run: VelocityRun) -> None:
    """Train into `options.out_dir`, which ends up holding a checkpoint and its curve.

    Raises:
        CheckpointError: The folder holds a run and `resume` was not asked, or the other way round.
    """
    torch.set_num_threads(1)  # a second thread on these small matrices only gets in the way
    snapshot = options.out_dir / _SNAPSHOT
    if snapshot.exists() and not options.resume:
        raise CheckpointError(f'{options.out_dir} holds a run already: resume it or go elsewhere')
    options.out_dir.mkdir(parents=True, exist_ok=True)
    robot = resources.load_robot(_ROBOT)
    progress = Progress(options.out_dir, run.iterations)
    trainer = VelocityTrainer(robot, run, options.seed)
    gone_s = 0.0
    if options.resume:
        arrays, state = read_snapshot(snapshot)
        trainer.restore(arrays, state)
        gone_s = float(state['elapsed_s'])
    progress.forget_after(trainer.iteration)
    start = time.monotonic() - gone_s
    try:
        while trainer.iteration < run.iterations:
            values = trainer.iterate()
            progress.report(trainer.iteration, time.monotonic() - start, values)
            if trainer.iteration % _KEEP_EVERY == 0 or trainer.iteration == run.iterations:
                _keep(options, trainer, robot, progress, time.monotonic() - start)
        drift = trainer.forward_drift(_CALIBRATION_S if run.steps > 100_000 else 0.1)
        # a run too short to walk drifts by anything; a trim is a small correction or none
        trim = -drift if abs(drift) < _LARGEST_TRIM else 0.0
        _save(options, trainer, robot, time.monotonic() - start, trim)
    finally:
        trainer.close()


def _keep(
    options: RecipeOptions,
    trainer: VelocityTrainer,
    robot: RobotSpec,
    progress: Progress,
    elapsed_s: float,
) -> None:
    """Write snapshot, checkpoint and curve."""
    arrays, state = trainer.snapshot()
    write_snapshot(options.out_dir / _SNAPSHOT, arrays, {**state, 'elapsed_s': elapsed_s})
    _save(options, trainer, robot, elapsed_s, 0.0)
    plot_curve(progress.rows(), _CURVES, options.out_dir / 'curve.png')


def _save(
    options: RecipeOptions,
    trainer: VelocityTrainer,
    robot: RobotSpec,
    elapsed_s: float,
    vx_trim: float,
) -> None:
    """Write the checkpoint."""
    task = trainer.run.task
    resources.save_checkpoint(
        options.out_dir,
        plugin=PLUGIN,
        robot=robot,
        config={
            'history': task.history,
            'action_scale_rad': task.action_scale_rad,
            **dataclasses.asdict(task.gait),
            'vx_trim': round(vx_trim, 4),
        },
        tensors=trainer.weights(),
        meta={
            'recipe': 'go2_velocity',
            'seed': options.seed,
            'steps': trainer.iteration * trainer.run.steps_per_iteration,
            'finished': trainer.iteration == trainer.run.iterations,
            'minutes': round(elapsed_s / 60.0, 1),
        },
    )


def _with_threads(run: VelocityRun, threads: int) -> VelocityRun:
    return dataclasses.replace(run, task=dataclasses.replace(run.task, threads=threads))


def _run(options: RecipeOptions) -> None:
    train(options, quick_run() if options.quick else full_run())


RECIPE = Recipe('go2_velocity', 'learned walking for the Unitree Go2 (PPO)', _run)
