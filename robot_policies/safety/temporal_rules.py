# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Rules over time, in words of temporal logic, watched while the robot runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
import difflib
from typing import Any, ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import build, param
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety import predicates
from robot_policies.safety.predicates import Moment, NotKnownError, Surroundings
from robot_policies.safety.state import SafetyState
from robot_policies.safety.temporal_logic import (
    Always,
    Atom,
    atoms,
    FALSE,
    finish,
    Formula,
    progress,
)
from robot_policies.safety.temporal_parse import parse

_SEVERITIES = ('LIMIT', 'HOLD', 'RECOVER', 'DAMP')


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """One rule. It has to hold at every instant: `always` around it is understood."""

    name: str = param(doc='What it is called in reports.')
    says: str = param('', doc='The rule in words, told when it is broken.')
    formula: str = param(doc='The rule in temporal logic over predicates.')
    severity: str = param('HOLD', doc='What breaking it is.', choices=_SEVERITIES)
    gate: str = param(
        'velocity', doc='Where it is watched, and stops.', choices=('velocity', 'joint')
    )

    def __post_init__(self) -> None:
        """Check that breaking it does something."""
        if self.gate == 'joint' and self.severity == 'LIMIT':
            raise ValueError(
                'LIMIT slows a velocity: on the gate joint take HOLD, RECOVER or DAMP'
            )


@dataclass(frozen=True, kw_only=True)
class TemporalRulesConfig:
    """What happens after a rule was broken; the rules themselves come in a file."""

    linger_s: float = param(
        1.0, doc='A broken rule counts as broken for so long.', unit='s', low=0.0, high=60.0
    )
    slow_factor: float = param(
        0.5, doc='Share of the velocity that is left by LIMIT.', low=0.0, high=1.0
    )


class RuleMonitor:
    """One rule on one stream."""

    def __init__(self, spec: RuleSpec) -> None:
        """Read the formula.

        Raises:
            ValueError: It cannot be read, or names a predicate that there is not.
        """
        self.spec = spec
        body = parse(spec.formula)
        for atom in sorted(atoms(body), key=str):
            _check_atom(atom)
        self._whole: Formula = Always(body)
        self.reset()

    def reset(self) -> None:
        """Forget the stream."""
        self._left = self._whole

    def update(self, moment: Moment) -> bool:
        """Take the next instant; return True if the rule is broken now.

        It is then watched anew from the next instant on.

        Raises:
            NotKnownError: A source that a predicate needs is missing; the instant is left out.
        """
        self._left = progress(self._left, lambda atom: _holds(atom, moment), moment.now_ns)
        if self._left == FALSE:
            self.reset()
            return True
        return False

    def finish(self) -> bool:
        """Return True if a stream that ends here leaves the rule broken."""
        return not finish(self._left)


class TemporalRules:
    """Answers with the severity of the worst rule that is broken, or cannot be judged (HOLD)."""

    config_class: ClassVar[type] = TemporalRulesConfig
    gates: ClassVar[tuple[str, ...]] = ('joint', 'velocity')

    def __init__(self, config: TemporalRulesConfig, context: PluginContext) -> None:
        """Read the rules, which stand in `context.meta['rules']`; without any all pass.

        Raises:
            ConfigError: Everything that is wrong in them, at once.
        """
        self._config, self._robot = config, context.robot
        self._surroundings = Surroundings(context.robot)
        self._monitors = monitors(context.meta.get('rules', ()))
        self.reset()

    def reset(self) -> None:
        """Forget the stream and what was broken."""
        self._broken_ns: dict[str, int] = {}
        self._last_ns: dict[str, int] = {}
        for monitor in self._monitors:
            monitor.reset()

    def check(
        self, command: JointCommand | VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand | VelocityCommand]:
        """Take the instant into the rules of this gate."""
        gate = 'velocity' if isinstance(command, VelocityCommand) else 'joint'
        own = [monitor for monitor in self._monitors if monitor.spec.gate == gate]
        if not own or now_ns <= self._last_ns.get(gate, -1):
            return Verdict(Severity.PASS, command)
        self._last_ns[gate] = now_ns
        moment = Moment(command, state, now_ns, self._robot, self._surroundings)
        found = [answer for monitor in own if (answer := self._judge(monitor, moment))]
        if not found:
            return Verdict(Severity.PASS, command)
        severity, reason = max(found, key=lambda item: item[0])
        if severity == Severity.LIMIT and isinstance(command, VelocityCommand):
            slower = command.as_array() * self._config.slow_factor
            command = VelocityCommand.from_array(command.stamp_ns, slower)
        return Verdict(severity, command, reason)

    def _judge(self, monitor: RuleMonitor, moment: Moment) -> tuple[Severity, str] | None:
        spec = monitor.spec
        try:
            if monitor.update(moment):
                self._broken_ns[spec.name] = moment.now_ns
        except NotKnownError as error:
            return Severity.HOLD, f'rule {spec.name} cannot be judged: {error} is missing'
        since_ns = self._broken_ns.get(spec.name)
        if since_ns is None or moment.now_ns - since_ns > self._config.linger_s * 1e9:
            return None
        return Severity[spec.severity], f'rule {spec.name} broken: {spec.says or spec.formula}'


