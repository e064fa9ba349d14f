# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The processes of a stack, each of which can be killed, stopped and started again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, ExitStack
from dataclasses import replace
import os
from pathlib import Path
import signal
import time
from typing import Any

from robot_policies.bringup.command import command_line
from robot_policies.bringup.prepare import prepare_stack, PreparedStack
from robot_policies.bringup.process import ManagedProcess
from robot_policies.bringup.readiness import ReadinessSocket
from robot_policies.bringup.session import session_priority, wanted_nice
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.faults.fault import RigError, Setting
from robot_policies.resources import find, read_yaml
import yaml

STACK = 'go2_mujoco'
_DOMAINS = range(102, 150)
_START_S = 120.0
_PATIENCE_S = 10.0
FROZEN_S = 0.12
"""Longest time for which a camera may show the same: the second repeated image is one too many."""


class FaultStack:
    """Real nodes in real processes, in a ROS domain of their own."""

    def __init__(self, setting: Setting, folder: Path, given: Mapping[str, Any]) -> None:
        """Prepare; nothing runs yet.

        Args:
            setting: Which nodes, and with what.
            folder: For parameters and logs.
            given: Further `<node>.<parameter>` -> value.
        """
        self.setting, self.folder = setting, folder
        self._given = {**_arguments(setting, folder), **given}
        self._claimed()
        self._notices = ReadinessSocket()
        self._processes: dict[str, ManagedProcess] = {}
        self._addresses: dict[str, str] = {}
        self._starts = 0
        self._session = ExitStack()
        self._plans = {node.name: node for node in self._prepared.plan.nodes}

    def _claimed(self) -> None:
        problem: ConfigError | None = None
        for domain in _DOMAINS:
            os.environ['ROS_DOMAIN_ID'] = str(domain)
            try:
                self._prepared: PreparedStack = prepare_stack(STACK, self._given, lambda _: None)
            except ConfigError as error:
                problem = error
            else:
                self.domain = domain
                return
        raise RigError(f'no ROS domain is free: {problem}')

    @property
    def environment(self) -> dict[str, str]:
        """What every process finds."""
        return {**os.environ, **self._prepared.environment}

    def start(self, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Start a node, with further parameters."""
        self._starts += 1
        plan = self._plans[name]
        plan = replace(plan, parameters={**plan.parameters, **(parameters or {})})
        run_dir = self._prepared.run_dir
        if name not in self._addresses:
            self._addresses[name] = self._notices.address_for(name)
        address = self._addresses[name]
        log = run_dir / 'logs' / f'{name}.{self._starts}.log'
        command = command_line(plan, run_dir / 'parameters')
        env = {**self.environment, **plan.env, 'NOTIFY_SOCKET': address}
        self._processes[name] = ManagedProcess(name, command, env, log, required=True)

    def wait_ready(self) -> None:
        """Return when every process has said that it is ready.

        Raises:
            RigError: One failed, ended or took too long.
        """
        deadline = time.monotonic() + _START_S
        while waiting := [p for p in self._processes.values() if not p.ready]:
            for notice in self._notices.wait(0.05):
                process = self._processes[notice.name]
                process.ready |= notice.key == 'READY'
                process.failure = notice.value if notice.key == 'X_FAILED' else process.failure
            process = waiting[0]
            if process.exit_status() is not None or time.monotonic() > deadline:
                words = process.failure or '; '.join(process.last_lines(5))
                raise RigError(f'{process.name} did not get ready: {words}')

    def start_all(self) -> None:
        """Start what is missing: first the others, then the simulator, as `up` does."""
        if not self._processes:
            self._session.enter_context(session_priority(wanted_nice(self._prepared.plan)))
        missing = [n for n in self.setting.nodes if not self.is_running(n)]
        for name in missing:
            if name != 'sim':
                self.start(name)
        self.wait_ready()
        if 'sim' in missing:
            self.start('sim')
            self.wait_ready()

    def is_running(self, name: str) -> bool:
        """True unless it was never started, was killed, or ended."""
        process = self._processes.get(name)
        return process is not None and process.exit_status() is None

    def kill(self, name: str) -> int:
        """Kill a process with -9; return the system time just before."""
        process = self._processes.pop(name)
        at_ns = time.time_ns()
        process.send(signal.SIGKILL)
        while process.exit_status() is None:
            time.sleep(0.001)
        return at_ns

    def end(self, name: str) -> None:
        """End a process in good order."""
        process = self._processes.pop(name, None)
        if process is None:
            return
        for number in (signal.SIGCONT, signal.SIGINT):
            process.send(number)
        if not _ended(process, _PATIENCE_S):
            process.send(signal.SIGKILL)
            _ended(process, _PATIENCE_S)

    @contextmanager
    def stopped(self, name: str) -> Iterator[int]:
        """Stop a process (SIGSTOP) for a while; gives the system time just before."""
        process = self._processes[name]
        at_ns = time.time_ns()
        process.send(signal.SIGSTOP)
        try:
            yield at_ns
        finally:
            process.send(signal.SIGCONT)

    def log(self, name: str) -> str:
        """Return what a running node has said."""
        return self._processes[name].log.read_text(encoding='utf-8', errors='replace')

    def close(self) -> None:
        """End everything."""
        for process in self._processes.values():
            for number in (signal.SIGCONT, signal.SIGINT):
                process.send(number)
        for process in list(self._processes.values()):
            if not _ended(process, _PATIENCE_S):
                process.send(signal.SIGKILL)
                _ended(process, _PATIENCE_S)
        self._session.close()
        self._notices.close()
        self._prepared.claim.release()


def _ended(process: ManagedProcess, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while process.exit_status() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return process.exit_status() is not None


def _arguments(setting: Setting, folder: Path) -> dict[str, Any]:
    given: dict[str, Any] = {
        'dashboard': False,
        'record': True,  # the plan knows it; it runs where the setting names it
        'runs': str(folder),
        'world': setting.world,
        'novelty': setting.novelty,
        'sim.faults': True,
    }
    if setting.policy:
        given['policy'] = setting.policy
        if setting.camera:  # pixels that stand still are looked for, as on hardware
            given |= {'policy.camera_frozen_s': FROZEN_S, 'sim.noise.pixel': 1.0}
    if not setting.camera:
        given['robot'] = str(blind_robot(folder))
    if setting.simulated_time:
        given |= {f'{name}.use_sim_time': True for name in setting.nodes}
    return given


def blind_robot(folder: Path) -> Path:
    """Write the robot without its cameras, and return the file."""
    path = folder / 'go2.yaml'
    content = {**read_yaml(find('robots', 'go2')), 'cameras': []}
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding='utf-8')
    return path
