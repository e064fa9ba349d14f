# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A stack as data: which processes, with which parameters and remaps, and what may be chosen.

Read from `config/stacks/<stack>.yaml`. The launch files and `robot-policies up` start the same
description, so neither knows anything that the other does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import difflib
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.core.params import build, param
from robot_policies.resources import find, read_yaml

Value = bool | int | float | str | list[Any]


@dataclass(frozen=True, kw_only=True)
class Argument:
    """Something that the user may choose when the stack starts.

    Attributes:
        name: What the user types before `:=`.
        default: Its value if nothing is typed; its type is the argument's type.
        doc: One sentence for the user.
        choices: Allowed values, where only a few are.
        kind: Folder below `config/` that the value must be found in, e.g. `robots`; or empty.
        confirm: Nothing starts unless the user sets it to true.
    """

    name: str
    default: Value
    doc: str
    choices: tuple[str, ...] = ()
    kind: str = ''
    confirm: bool = False


COMMON_ARGUMENTS = (
    Argument(name='namespace', default='', doc='Namespace of the robot; empty for none.'),
    Argument(name='duration', default=0.0, doc='End after so many seconds of running; 0: never.'),
    Argument(name='runs', default='runs', doc='Folder below which each run writes its own.'),
)
"""Arguments that every stack has."""


@dataclass(frozen=True, kw_only=True)
class NodeEntry:
    """The plain keys of one entry of `nodes`."""

    name: str = param(doc='Name of the node, and of its log.')
    module: str = param('', doc='Python module to run; its `main` is a lifecycle node.')
    package: str = param('', doc='ROS package of an executable; needs a ROS installation.')
    executable: str = param('', doc='Executable of `package`.')
    command: tuple[str, ...] = param((), doc='Program and arguments, for what is no ROS node.')
    arguments: tuple[str, ...] = param((), doc='Arguments of a module or executable.')
    when: str = param('', doc='Start it only if this is true or not empty, e.g. $(record).')
    required: bool = param(False, doc='Without it the stack ends.')
    once: bool = param(False, doc='It does its work and ends with status 0.')
    nice: int = param(
        0,
        doc='Below 0 it goes before the others when all cores are busy (where that is allowed), '
        'above it steps back.',
        low=-20,
        high=19,
    )
    shared_memory: bool = param(
        True,
        doc='False where all messages are small: on one machine with Fast DDS they go by UDP '
        'then, so that nothing in the shared memory of another process can hold the node up.',
    )
    stage: int = param(1, doc='Started once all of lower stages are ready.', low=1, high=9)

    def __post_init__(self) -> None:
        """Check that it says in exactly one way what to run."""
        ways = [bool(self.module), bool(self.package or self.executable), bool(self.command)]
        if sum(ways) != 1 or bool(self.package) != bool(self.executable):
            raise ValueError(
                'exactly one of module, package with executable, or command is needed'
            )


@dataclass(frozen=True)
class StackNode:
    """One process of a stack, with its `$(…)` not yet filled in.

    Attributes:
        entry: What to run, and when.
        parameters: ROS parameters by full name.
        remaps: Topic -> topic.
        env: Environment variables.
    """

    entry: NodeEntry
    parameters: Mapping[str, Value]
    remaps: Mapping[str, str]
    env: Mapping[str, str]


@dataclass(frozen=True)
class Stack:
    """A stack as it stands in its YAML.

    Attributes:
        name: Its name, e.g. `go2_mujoco`.
        description: One line for the user.
        arguments: What may be chosen, the common ones included.
        nodes: Its processes.
        env: Environment variables of all of them, where the user has not set them.
    """

    name: str
    description: str
    arguments: tuple[Argument, ...]
    nodes: tuple[StackNode, ...]
    env: Mapping[str, str]

    @property
    def argument_names(self) -> list[str]:
        """Names of the arguments."""
        return [argument.name for argument in self.arguments]


def load_stack(name: str) -> Stack:
    """Read a stack by shipped name or path.

    Raises:
        ConfigError: There is no such stack, or everything that is wrong in its YAML.
    """
    path = find('stacks', name)
    return read_stack(read_yaml(path), name=path.stem, where=str(path))


