# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies up <stack> [key:=value …]`."""

import argparse

from robot_policies.bringup.stack import load_stack
from robot_policies.bringup.up import run_stack

HELP = 'start a stack and run it until Ctrl-C'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('stack', help='shipped stack, or path of a YAML')
    parser.add_argument(
        'assignments',
        nargs='*',
        metavar='key:=value',
        help='argument of the stack, or parameter of a node as <node>.<parameter>:=<value>',
    )
    parser.add_argument(
        '--die-with-parent', action='store_true', help='end when the process that started it ends'
    )
    parser.add_argument(
        '--show-args', action='store_true', help='only list the arguments of the stack'
    )


def run(options: argparse.Namespace) -> int:
    """Start the stack."""
    if options.show_args:
        return _show(options.stack)
    return run_stack(
        options.stack,
        options.assignments,
        lambda line: print(line, flush=True),
        die_with_parent=options.die_with_parent,
    )


def _show(name: str) -> int:
    stack = load_stack(name)
    print(f'{stack.name}: {stack.description}')
    for argument in stack.arguments:
        default = argument.default if argument.default != '' else '(empty)'
        choices = f' [{", ".join(argument.choices)}]' if argument.choices else ''
        print(f'  {argument.name}:={default}\n      {argument.doc}{choices}')
    return 0
