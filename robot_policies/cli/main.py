# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies`: one verb per file; a wrong word ends with one message and exit status 2."""

import argparse
from collections.abc import Mapping, Sequence
import importlib
import os
import signal
import sys
from typing import Any

from robot_policies import __version__

VERBS = {
    'up': 'up',
    'train': 'train',
    'eval': 'evaluate',
    'bench': 'bench',
    'faults': 'faults',
    'soak': 'soak',
    'summary': 'summary',
    'align': 'align',
    'trace': 'trace',
    'rules': 'rules',
    'list': 'listing',
    'env': 'environment',
    'doctor': 'doctor',
}
"""Verb -> module of this package."""
_INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run the verb that was typed.

    Args:
        args: Words after the program's name; None for those of this process.

    Returns:
        The exit status: 0, 1 if something failed, 2 if something given was wrong.
    """
    modules = verbs()
    from robot_policies.core.errors import RobotPoliciesError

    options = _parsed(_parser(modules), args)
    try:
        return int(modules[options.verb].run(options))
    except RobotPoliciesError as error:
        print(f'robot-policies {options.verb}: {error}', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED


def verbs() -> dict[str, Any]:
    """Import the verbs; Ctrl-C ends the program at once meanwhile.

    An interrupted import leaves half a module behind, and fails with whatever comes of that.

    Returns:
        Verb -> its module.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # not where a shell has it ignored
        signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    try:
        return {v: importlib.import_module(f'{__package__}.{name}') for v, name in VERBS.items()}
    finally:
        signal.signal(signal.SIGINT, before)


def _parsed(parser: argparse.ArgumentParser, args: Sequence[str] | None) -> argparse.Namespace:
    options, left = parser.parse_known_args(args)
    if left and hasattr(options, 'assignments') and not any(word.startswith('-') for word in left):
        # argparse takes a list of words in one piece: what follows an option is left over
        options.assignments, left = [*options.assignments, *left], []
    if left:
        parser.error(f'unrecognized arguments: {" ".join(left)}')
    return options


def _parser(modules: Mapping[str, Any]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='robot-policies', description='Run learned policies on ROS 2 robots, safely.'
    )
    parser.add_argument('--version', action='version', version=__version__)
    words = parser.add_subparsers(dest='verb', required=True, metavar='verb')
    for name, verb in modules.items():
        own = words.add_parser(name, help=verb.HELP, description=verb.HELP)
        verb.add_arguments(own)
    return parser


if __name__ == '__main__':
    sys.exit(main())
