# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_safety_cost`: task success with each layer of safety on and off."""

from collections.abc import Mapping
import functools
import os
from pathlib import Path
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions, plugin_of
from robot_policies.evaluation.episode_record import EpisodeRecord
from robot_policies.evaluation.trials import number_of_jobs, run_missing
from robot_policies.resources import load_robot

_DEFAULTS: Mapping[str, str] = {
    'body': 'puppet',
    'arms': '',
    'world': 'instruction_eval',
    'record': '',
    'jobs': '1',
}
_CHOICES = ('body', 'arms', 'world')
"""What makes another result; the rest is how it is made."""
EPISODES = 200
"""Per arm: more than 1000 in all."""
FIRST_SEED = 60_000


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Run every arm on the same worlds and instructions.

    Args:
        options: `episodes` is the number per arm. `values` may hold `body` (puppet or walking),
            `arms` (some of them, with commas), `world`, `jobs` (processes), and `record` (file of
            finished episodes that is gone on with).

    Raises:
        ConfigError: An unknown value, or a record of other settings.
    """
    os.environ.setdefault('MUJOCO_GL', 'egl')
    from robot_policies.evaluation.go2_instruction import plan
    from robot_policies.evaluation.safety_cost import summary, trials
    from robot_policies.sim.world_spec import load_world

    values = _values(options)
    jobs = number_of_jobs(values, 'go2_safety_cost')
    arms = _arms(values)
    episodes = options.episodes or (2 if options.quick else EPISODES)
    first_seed = FIRST_SEED + 10_000 * options.seed
    settings = {name: values[name] for name in ('body', 'world')}
    settings |= {'checkpoint': str(options.checkpoint or 'go2_instruction')}
    record = EpisodeRecord(_record(options, values), settings | {'seed': options.seed})
    spec = load_world(values['world'])
    tasks = plan(spec, worlds=(episodes + 1) // 2, first_seed=first_seed, extras=False)[:episodes]
    rows = run_missing(
        list(trials(arms, tasks)),
        record,
        functools.partial(_runner, settings),
        _report,
        jobs,
    )
    return {
        'benchmark': 'go2_safety_cost',
        'episodes': episodes,
        'episodes_in_all': episodes * len(arms),
        'seed': options.seed,
        'settings': {key: values[key] for key in _CHOICES if values[key] != _DEFAULTS[key]},
        **settings,
        'trials': summary(rows),
    }


def _values(options: BenchmarkOptions) -> dict[str, str]:
    values = {**_DEFAULTS, **options.values}
    unknown = sorted(set(values) - set(_DEFAULTS))
    problems = [f'setting {name} is unknown, known are {", ".join(_DEFAULTS)}' for name in unknown]
    if values['body'] not in ('puppet', 'walking'):
        problems.append(f'body {values["body"]!r}: expected puppet or walking')
    if options.stack is not None:
        problems.append('runs in process only, without --stack')
    if problems:
        raise ConfigError('go2_safety_cost', problems)
    return values


def _arms(values: Mapping[str, str]) -> tuple[str, ...]:
    from robot_policies.evaluation.safety_layers import arms

    known = arms(values['body'])
    wanted = tuple(name for name in values['arms'].split(',') if name) or tuple(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        problem = f'no arm {", ".join(unknown)}; there are {", ".join(known)}'
        raise ConfigError('go2_safety_cost', [problem])
    return wanted


def _record(options: BenchmarkOptions, values: Mapping[str, str]) -> Path:
    if values['record']:
        return Path(values['record'])
    name = f'{values["body"]}_{values["world"]}_{options.seed}'
    if options.checkpoint is not None:
        name += f'_{options.checkpoint.name}'
    return Path('runs') / 'go2_safety_cost' / f'{Path(name).name}.jsonl'


def _runner(settings: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Load robot, policy and body; return what runs a trial with them."""
    from robot_policies.evaluation.safety_cost import Runner
    from robot_policies.evaluation.safety_layers import arms
    from robot_policies.sim.world_spec import load_world
    import torch

    torch.set_num_threads(1)
    body, world = settings['body'], load_world(settings['world'])
    robot = load_robot('go2')
    policy = plugin_of(settings['checkpoint'], 'infer', robot)
    controller = plugin_of('go2_velocity', 'step', robot) if body == 'walking' else None
    return Runner(robot, world, policy, controller, arms(body))


def _report(row: Mapping[str, Any], done: int, count: int, still_s: float) -> None:
    words = (
        f'{done}/{count} {row["arm"]:15s} {"ok  " if row["success"] else "FAIL"} '
        f'{row["time_s"]:5.1f} s  {row["interventions"]:3d} interventions  '
        f'{still_s / 60.0:.0f} min to go'
    )
    print(words, flush=True)  # noqa: T201


BENCHMARK = Benchmark(
    'go2_safety_cost', 'task success, time and interventions with each layer on and off', run
)
