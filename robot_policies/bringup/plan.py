# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""From a stack and what the user typed to the processes to start: values in, values out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import difflib
import math
import re
from typing import Any

from robot_policies.bringup.stack import Argument, Stack, StackNode, Value
from robot_policies.core.errors import ConfigError
import yaml

_REFERENCE = re.compile(r'\$\((\w+)\)')
_COMPARISON = re.compile(r'\$\((\w+) (==|!=) ([^()]+)\)')
_NAMESPACE = re.compile(r'(/?[A-Za-z]\w*(/[A-Za-z]\w*)*)?')


@dataclass(frozen=True)
class NodePlan:
    """One process to start, with everything filled in.

    Attributes:
        name: Node name.
        namespace: Its namespace; empty for none.
        module: Python module to run; or empty.
        package: ROS package of `executable`; or empty.
        executable: Executable of `package`; or empty.
        command: Program and arguments; or empty.
        arguments: Arguments of the module or executable.
        parameters: ROS parameters.
        remaps: Topic -> topic.
        env: Environment variables.
        required: Without it the stack ends.
        once: It does its work and ends with status 0.
        nice: Priority when all cores are busy, lowest first.
        shared_memory: Its messages go through shared memory where that is possible.
        stage: Started once all of lower stages are ready.
    """

    name: str
    namespace: str
    module: str
    package: str
    executable: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    parameters: Mapping[str, Value]
    remaps: Mapping[str, str]
    env: Mapping[str, str]
    required: bool
    once: bool
    nice: int
    shared_memory: bool
    stage: int


@dataclass(frozen=True)
class Plan:
    """What a stack comes to with the given arguments.

    Attributes:
        stack: Name of the stack.
        arguments: Every argument with its value.
        nodes: The processes to start.
    """

    stack: str
    arguments: Mapping[str, Value]
    nodes: tuple[NodePlan, ...]

    @property
    def stages(self) -> list[list[NodePlan]]:
        """The processes in groups: each group starts once all before it are ready."""
        numbers = sorted({node.stage for node in self.nodes})
        return [[node for node in self.nodes if node.stage == number] for number in numbers]


def parse_assignments(words: Iterable[str]) -> dict[str, Any]:
    """Read `key:=value` words; a value is read as YAML, like `ros2 run` does.

    Raises:
        ConfigError: A word is no assignment, a key comes twice, or a value is not YAML.
    """
    values: dict[str, Any] = {}
    problems = []
    for word in words:
        key, sign, text = word.partition(':=')
        if not sign or not key:
            problems.append(f'{word!r} is not key:=value')
        elif key in values:
            problems.append(f'{key} is given twice')
        else:
            try:
                values[key] = yaml.safe_load(text) if text else ''
            except yaml.YAMLError:
                values[key] = text
    if problems:
        raise ConfigError('command line', problems)
    return values


def make_plan(stack: Stack, given: Mapping[str, Any], facts: Mapping[str, str]) -> Plan:
    """Fill the arguments into the stack.

    Args:
        stack: The stack.
        given: What the user typed: argument -> value, or `<node>.<parameter>` -> value.
        facts: What the starter knows and the YAML may refer to, e.g. `run_dir`.

    Raises:
        ConfigError: Unknown arguments or nodes, wrong types, a reference to nothing.
    """
    problems: list[str] = []
    names = {node.entry.name for node in stack.nodes}
    overrides = {key: value for key, value in given.items() if _node_of(key) in names}
    typed = {key: value for key, value in given.items() if key not in overrides}
    arguments = _argument_values(stack, typed, problems)
    if not problems:
        problems += _check_common(arguments)
    if problems:
        raise ConfigError(f'stack {stack.name}', problems)
    namespace = str(arguments['namespace'])
    filler = _Filler({**arguments, **facts}, where=f'stack {stack.name}')
    nodes = [_node_plan(node, filler, namespace, overrides) for node in stack.nodes]
    return Plan(stack.name, arguments, tuple(node for node in nodes if node is not None))


