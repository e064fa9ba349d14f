# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies`: one verb per file; a wrong word ends with one message and exit status 2."""

import argparse
from collections.abc import Sequence
import sys

from robot_policies import __version__
from robot_policies.cli import (
    align,
    bench,
    doctor,
    environment,
    evaluate,
    faults,
    listing,
    rules,
    soak,
    summary,
    trace,
    train,
    up,
)
from robot_policies.core.errors import RobotPoliciesError

VERBS = {
    'up': up,
    'train': train,
    'eval': evaluate,
    'bench': bench,
    'faults': faults,
    'soak': soak,
    'summary': summary,
    'align': align,
    'trace': trace,
    'rules': rules,
    'list': listing,
    'env': environment,
    'doctor': doctor,
}
_INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run the verb that was typed.

    Args:
        args: Words after the program's name; None for those of this process.

    Returns:
        The exit status: 0, 1 if something failed, 2 if something given was wrong.
    """
    options = _parser().parse_args(args)
    try:
        return int(VERBS[options.verb].run(options))
    except RobotPoliciesError as error:
        print(f'robot-policies {options.verb}: {error}', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='robot-policies', description='Run learned policies on ROS 2 robots, safely.'
    )
    parser.add_argument('--version', action='version', version=__version__)
    verbs = parser.add_subparsers(dest='verb', required=True, metavar='verb')
    for name, verb in VERBS.items():
        own = verbs.add_parser(name, help=verb.HELP, description=verb.HELP)
        verb.add_arguments(own)
    return parser


if __name__ == '__main__':
    sys.exit(main())