@dataclass(frozen=True)
class Violation:
    """A rule that was broken in a stream, and when; `time_ns` None: only by the stream's end."""

    rule: str
    time_ns: int | None


def monitors(rules: Sequence[Mapping[str, Any]]) -> list[RuleMonitor]:
    """Return a monitor per rule.

    Args:
        rules: As in the YAML.

    Raises:
        ConfigError: Everything that is wrong in them, at once.
    """
    made: list[RuleMonitor] = []
    problems: list[str] = []
    for i, values in enumerate(rules):
        label = str(values.get('name', i)) if isinstance(values, Mapping) else str(i)
        try:
            spec = build(RuleSpec, values, where=f'rule {label}')
            made.append(RuleMonitor(spec))
        except ConfigError as error:
            problems.append(str(error))
        except (ValueError, TypeError) as error:
            problems.append(f'rule {label}: {error}')
    names = [monitor.spec.name for monitor in made]
    problems += [
        f'rule {name} stands twice' for name in sorted(set(names)) if names.count(name) > 1
    ]
    if problems:
        raise ConfigError('rules', problems)
    return made


def judge_stream(
    rules: Sequence[Mapping[str, Any]],
    stream: Iterable[tuple[JointCommand | VelocityCommand, SafetyState, int]],
    robot: RobotSpec,
) -> list[Violation]:
    """Return every violation in a recorded stream, in order.

    Instants at which a rule cannot be judged, because a source has not come yet, are left out.

    Args:
        rules: As in the YAML.
        stream: (command, state, time) in the order of their times.
        robot: The robot.

    Raises:
        ConfigError: A rule is wrong.
    """
    watched, surroundings = monitors(rules), Surroundings(robot)
    found: list[Violation] = []
    for command, state, now_ns in stream:
        gate = 'velocity' if isinstance(command, VelocityCommand) else 'joint'
        moment = Moment(command, state, now_ns, robot, surroundings)
        for monitor in watched:
            try:
                if monitor.spec.gate == gate and monitor.update(moment):
                    found.append(Violation(monitor.spec.name, now_ns))
            except NotKnownError:
                continue
    found += [Violation(monitor.spec.name, None) for monitor in watched if monitor.finish()]
    return found


def _holds(atom: Atom, moment: Moment) -> bool:
    return bool(getattr(predicates, atom.name)(moment, *atom.numbers))


def _check_atom(atom: Atom) -> None:
    known = predicates.names()
    if atom.name not in known:
        close = difflib.get_close_matches(atom.name, known, n=1)
        hint = f', did you mean {close[0]}?' if close else ''
        raise ValueError(
            f'there is no predicate {atom.name!r}{hint}; there are {", ".join(known)}'
        )
    if len(atom.numbers) != known[atom.name]:
        raise ValueError(
            f'{atom.name} takes {known[atom.name]} numbers, {atom} has {len(atom.numbers)}'
        )
