# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The processes of a stack together: started, watched, and ended."""

from collections.abc import Callable, Mapping
import math
from pathlib import Path
import signal
import time

from robot_policies.bringup.command import command_line
from robot_policies.bringup.plan import Plan
from robot_policies.bringup.process import ManagedProcess
from robot_policies.bringup.readiness import Notice, ReadinessSocket
from robot_policies.bringup.stop_requests import StopRequests

BAD_INPUT = 2
FAILED = 1
_REMIND_S = 30.0
_LAST_LINES = 12
_STOP_PHASES = ((signal.SIGINT, 30.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0))


class StackProcesses:
    """Runs the processes of a plan.

    A process that ends before it is ready ends the stack. One that ends later is reported, and
    the others go on: what the robot does then is the safety node's business. A policy is not
    started again by itself, because nobody knows why it ended.
    """

    def __init__(self, plan: Plan, run_dir: Path, say: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            plan: What to start.
            run_dir: Folder of this run.
            say: Takes one line for the user.
        """
        self._plan = plan
        self._run_dir = run_dir
        self._say = say
        self._notices = ReadinessSocket()
        self._processes: dict[str, ManagedProcess] = {}
        self._ended: set[str] = set()
        self._page = ''
        self.status = 0

    def start(self, env: Mapping[str, str]) -> None:
        """Start the first stage, with `env` as the environment of all of them.

        Raises:
            ConfigError: An executable is not there.
        """
        self._env = env
        params_dir = self._run_dir / 'parameters'
        self._commands = {node.name: command_line(node, params_dir) for node in self._plan.nodes}
        self._stages = self._plan.stages
        self._start_stage()

    def _start_stage(self) -> None:
        for node in self._stages.pop(0):
            address = self._notices.address_for(node.name)
            process = ManagedProcess(
                node.name,
                self._commands[node.name],
                {**self._env, **node.env, 'NOTIFY_SOCKET': address},
                self._run_dir / 'logs' / f'{node.name}.log',
                node.required,
            )
            process.once = node.once
            process.ready = not node.module  # only our own nodes say so themselves
            self._processes[node.name] = process

    def watch(self, stop: StopRequests, duration_s: float) -> None:
        """Return when the user asks for the end, the time is up, or the stack cannot go on.

        Args:
            stop: The user's wish.
            duration_s: Time of running, from when all are ready; 0 for no limit.
        """
        begun = reminded = time.monotonic()
        end = math.inf
        ready = False
        while not stop.count and time.monotonic() < end:
            for notice in self._notices.wait(0.1):
                self._on_notice(notice)
            if self._any_fatal_end():
                return
            now = time.monotonic()
            waiting = self._waiting_for()
            if not waiting and self._stages:
                self._start_stage()
            elif not waiting and not ready:
                ready = True
                end = now + duration_s if duration_s else math.inf
                self._say(self._ready_line(now - begun))
            elif waiting and now - reminded > _REMIND_S:
                reminded = now
                self._say(f'still waiting for {", ".join(waiting)}')

    def stop(self, stop: StopRequests) -> None:
        """End all of them: asked first, then forced. Each further Ctrl-C is a step on."""
        heeded = min(stop.count, 1)  # what brought us here
        for number, patience_s in _STOP_PHASES:
            for process in self._alive():
                process.send(number)
            deadline = time.monotonic() + patience_s
            while self._alive() and time.monotonic() < deadline and stop.count <= heeded:
                for notice in self._notices.wait(0.05):
                    self._on_notice(notice)
            heeded += 1
        for process in self._processes.values():
            process.send(signal.SIGKILL)  # whatever a node started and left behind
        self._notices.close()

    def _alive(self) -> list[ManagedProcess]:
        return [p for p in self._processes.values() if p.exit_status() is None]

    def _on_notice(self, notice: Notice) -> None:
        process = self._processes[notice.name]
        if notice.key == 'READY':
            process.ready = True
        elif notice.key == 'STATUS':
            self._say(f'{notice.name}: {notice.value}')
        elif notice.key == 'X_PAGE':
            self._page = notice.value
        elif notice.key == 'X_FAILED':
            process.failure = notice.value

    def _any_fatal_end(self) -> bool:
        for name, process in self._processes.items():
            exit_status = process.exit_status()
            if exit_status is None or name in self._ended:
                continue
            for notice in self._notices.wait(0.0):  # its last words
                self._on_notice(notice)
            self._ended.add(name)
            if process.once and exit_status == 0:
                continue
            self._report(process, exit_status)
            if process.required or not process.ready:
                return True
        return False

    def _report(self, process: ManagedProcess, exit_status: int) -> None:
        how = f'killed by signal {-exit_status}' if exit_status < 0 else f'status {exit_status}'
        if process.failure:
            self.status = BAD_INPUT
            self._say(f'{process.name} cannot start: {process.failure}')
            return
        self.status = self.status or FAILED
        when = 'ended' if process.ready else 'ended before it was ready'
        self._say(f'{process.name} {when} ({how}); the last lines of {process.log}:')
        for line in process.last_lines(_LAST_LINES):
            self._say(f'    {line}')

    def _waiting_for(self) -> list[str]:
        return [name for name, process in self._processes.items() if not process.ready]

    def _ready_line(self, seconds: float) -> str:
        page = f': {self._page}' if self._page else ''
        return f'ready after {seconds:.0f} s{page}   (Ctrl-C ends it)'
