# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies list [kind]`."""

import argparse
from collections.abc import Callable, Iterator
import importlib
import json

from robot_policies.bringup.stack import load_stack
from robot_policies.cli import evaluate, train
from robot_policies.cli.discovery import module_names
from robot_policies.core.plugins import plugin_classes
from robot_policies.resources import names, share_dir

HELP = 'list what is there: plugins, robots, stacks, worlds, recipes, benchmarks, checkpoints'
PLUGIN_KINDS = {
    'encoders': 'encode',
    'policies': 'infer',
    'locomotion': 'step',
    'safety': 'check',
    'planning': 'plan',
    'scheduling': 'merge',
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('kind', nargs='?', choices=list(_KINDS), help='default: all of them')


def run(options: argparse.Namespace) -> int:
    """Print the lists."""
    for kind in [options.kind] if options.kind else _KINDS:
        lines = list(_KINDS[kind]())
        if options.kind is None:
            print(f'{kind}:')
        for line in lines or ['(none)']:
            print(line if options.kind else f'  {line}')
    return 0


def plugins() -> Iterator[str]:
    """Yield every plugin that is shipped as `package.module:Class`, with its kind."""
    for kind, verb in PLUGIN_KINDS.items():
        package = f'robot_policies.{kind}'
        try:
            found = module_names(package)
        except ModuleNotFoundError:
            continue
        for name in found:
            try:
                module = importlib.import_module(f'{package}.{name}')
            except ModuleNotFoundError as error:
                yield f'{package}.{name} (needs {error.name}, which is not installed)'
                continue
            yield from (f'{package}.{name}:{c}' for c in plugin_classes(module, verb))


def stacks() -> Iterator[str]:
    """Yield every stack with its description."""
    return (f'{name:<16} {load_stack(name).description}' for name in names('stacks'))


def checkpoints() -> Iterator[str]:
    """Yield every shipped checkpoint with the class that it is of."""
    for path in sorted((share_dir() / 'models').glob('*/config.json')):
        config = json.loads(path.read_text(encoding='utf-8'))
        yield f'{path.parent.name:<24} {config["class"]} for {config["robot"]}'


_KINDS: dict[str, Callable[[], Iterator[str]]] = {
    'plugins': plugins,
    'robots': lambda: iter(names('robots')),
    'stacks': stacks,
    'worlds': lambda: iter(names('worlds')),
    'recipes': lambda: iter(module_names(train.PACKAGE)),
    'benchmarks': lambda: iter(module_names(evaluate.PACKAGE)),
    'checkpoints': checkpoints,
}
