# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies faults`."""

import argparse
import json
from pathlib import Path
import sys
from typing import Any

from robot_policies.cli.report import write_json
from robot_policies.core.errors import ConfigError

HELP = 'inject every fault into the running stack, and time the reactions'
_RUNS, _MESSAGES = 20, 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('--only', default='', metavar='F5,F8', help='rows, by their ids')
    parser.add_argument('--runs', type=int, default=_RUNS, help=f'of each fault; {_RUNS}')
    parser.add_argument(
        '--messages', type=int, default=_MESSAGES, help=f'of each fuzzed fault; {_MESSAGES}'
    )
    parser.add_argument('--seed', type=int, default=0, help='of what is drawn at random; 0')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')
    parser.add_argument(
        '--resume', action='store_true', help='run only what FILE does not hold yet'
    )
    parser.add_argument(
        '--patient',
        action='store_true',
        help='for a busy machine: longer limits, and times are not judged',
    )


def run(options: argparse.Namespace) -> int:
    """Inject, print the table, and write the JSON; 1 if a row does not hold."""
    from robot_policies.evaluation.faults.order import Order
    from robot_policies.evaluation.faults.page import table
    from robot_policies.evaluation.faults.result import broken
    from robot_policies.evaluation.faults.suite import Suite

    for name in ('runs', 'messages'):
        if getattr(options, name) < 1:
            raise ConfigError('faults', [f'--{name} {getattr(options, name)}: at least 1'])
    only = tuple(word.strip() for word in options.only.split(',') if word.strip())
    order = Order(options.runs, options.messages, options.seed, options.patient, only)
    suite = Suite(
        order,
        say=lambda line: print(line, flush=True),
        keep=lambda result: write_json(result, options.json),
    )
    before = _earlier(options.json, order.patient) if options.resume else {}
    command = f'robot-policies {" ".join(sys.argv[1:])}' if sys.argv[1:2] == ['faults'] else ''
    result = suite.run(before, command)
    write_json(result, options.json)
    print(table(result['rows']))
    return 1 if broken(result) else 0


def _earlier(path: Path | None, patient: bool) -> dict[str, Any]:
    """Return what an interrupted run wrote."""
    if path is None:
        raise ConfigError('faults', ['--resume needs --json FILE'])
    if not path.is_file():
        return {}
    try:
        content = dict(json.loads(path.read_text(encoding='utf-8')))
    except ValueError as error:
        raise ConfigError(str(path), ['is no result of this command']) from error
    if content.get('patient', False) is not patient:
        raise ConfigError(str(path), ['was made with other limits (--patient)'])
    return content
