# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_velocity`: the learned controller of the Go2, from nothing."""

import dataclasses
import os
from pathlib import Path
import time

from robot_policies import resources
from robot_policies.core.errors import CheckpointError
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.benchmark import BenchmarkOptions
from robot_policies.evaluation.benchmarks.go2_velocity import run as judge
from robot_policies.evaluation.velocity_bars import WALKS
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
_EXAM_SEED = 1000
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
    return dataclasses.replace(
        run, steps=2 * few, settling_steps=2 * few, refining_rounds=0, task=task, ppo=ppo
    )


def train(options: RecipeOptions, run: VelocityRun) -> None:
    """Train into `options.out_dir`, which ends up holding a checkpoint and its curve.

    A run whose gait misses a bar of `eval go2_velocity` at its end goes on, up to
    `run.refining_rounds` times.

    Raises:
        CheckpointError: The folder holds a run and `resume` was not asked, or the other way round.
    """
    torch.set_num_threads(1)  # a second thread on these small matrices only gets in the way
    snapshot = options.out_dir / _SNAPSHOT
    if snapshot.exists() and not options.resume:
        raise CheckpointError(f'{options.out_dir} holds a run already: resume it or go elsewhere')
    options.out_dir.mkdir(parents=True, exist_ok=True)
    robot = resources.load_robot(_ROBOT)
    trainer = VelocityTrainer(robot, run, options.seed)
    gone_s = 0.0
    if options.resume:
        arrays, state = read_snapshot(snapshot)
        trainer.restore(arrays, state)
        gone_s = float(state['elapsed_s'])
    try:
        session = _Session(options, trainer, robot, gone_s)
        session.train_until(run.iterations)
        for begin, end in run.rounds:
            if trainer.iteration <= begin and not session.missed():
                break
            session.train_until(end)
        session.finish()
    finally:
        trainer.close()


class _Session:
    """A trainer at work: what it shows, keeps and leaves behind."""

    def __init__(
        self, options: RecipeOptions, trainer: VelocityTrainer, robot: RobotSpec, gone_s: float
    ) -> None:
        self._out, self._seed = options.out_dir, options.seed
        self._trainer, self._robot = trainer, robot
        self._start = time.monotonic() - gone_s
        self._progress = Progress(options.out_dir, trainer.run.iterations)
        self._progress.forget_after(trainer.iteration)

    @property
    def elapsed_s(self) -> float:
        """Time that the run has taken, with its earlier parts."""
        return time.monotonic() - self._start

    def train_until(self, end: int) -> None:
        """Train until the trainer has done `end` iterations."""
        trainer, progress = self._trainer, self._progress
        progress.total = end
        while trainer.iteration < end:
            values = trainer.iterate()
            progress.report(trainer.iteration, self.elapsed_s, values)
            if trainer.iteration % _KEEP_EVERY == 0 or trainer.iteration == end:
                self._keep()

    def missed(self) -> bool:
        """Return, and say, whether the gait of the kept checkpoint misses a bar."""
        problems = missed_bars(self._out)
        if problems:
            print(f'refining the gait: {"; ".join(problems)}', flush=True)  # noqa: T201
        return bool(problems)

    def finish(self) -> None:
        """Write the checkpoint that the run ends with."""
        run = self._trainer.run
        drift = self._trainer.forward_drift(_CALIBRATION_S if run.steps > 100_000 else 0.1)
        # a run too short to walk drifts by anything; a trim is a small correction or none
        self._save(vx_trim=-drift if abs(drift) < _LARGEST_TRIM else 0.0, finished=True)

    def _keep(self) -> None:
        """Write snapshot, checkpoint and curve."""
        arrays, state = self._trainer.snapshot()
        write_snapshot(self._out / _SNAPSHOT, arrays, {**state, 'elapsed_s': self.elapsed_s})
        self._save(vx_trim=0.0, finished=False)
        plot_curve(self._progress.rows(), _CURVES, self._out / 'curve.png')

    def _save(self, *, vx_trim: float, finished: bool) -> None:
        """Write the checkpoint."""
        trainer = self._trainer
        task = trainer.run.task
        resources.save_checkpoint(
            self._out,
            plugin=PLUGIN,
            robot=self._robot,
            config={
                'history': task.history,
                'action_scale_rad': task.action_scale_rad,
                **dataclasses.asdict(task.gait),
                'vx_trim': round(vx_trim, 4),
            },
            tensors=trainer.weights(),
            meta={
                'recipe': 'go2_velocity',
                'seed': self._seed,
                'steps': trainer.iteration * trainer.run.steps_per_iteration,
                'finished': finished,
                'minutes': round(self.elapsed_s / 60.0, 1),
            },
        )


def missed_bars(checkpoint: Path) -> list[str]:
    """Return what the gait of a checkpoint misses, in words: the walks of `eval go2_velocity`.

    Args:
        checkpoint: Folder. The walks are other ones than those that the published numbers are of.
    """
    options = BenchmarkOptions(
        checkpoint=checkpoint, seed=_EXAM_SEED, values={'trials': ','.join(WALKS)}
    )
    result = judge(options)['bars']
    return [
        f'{name} {bar["value"]:.3f}, limit {bar["limit"]:g}'
        for name, bar in result.items()
        if not bar['holds']
    ]


def _with_threads(run: VelocityRun, threads: int) -> VelocityRun:
    return dataclasses.replace(run, task=dataclasses.replace(run.task, threads=threads))


def _run(options: RecipeOptions) -> None:
    train(options, quick_run() if options.quick else full_run())


RECIPE = Recipe('go2_velocity', 'learned walking for the Unitree Go2 (PPO)', _run)
