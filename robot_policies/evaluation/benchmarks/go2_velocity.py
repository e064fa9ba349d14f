# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_velocity`: how well a controller walks the Go2 to velocity commands.

Randomised robots (friction 0.4 to 1.2, payload, motor strength, delay up to 20 ms, sensor noise),
self-collision and body contacts on. Settings (`name=value`): `trials=flat,push_0.8` runs only
these, `threads=1` sets the physics threads.
"""

from collections.abc import Mapping
from dataclasses import replace
import os
from pathlib import Path
from typing import Any

from robot_policies import resources
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.batch_controller import batch_of
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions
from robot_policies.evaluation.velocity_bars import bars
from robot_policies.evaluation.velocity_record import Record
from robot_policies.evaluation.velocity_trial import run_trial, Trial

_ROBOT = 'go2'
_SHIPPED = 'go2_velocity'
_EPISODES = 300
_QUICK_EPISODES = 6
_DIRECTIONS = {
    'forward': (0.8, 0.0, 0.0),
    'backward': (-0.4, 0.0, 0.0),
    'left': (0.0, 0.35, 0.0),
    'right': (0.0, -0.35, 0.0),
    'turn': (0.0, 0.0, 0.9),
}


def trials(episodes: int) -> list[Trial]:
    """Return what is run for a number of episodes on flat ground; the rest scales with it."""
    half, tenth = max(2, episodes // 2), max(2, episodes // 10)
    rough = [Trial(name=kind, episodes=half, ground=kind) for kind in ('bumps', 'slopes', 'steps')]
    pushes = [
        Trial(name=f'push_{speed}', episodes=episodes, seconds=6.0, push_m_s=speed)
        for speed in (0.8, 1.2)
    ]
    directions = [
        Trial(name=name, episodes=tenth, seconds=6.0, fixed_command=command)
        for name, command in _DIRECTIONS.items()
    ]
    blind = Trial(name='blind', episodes=half, seconds=10.0, joint_noise=20.0, joint_dropout=0.5)
    standing = Trial(name='standing', episodes=tenth, seconds=22.0, standing=True)
    flat = Trial(name='flat', episodes=episodes)
    return [flat, *rough, *pushes, standing, *directions, blind]


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Run all trials and return the numbers; `blind` is reported but has no bar.

    Raises:
        ConfigError: A setting is unknown, or a stack was asked for: this one runs in process.
        CheckpointError: The checkpoint does not fit the robot.
    """
    if options.stack is not None:
        raise ConfigError('go2_velocity', ['runs in process only, without --stack'])
    chosen = _chosen(options)
    robot = resources.load_robot(_ROBOT)
    checkpoint = _SHIPPED if options.checkpoint is None else options.checkpoint
    plugin, values, context = resources.load_checkpoint(checkpoint, robot)
    threads = int(options.values.get('threads', len(os.sched_getaffinity(0))))
    measured: dict[str, dict[str, Any]] = {}
    for trial in chosen:
        controller = batch_of(plugin, values, context, trial.episodes)
        record = run_trial(trial, robot, controller, seed=options.seed, threads=threads)
        measured[trial.name] = summarise(trial, record)
    return {
        'benchmark': 'go2_velocity',
        'controller': plugin,
        'checkpoint': Path(checkpoint).name,
        'seed': options.seed,
        **_headline(measured),
        'bars': bars(measured),
        'trials': measured,
    }


def summarise(trial: Trial, record: Record) -> dict[str, Any]:
    """Return the numbers of one trial."""
    numbers: dict[str, Any] = {'seconds': trial.seconds, **record.falls(), **record.tracking()}
    if trial.standing:
        return {**numbers, **record.standing()}
    return {**numbers, **record.gait()}


def _headline(measured: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the numbers that every benchmark has, from flat ground (or the first trial)."""
    first = measured.get('flat') or next(iter(measured.values()))
    names = ('episodes', 'success_rate', 'ci95', 'falls', 'collisions')
    errors = [name for name in first if name.startswith(('vx_error', 'vy_error', 'yaw_error'))]
    return {name: first[name] for name in (*names, *errors)}


def _chosen(options: BenchmarkOptions) -> list[Trial]:
    episodes = options.episodes or (_QUICK_EPISODES if options.quick else _EPISODES)
    known = {trial.name: trial for trial in trials(episodes)}
    unknown = sorted(set(options.values) - {'trials', 'threads'})
    wanted = [name for name in options.values.get('trials', '').split(',') if name]
    problems = [f'setting {name} is unknown, known are trials, threads' for name in unknown]
    problems += [
        f'trial {name} is unknown, known are {", ".join(known)}'
        for name in wanted
        if name not in known
    ]
    if problems:
        raise ConfigError('go2_velocity', problems)
    chosen = [known[name] for name in wanted] or list(known.values())
    return (
        [replace(trial, seconds=min(trial.seconds, 4.0)) for trial in chosen]
        if (options.quick)
        else chosen
    )


BENCHMARK = Benchmark(
    'go2_velocity', 'walking to velocity commands: tracking, falls, pushes, gait', run
)
