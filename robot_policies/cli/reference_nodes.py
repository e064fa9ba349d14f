# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The reference page of the nodes: every parameter, read from the code that declares it."""

import ast
from collections.abc import Iterator
import importlib
import inspect
from types import ModuleType
from typing import Any

from robot_policies.cli.discovery import module_names
from robot_policies.cli.reference_tables import first_line, parameters
from robot_policies.nodes.policy_scheduler import SchedulerChoice
from robot_policies.resources import load_robot
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.plugin_source import PluginChoice
from robot_policies.safety.assembly import build_supervisor
from robot_policies.safety.fallback import FallbackConfig
from robot_policies.safety.latch import ResetConfig

_COMMON = ('robot', 'autostart')
_DECLARES = ('declare', '_declare', 'declare_plugin', 'SchedulerParameters')
_THEN = 'Then the fields of the chosen plugin.'
_DASHBOARD = 'robot_policies.dashboard'


def page() -> str:
    """Return the page."""
    parts = [
        '# Nodes and their parameters',
        'Every node is a lifecycle node. A parameter that nobody declares stops it from '
        'configuring, with a message that names the nearest one. Parameters of plugins stand in '
        '[plugins.md](plugins.md).',
        '## Every node',
        parameters(NodeConfig),
    ]
    for module, node_class in node_classes():
        name = node_class.default_name
        parts += [f'## `{name}`', f'`python -m {module.__name__}`: {first_line(module)}']
        parts.append(parameters(node_class.config_class, without=_COMMON))
        for prefix, config_class, words in _groups(module, node_class):
            parts += [f'### `{name}`: `{prefix}*`', words, parameters(config_class, prefix)]
    return '\n\n'.join(parts) + '\n'


def node_classes() -> Iterator[tuple[ModuleType, type[ManagedNode]]]:
    """Yield every node that can be started, with its module."""
    packages = ('robot_policies.nodes', _DASHBOARD)
    modules = [f'{package}.{name}' for package in packages for name in module_names(package)]
    for name in modules:
        if not name.endswith('_node'):
            continue
        module = importlib.import_module(name)
        for value in vars(module).values():
            if _is_node(value) and value.__module__ == name:
                yield module, value


def _is_node(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, type) and issubclass(value, ManagedNode) and value is not ManagedNode


def _groups(module: ModuleType, node_class: type[ManagedNode]) -> Iterator[tuple[str, type, str]]:
    """Yield prefix, configuration and words for each group that the node's code declares."""
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, 'attr', getattr(call.func, 'id', ''))
        arguments = call.args[:2]
        if name not in _DECLARES or len(arguments) < 2:
            continue
        what, prefix = arguments
        if not (isinstance(prefix, ast.Constant) and isinstance(prefix.value, str)):
            continue
        if name == 'declare_plugin':
            yield prefix.value, PluginChoice, _THEN
        elif name == 'SchedulerParameters':
            yield prefix.value, SchedulerChoice, _THEN
        elif isinstance(what, ast.Name):
            config_class = getattr(module, what.id)
            yield f'{prefix.value.rstrip(".")}.', config_class, first_line(config_class)
    if node_class.default_name == 'safety':
        yield from _safety_groups()


def _safety_groups() -> Iterator[tuple[str, type, str]]:
    """Yield what the supervisor itself is told; its checks are plugins."""
    found: list[tuple[str, type, str]] = []

    def note(config_class: type, prefix: str) -> Any:  # noqa: ANN401
        if config_class in (FallbackConfig, ResetConfig):
            found.append((f'{prefix}.', config_class, first_line(config_class)))
        return config_class()

    build_supervisor(load_robot('go2'), configure=note)
    yield from found
