# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Processes of a measurement: in a ROS domain of their own, ended whatever happens."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
import itertools
import json
import os
import signal
import subprocess
import sys
from typing import Any

from robot_policies.bringup.dds import CONTROL, shipped_profile
from robot_policies.bringup.environment import LOCAL_ONLY, PROFILE_VARIABLES
from robot_policies.bringup.prepare import local_environment
from robot_policies.bringup.process import ChildSetup
from robot_policies.core.errors import RobotPoliciesError

_domains = itertools.cycle(range(102, 150))


class BenchError(RobotPoliciesError):
    """A process of a measurement did not do what it should."""


def environment(*, profile: bool = True) -> dict[str, str]:
    """Return the environment of one round's processes.

    Args:
        profile: With the shipped DDS profile; without it with the middleware's defaults.
    """
    env = dict(os.environ) | local_environment() | {'ROS_DOMAIN_ID': str(next(_domains))}
    if profile:
        return env
    return {**{k: v for k, v in env.items() if k not in PROFILE_VARIABLES}, **LOCAL_ONLY}


def of_control(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment as a stack gives it to its control loops."""
    return {**env, **dict.fromkeys(PROFILE_VARIABLES, str(shipped_profile(CONTROL)))}


@contextmanager
def running(
    commands: Sequence[Sequence[str]], env: Mapping[str, str]
) -> Iterator[list[subprocess.Popen[str]]]:
    """Run `python -m <command>` for each command, and end them all at the end.

    Args:
        commands: Module and arguments each.
        env: Their environment.
    """
    processes = []
    try:
        for command in commands:
            processes.append(_start(command, env))  # noqa: PERF401 - those started must be ended
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            _end(process)


def ask(command: Sequence[str], env: Mapping[str, str], timeout_s: float) -> dict[str, Any]:
    """Run a probe to its end and return the JSON object in its last line.

    Raises:
        BenchError: It failed, said nothing, or took too long.
    """
    process = _start(command, env, stdout=subprocess.PIPE)
    try:
        output, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise BenchError(f'{command[0]} did not end in {timeout_s:.0f} s') from None
    lines = output.strip().splitlines()
    if process.returncode != 0 or not lines:
        raise BenchError(f'{command[0]} failed with exit status {process.returncode}')
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def _start(
    command: Sequence[str], env: Mapping[str, str], stdout: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, '-m', *command],
        env=env,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=ChildSetup(os.getpid()),  # noqa: PLW1509 - it makes two system calls
    )


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(10.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
