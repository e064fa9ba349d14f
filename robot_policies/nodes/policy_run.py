# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A policy that is ready to be asked: loaded, warmed, and with what gathers its inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import threading

from robot_policies.core.contracts import Policy
from robot_policies.core.data_types import Missing
from robot_policies.core.errors import PluginError
from robot_policies.core.observation_assembler import ObservationAssembler
from robot_policies.core.probe import check_policy, still_observation
from robot_policies.core.robot import RobotSpec
from robot_policies.core.source_history import SourceRule
from robot_policies.ros.plugin_source import load_plugin, LoadedPlugin
from robot_policies.ros.policy_inputs import input_topic


@dataclass(frozen=True, eq=False)
class PolicyRun:
    """A policy and its inputs; swapped whole.

    Attributes:
        loaded: The policy with its configuration.
        assembler: Gathers what it needs.
        reset_pending: Set when the policy shall forget the past before its next answer.
    """

    loaded: LoadedPlugin
    assembler: ObservationAssembler
    reset_pending: threading.Event = field(default_factory=threading.Event)

    @property
    def policy(self) -> Policy:
        """The policy."""
        policy: Policy = self.loaded.plugin
        return policy

    @property
    def label(self) -> str:
        """Its checkpoint or class."""
        return self.loaded.label


class Succession:
    """Hands over from one policy to the next, between two threads."""

    def __init__(self) -> None:
        self.candidate: PolicyRun | None = None
        self._missing = ''
        self._taken_over = threading.Event()
        self._lock = threading.Lock()

    def offer(self, run: PolicyRun, timeout_s: float) -> None:
        """Wait until `run` has taken over.

        Raises:
            PluginError: What it needs did not come in time; it will not take over.
        """
        self._taken_over.clear()
        self._missing = 'no observation was due in that time'
        self.candidate = run
        if not self._taken_over.wait(timeout_s):
            with self._lock:
                self.candidate = None
                if not self._taken_over.is_set():
                    words = f'policy {run.label} cannot take over: {self._missing}'
                    raise PluginError(words)

    def resolve(self, run: PolicyRun, now_ns: int) -> PolicyRun:
        """Return the policy to ask now: the candidate as soon as it has all that it needs."""
        candidate = self.candidate
        if candidate is None:
            return run
        observation = candidate.assembler.assemble('', now_ns)
        if isinstance(observation, Missing):
            self._missing = str(observation)
            return run
        with self._lock:
            if self.candidate is not candidate:
                return run  # it was given up in this very moment
            self.candidate = None
            self._taken_over.set()
        return candidate


def load_run(label: str, robot: RobotSpec, rules: Mapping[str, SourceRule]) -> PolicyRun:
    """Load, warm and check a policy.

    Raises:
        RobotPoliciesError: It cannot be loaded, or does not answer as it should.
    """
    return run_of(load_plugin(label, 'infer', robot), robot, rules)


def run_of(loaded: LoadedPlugin, robot: RobotSpec, rules: Mapping[str, SourceRule]) -> PolicyRun:
    """Warm and check a policy.

    Raises:
        RobotPoliciesError: It asks for what this robot does not have, or does not answer as it
            should.
    """
    inputs = tuple(loaded.plugin.inputs)
    assembler = ObservationAssembler(inputs, rules)
    for name in assembler.inputs:
        try:
            input_topic(name, robot)
        except KeyError as error:
            raise PluginError(f'policy {loaded.label} needs {name}: {error.args[0]}') from None
    observation = still_observation(robot, inputs)
    if observation is not None:
        check_policy(loaded.plugin, observation, loaded.label)
    return PolicyRun(loaded, assembler)
