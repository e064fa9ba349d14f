# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_safety_cost`: task success with each layer of safety on and off."""

from collections.abc import Mapping
import os
from pathlib import Path
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.core.plugins import create
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions
from robot_policies.resources import load_checkpoint, load_robot

_DEFAULTS: Mapping[str, str] = {
    'body': 'puppet',
    'arms': '',
    'world': 'instruction_eval',
    'records': '',
}
EPISODES = 200
"""Per arm: on the puppet 1000 in all."""
FIRST_SEED = 60_000


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Run every arm on the same worlds and instructions.

    Args:
        options: `episodes` is the number per arm. `values` may hold `body` (puppet or walking),
            `arms` (some of them, with commas), `world`, and `records` (file that is gone on
            with).

    Raises:
        ConfigError: An unknown value.
    """
    os.environ.setdefault('MUJOCO_GL', 'egl')
    from robot_policies.evaluation.go2_instruction import CAMERA, Course, plan
    from robot_policies.evaluation.safety_cost import collect, record_of, summary
    from robot_policies.evaluation.safety_layers import LayeredPuppet, LayeredWalker, supervisor_of
    from robot_policies.sim.world_spec import load_world
    import torch

    torch.set_num_threads(1)
    values = _values(options)
    chosen = _arms(values)
    robot, spec = load_robot('go2'), load_world(values['world'])
    episodes = options.episodes or (2 if options.quick else EPISODES)
    first_seed = FIRST_SEED + 10_000 * options.seed
    tasks = plan(spec, worlds=(episodes + 1) // 2, first_seed=first_seed, extras=False)[:episodes]
    policy = _load(str(options.checkpoint or 'go2_instruction'), 'infer')
    current = next(iter(chosen))

    def make() -> Any:  # noqa: ANN401
        return supervisor_of(chosen[current], robot)

    body: Any
    if values['body'] == 'puppet':
        body = LayeredPuppet(robot, CAMERA, make)
    else:
        body = LayeredWalker(robot, _load('go2_velocity', 'step'), CAMERA, make)
    course = Course(robot, body, policy, spec)

    def episode(arm: str, task: Any) -> dict[str, Any]:  # noqa: ANN401
        nonlocal current
        current = arm
        return record_of(course, task)

    records = collect(tuple(chosen), tasks, episode, _records(options, values), _say)
    found = summary(records)
    return {
        'benchmark': 'go2_safety_cost',
        'episodes': episodes,
        'episodes_in_all': episodes * len(chosen),
        'seed': options.seed,
        'settings': {name: values[name] for name in ('body', 'world')},
        'trials': found,
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


def _arms(values: Mapping[str, str]) -> dict[str, Any]:
    from robot_policies.evaluation.safety_layers import arms

    known = arms(values['body'])
    wanted = [name for name in values['arms'].split(',') if name] or list(known)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        problem = f'no arm {", ".join(unknown)}; there are {", ".join(known)}'
        raise ConfigError('go2_safety_cost', [problem])
    return {name: known[name] for name in wanted}


def _records(options: BenchmarkOptions, values: Mapping[str, str]) -> Path:
    if values['records']:
        return Path(values['records'])
    name = f'{values["body"]}_{values["world"]}_{options.seed}'
    if options.checkpoint is not None:
        name += f'_{options.checkpoint.name}'
    return Path('runs') / 'go2_safety_cost' / f'{Path(name).name}.jsonl'


def _load(checkpoint: str, verb: str) -> Any:  # noqa: ANN401
    plugin, config, context = load_checkpoint(checkpoint, load_robot('go2'))
    return create(plugin, verb=verb, values=config, context=context)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


BENCHMARK = Benchmark(
    'go2_safety_cost', 'task success, time and interventions with each layer on and off', run
)