def read_stack(values: Mapping[str, Any], *, name: str, where: str) -> Stack:
    """Build a stack from the content of its YAML.

    Args:
        values: Keys description, arguments, env, nodes.
        name: The stack's name.
        where: The file, for messages.

    Raises:
        ConfigError: Everything that is wrong in it, at once.
    """
    problems = _unknown_keys(values, ('description', 'arguments', 'env', 'nodes'), '')
    description = values.get('description')
    if not isinstance(description, str):
        problems.append('description: one line of text is needed')
    arguments = [*COMMON_ARGUMENTS, *_arguments(values.get('arguments', {}), problems)]
    nodes = _nodes(values.get('nodes'), problems)
    env = values.get('env', {})
    if not _is_text_mapping(env):
        problems.append('env: expected a mapping of text to text')
    if problems:
        raise ConfigError(where, problems)
    return Stack(name, str(description), tuple(arguments), tuple(nodes), env)


def _arguments(content: Any, problems: list[str]) -> list[Argument]:  # noqa: ANN401
    if not isinstance(content, Mapping):
        problems.append('arguments: expected a mapping of names')
        return []
    found = []
    for name, entry in content.items():
        if not isinstance(entry, Mapping) or not {'default', 'doc'} <= set(entry):
            problems.append(f'arguments.{name}: needs default and doc')
            continue
        known = ('default', 'doc', 'choices', 'kind', 'confirm')
        problems += _unknown_keys(entry, known, f'arguments.{name}.')
        if any(name == common.name for common in COMMON_ARGUMENTS):
            problems.append(f'arguments.{name}: every stack has it already')
        if not isinstance(entry['default'], (bool, int, float, str)):
            problems.append(f'arguments.{name}.default: expected a bool, number or text')
            continue
        found.append(
            Argument(
                name=str(name),
                default=entry['default'],
                doc=str(entry['doc']),
                choices=tuple(str(choice) for choice in entry.get('choices', ())),
                kind=str(entry.get('kind', '')),
                confirm=entry.get('confirm', False) is True,
            )
        )
    return found


def _nodes(content: Any, problems: list[str]) -> list[StackNode]:  # noqa: ANN401
    if not isinstance(content, list) or not content:
        problems.append('nodes: a list of at least one is needed')
        return []
    found = []
    for i, item in enumerate(content):
        try:
            found.append(_node(item, f'nodes[{i}]'))
        except ConfigError as error:
            problems.append(str(error))
    names = [node.entry.name for node in found]
    doubled = sorted({name for name in names if names.count(name) > 1})
    problems += [f'nodes: {name} is listed twice' for name in doubled]
    return found


def _node(item: Any, label: str) -> StackNode:  # noqa: ANN401
    if not isinstance(item, Mapping):
        raise ConfigError(label, ['expected a mapping'])
    mappings = {key: item.get(key) or {} for key in ('parameters', 'remaps', 'env')}
    plain = {key: value for key, value in item.items() if key not in mappings}
    label = f'{label} ({item["name"]})' if 'name' in item else label
    entry = build(NodeEntry, plain, where=label)
    problems = [
        f'{k}: expected text to text'
        for k in ('remaps', 'env')
        if not _is_text_mapping(mappings[k])
    ]
    if not isinstance(mappings['parameters'], Mapping):
        raise ConfigError(label, [*problems, 'parameters: expected a mapping'])
    problems += [
        f'parameters.{name}: expected a bool, number, text or list of these, got {value!r}'
        for name, value in mappings['parameters'].items()
        if not _is_parameter(value)
    ]
    if problems:
        raise ConfigError(label, problems)
    return StackNode(entry, mappings['parameters'], mappings['remaps'], mappings['env'])


def _is_text_mapping(content: Any) -> bool:  # noqa: ANN401
    return isinstance(content, Mapping) and all(isinstance(v, str) for v in content.values())


def _is_parameter(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, list):
        return bool(value) and all(isinstance(v, (bool, int, float, str)) for v in value)
    return isinstance(value, (bool, int, float, str))


def _unknown_keys(values: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> list[str]:
    problems = []
    for key in values:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, n=1)
            hint = f'did you mean {close[0]}?' if close else f'known are {", ".join(known)}'
            problems.append(f'{prefix}{key} is unknown, {hint}')
    return problems
