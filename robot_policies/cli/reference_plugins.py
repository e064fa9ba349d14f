# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The reference pages of plugins and of the YAML files."""

from collections.abc import Iterator
import importlib
import inspect
from typing import Any

from robot_policies.bringup.stack import COMMON_ARGUMENTS, load_stack, NodeEntry
from robot_policies.cli.discovery import module_names
from robot_policies.cli.listing import PLUGIN_KINDS
from robot_policies.cli.reference_tables import first_line, parameters, table
from robot_policies.core.plugins import plugin_classes
from robot_policies.core.robot import BodySpec, CameraSpec, DescriptionSpec, JointSpec, ScanSpec
from robot_policies.core.sphere_chain import LinkSpec, SphereSpec
from robot_policies.resources import names
from robot_policies.safety import predicates
from robot_policies.safety.temporal_rules import RuleSpec
from robot_policies.sim import world_spec

_TITLES = {
    'encoders': 'Encoders: image → features',
    'policies': 'Policies: observation → chunk of actions',
    'locomotion': 'Locomotion controllers: proprioception and velocity → joint command',
    'safety': 'Safety checks: command and state → verdict',
    'planning': 'Planners: instruction and scene → sub-goals',
    'scheduling': 'Chunk schedulers: chunks of actions → one stream',
}
_WORLD = {
    'arena': world_spec.ArenaSpec,
    'objects': world_spec.ObjectsSpec,
    'obstacles': world_spec.ObstaclesSpec,
    'pushes': world_spec.PushesSpec,
    'look': world_spec.LookSpec,
    'items (a list)': world_spec.ItemSpec,
    'blocks (a list)': world_spec.BlockSpec,
    'patches (a list)': world_spec.PatchSpec,
}
_ROBOT = {
    'description': DescriptionSpec,
    'body': BodySpec,
    "joints (a list, in the robot's order)": JointSpec,
    'cameras (a list)': CameraSpec,
    'scan (may be left out)': ScanSpec,
    'links (a list, may be left out)': LinkSpec,
    'spheres (a list, may be left out)': SphereSpec,
}

_PREDICATES = (
    'What a formula in `config/rules/*.yaml` may say of an instant, to be combined with `not`, '
    '`and`, `or`, `->`, `always[a, b]`, `eventually[a, b]` and `until[a, b]` (s).'
)


def plugins_page() -> str:
    """Return the page of all shipped plugins."""
    parts = [
        '# Plugins and their parameters',
        'A plugin is named in configuration as `package.module:Class`. As parameters of a node '
        'its fields carry the prefix of their place: `policy.`, `scheduler.`, `controller.`, '
        '`encoder.`, or, for a safety check, the name of its module.',
    ]
    known = predicates.names()
    for kind, verb in PLUGIN_KINDS.items():
        classes = list(_plugins(kind, verb))
        if classes:
            parts.append(f'## {_TITLES[kind]}')
        for spec, plugin_class in classes:
            parts += [f'### `{spec}`', first_line(plugin_class)]
            parts.append(parameters(plugin_class.config_class))
    parts += ['## Predicates of rules over time', _PREDICATES]
    rows = [(f'`{_call(name)}`', first_line(getattr(predicates, name))) for name in known]
    parts.append(table(('predicate', 'holds when'), rows))
    return '\n\n'.join(parts) + '\n'


def files_page() -> str:
    """Return the page of the YAML files: robots, worlds, stacks."""
    parts = [
        '# Files',
        'Unknown keys, wrong types and values out of range are reported all at once.',
    ]
    parts += ['## Robots: `config/robots/*.yaml`', 'The key `name`, and these sections.']
    parts += _sections(_ROBOT)
    parts += ['## Worlds: `config/worlds/*.yaml`', 'Together with a seed one file is one world.']
    parts += _sections(_WORLD)
    parts += ['## Rules over time: `config/rules/*.yaml`', 'One key, `rules`.']
    parts += ['### rules (a list)', first_line(RuleSpec), parameters(RuleSpec)]
    parts += ['## Stacks: `config/stacks/*.yaml`']
    parts.append(
        'Keys `description`, `arguments`, `env` and `nodes`. `$(name)` stands for an argument. '
        'A node has, beside the keys below, `parameters`, `remaps` and `env`.'
    )
    parts += ['### nodes (a list)', parameters(NodeEntry)]
    common = {argument.name for argument in COMMON_ARGUMENTS}
    rows = [(f'`{a.name}`', f'`{a.default}`', a.doc) for a in COMMON_ARGUMENTS]
    parts += ['### Arguments of every stack', table(('argument', 'default', 'meaning'), rows)]
    for name in names('stacks'):
        stack = load_stack(name)
        own = [a for a in stack.arguments if a.name not in common]
        rows = [(f'`{a.name}`', f'`{a.default}`', a.doc) for a in own]
        parts += [f'### Stack `{name}`', f'{stack.description}.']
        parts.append(table(('argument', 'default', 'meaning'), rows))
    return '\n\n'.join(parts) + '\n'


def _call(name: str) -> str:
    numbers = list(inspect.signature(getattr(predicates, name)).parameters)[1:]
    return f'{name}({", ".join(numbers)})' if numbers else name


def _sections(sections: dict[str, type]) -> Iterator[str]:
    for name, config_class in sections.items():
        yield f'### {name}'
        yield first_line(config_class)
        yield parameters(config_class)


def _plugins(kind: str, verb: str) -> Iterator[tuple[str, Any]]:
    package = f'robot_policies.{kind}'
    try:
        found = module_names(package)
    except ModuleNotFoundError:
        return
    for name in found:
        module = importlib.import_module(f'{package}.{name}')
        for plugin in plugin_classes(module, verb):
            yield f'{package}.{name}:{plugin}', getattr(module, plugin)