def _node_of(key: str) -> str:
    return key.partition('.')[0] if '.' in key else ''


def _argument_values(
    stack: Stack, given: Mapping[str, Any], problems: list[str]
) -> dict[str, Value]:
    problems += [_unknown(name, stack) for name in given if name not in stack.argument_names]
    values: dict[str, Value] = {}
    for argument in stack.arguments:
        try:
            values[argument.name] = _typed(argument, given.get(argument.name, argument.default))
        except ValueError as error:
            problems.append(f'{argument.name}: {error}')
    return values


def _check_common(arguments: Mapping[str, Value]) -> list[str]:
    problems = []
    namespace = str(arguments['namespace'])
    if not _NAMESPACE.fullmatch(namespace):
        problems.append(f'namespace: {namespace!r} is none; letters, digits, _ and / between them')
    duration = float(str(arguments['duration']))
    if not 0.0 <= duration < math.inf:
        problems.append(f'duration: {duration} s is no time to run')
    return problems


def _unknown(name: str, stack: Stack) -> str:
    node, dot, parameter = name.partition('.')
    names = [entry.entry.name for entry in stack.nodes] if dot else stack.argument_names
    close = difflib.get_close_matches(node, names, n=1)
    hint = (
        f'did you mean {close[0]}{dot}{parameter}?' if close else f'known are {", ".join(names)}'
    )
    what = f'node {node}' if dot else f'argument {name}'
    return f'{what} is unknown, {hint}'


def _typed(argument: Argument, value: Any) -> Value:  # noqa: ANN401
    wanted = type(argument.default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if wanted is str and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if type(value) is not wanted:
        raise ValueError(f'{value!r} is a {type(value).__name__}, expected {wanted.__name__}')
    if argument.choices and str(value) not in argument.choices:
        raise ValueError(f'{value!r} is none of {", ".join(argument.choices)}')
    return value


def _node_plan(
    node: StackNode, filler: '_Filler', namespace: str, overrides: Mapping[str, Any]
) -> NodePlan | None:
    entry = node.entry
    if entry.when and not filler.fill(entry.when):
        return None
    prefix = f'{entry.name}.'
    mine = {k.removeprefix(prefix): v for k, v in overrides.items() if k.startswith(prefix)}
    return NodePlan(
        name=entry.name,
        namespace=namespace,
        module=entry.module,
        package=entry.package,
        executable=entry.executable,
        command=filler.texts(entry.command),
        arguments=filler.texts(entry.arguments),
        parameters={**{k: filler.fill(v) for k, v in node.parameters.items()}, **mine},
        remaps={k: str(filler.fill(v)) for k, v in node.remaps.items()},
        env={k: str(filler.fill(v)) for k, v in node.env.items()},
        required=entry.required,
        once=entry.once,
        nice=entry.nice,
        shared_memory=entry.shared_memory,
        stage=entry.stage,
    )


class _Filler:
    """Puts values in the place of `$(name)`."""

    def __init__(self, values: Mapping[str, Value], where: str) -> None:
        self._values = values
        self._where = where

    def fill(self, value: Value) -> Value:
        """Return `value` with references filled in.

        One that is all of it keeps the value's type; `$(name == x)` and `$(name != x)` are true
        or false.
        """
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, str):
            return value
        comparison = _COMPARISON.fullmatch(value)
        if comparison:
            same: bool = self._lookup(comparison[1]) == yaml.safe_load(comparison[3])
            return same == (comparison[2] == '==')
        whole = _REFERENCE.fullmatch(value)
        if whole:
            return self._lookup(whole[1])
        return _REFERENCE.sub(lambda match: str(self._lookup(match[1])), value)

    def texts(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return every text with its references filled in."""
        return tuple(str(self.fill(value)) for value in values)

    def _lookup(self, name: str) -> Value:
        if name not in self._values:
            known = ', '.join(sorted(self._values))
            raise ConfigError(self._where, [f'$({name}) is unknown, known are {known}'])
        return self._values[name]
