# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Judges instructions through the running nodes of a stack instead of in process."""

from collections.abc import Callable, Iterator, Sequence
import contextlib
import json
import os
from pathlib import Path
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np
from robot_policies.bringup.prepare import local_environment
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.go2_instruction import judged, line, Outcome, plan, Task
from robot_policies.evaluation.instruction_bodies import Mishaps
from robot_policies.evaluation.instruction_episode import Episode
from robot_policies.sim.world_spec import WorldSpec

_START_S = 120.0
_PER_TASK_S = 30.0
_DOMAIN = '97'


def judge_stack(
    stack: str,
    robot: RobotSpec,
    spec: WorldSpec,
    *,
    worlds: int,
    first_seed: int,
    extras: bool,
    arguments: Sequence[str],
    report: Callable[[str], None],
) -> list[Outcome]:
    """Start a stack, put the tasks of the benchmark to it, and judge.

    Args:
        stack: Name or path.
        robot: The robot.
        spec: What the worlds are drawn from.
        worlds: Number of worlds.
        first_seed: Seed of the first world.
        extras: Also paraphrases and absent objects.
        arguments: `key:=value` for the stack.
        report: Called with a line per episode.

    Raises:
        RobotPoliciesError: The stack or the examiner ended early, or takes too long.
    """
    tasks = plan(spec, worlds=worlds, first_seed=first_seed, extras=extras)
    with tempfile.TemporaryDirectory() as folder:
        records = _examine(stack, tasks, Path(folder), arguments)
    outcomes = []
    for task, record in zip(tasks, records, strict=True):
        outcomes.append(judged(task, _episode(record), robot))
        report(line(outcomes[-1]))
    return outcomes


def _examine(
    stack: str, tasks: Sequence[Task], folder: Path, arguments: Sequence[str]
) -> list[dict[str, Any]]:
    rows = [{'seed': t.world.seed, 'text': t.text, 'limit_s': t.limit_s} for t in tasks]
    (folder / 'plan.json').write_text(json.dumps(rows), encoding='utf-8')
    result = folder / 'result.json'
    up = ['-m', 'robot_policies.cli', 'up', '--die-with-parent', stack]
    up += ['dashboard:=false', 'record:=false', *arguments]
    examiner = ['-m', 'robot_policies.nodes.examiner_node', '--ros-args']
    examiner += ['-p', f'plan:={folder / "plan.json"}', '-p', f'result:={result}']
    limit_s = _START_S + sum(task.limit_s + _PER_TASK_S for task in tasks)
    with (
        _running(up, folder / 'stack.log') as first,
        _running(examiner, folder / 'exam.log') as second,
    ):
        deadline = time.monotonic() + limit_s
        while not result.is_file():
            for process, log in ((first, 'stack.log'), (second, 'exam.log')):
                if process.poll() is not None or time.monotonic() > deadline:
                    text = (folder / log).read_text(encoding='utf-8', errors='replace')
                    raise RobotPoliciesError(f'{log}: no result; it ended with:\n{text[-2000:]}')
            time.sleep(0.2)
        return list(json.loads(result.read_text(encoding='utf-8')))


@contextlib.contextmanager
def _running(arguments: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**local_environment(), 'ROS_DOMAIN_ID': _DOMAIN}
    with log.open('wb') as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _episode(record: dict[str, Any]) -> Episode:
    status = PolicyStatus[record['status']]
    return Episode(
        status=status,
        message=record['message'],
        time_s=record['time_s'],
        stands=record['stands'],
        path=np.array(record['path'] or [(np.inf, np.inf, 0.0)]),
        mishaps=Mishaps(record['falls'], record['collisions'], 0),
        statuses=(status,),
        stops=record['stops'],
    )
