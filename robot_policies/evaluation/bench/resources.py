# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Memory and CPU of a stack's processes, as the operating system counts them."""

from collections.abc import Sequence
from pathlib import Path
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
from robot_policies.evaluation.bench.processes import BenchError, environment

_SAMPLE_S = 0.5
_START_S = 120.0
_END_S = 200.0
"""The starter summarises the run before it ends."""


def watch_stack(
    stack: str, runs: Path, seconds: float, warm_up_s: float, words: Sequence[str] = ()
) -> dict[str, Any]:
    """Run a stack for a while and return what it used.

    Args:
        stack: Its name.
        runs: Folder for its run.
        seconds: How long it runs once it is ready.
        warm_up_s: CPU is counted after this; memory from the beginning.
        words: More arguments of the stack, `key:=value`.

    Returns:
        `cpu_cores` of all processes together (1.0 is one core), and for each process its largest
        `memory_mb` (resident set) and its `cpu_cores`.

    Raises:
        BenchError: It did not start, or ended by itself in the wrong way.
    """
    command = [sys.executable, '-m', 'robot_policies.cli', 'up', '--die-with-parent', stack]
    given = dict(word.split(':=', 1) for word in ('operator:=true', 'record:=true', *words))
    command += [f'duration:={seconds}', f'runs:={runs}']
    command += [f'{key}:={value}' for key, value in given.items()]
    log = runs / 'starter.log'
    with open(log, 'w', encoding='utf-8') as output:
        starter = subprocess.Popen(
            command, env=environment(), stdout=output, stderr=subprocess.STDOUT
        )
        watch = _Watch(psutil.Process(starter.pid))
        try:
            wait_ready(starter, log)
            watch.sample_for(starter, warm_up_s)
            watch.begin()
            watch.sample_for(starter, seconds - 2.0 * warm_up_s)
            watch.end()
            status = starter.wait(_END_S + 2.0 * warm_up_s)
        finally:
            if starter.poll() is None:
                starter.send_signal(signal.SIGINT)
                starter.wait(_END_S)
    if status != 0:
        raise BenchError(f'{stack} ended with exit status {status}: {_last_line(log)}')
    return watch.result()


class _Watch:
    """Largest memory of each process, and CPU time between `begin` and `end`."""

    def __init__(self, starter: psutil.Process) -> None:
        self._starter = starter
        self._memory: dict[str, float] = {}
        self._cpu: dict[str, float] = {}
        self._begun = (0.0, dict[str, float]())
        self._seconds = 0.0

    def sample_for(self, starter: 'subprocess.Popen[bytes]', seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and starter.poll() is None:
            self._sample()
            time.sleep(_SAMPLE_S)

    def begin(self) -> None:
        self._sample()
        self._begun = (time.monotonic(), dict(self._cpu))

    def end(self) -> None:
        self._sample()
        started, before = self._begun
        self._seconds = time.monotonic() - started
        self._cpu = {name: used - before.get(name, 0.0) for name, used in self._cpu.items()}

    def result(self) -> dict[str, Any]:
        processes = {
            name: {'memory_mb': self._memory[name], 'cpu_cores': used / self._seconds}
            for name, used in sorted(self._cpu.items())
        }
        return {
            'cpu_cores': sum(self._cpu.values()) / self._seconds,
            'processes': processes,
        }

    def _sample(self) -> None:
        for process in [self._starter, *self._starter.children(recursive=True)]:
            try:
                with process.oneshot():
                    name = process_name(process.cmdline())
                    memory_mb = process.memory_info().rss / 1e6
                    times = process.cpu_times()
            except psutil.Error:
                continue  # it has ended between being listed and being looked at
            self._memory[name] = max(memory_mb, self._memory.get(name, 0.0))
            self._cpu[name] = times.user + times.system


def process_name(command: list[str]) -> str:
    """Return what to call a process with this command line, e.g. `safety`."""
    if '-m' in command[:-1]:
        module = command[command.index('-m') + 1].rpartition('.')[2]
        return 'starter' if module == 'cli' else module.removesuffix('_node')
    return Path(command[0]).name if command else 'unknown'


def wait_ready(starter: 'subprocess.Popen[bytes]', log: Path) -> None:
    """Return when the starter of a stack has written that it is ready.

    Raises:
        BenchError: It ended, or took too long.
    """
    deadline = time.monotonic() + _START_S
    while 'ready after' not in log.read_text(encoding='utf-8'):
        if starter.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f'the stack did not get ready: {_last_line(log)}')
        time.sleep(0.1)


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding='utf-8').strip().splitlines()
    return lines[-1] if lines else 'it said nothing'
