# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies bench`."""

import argparse
from pathlib import Path

from robot_policies.cli.report import print_result, write_json

HELP = 'measure latencies, rates, memory and CPU on this machine'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')
    parser.add_argument('--quick', action='store_true', help='seconds only: shows that it works')
    parser.add_argument(
        '--only', action='append', default=[], metavar='NAME', help='measure only this; repeatable'
    )


def run(options: argparse.Namespace) -> int:
    """Measure, print, and write the JSON."""
    from robot_policies.evaluation.bench import run_bench

    result = run_bench(quick=options.quick, only=options.only, say=print)
    print_result(result)
    write_json(result, options.json)
    return 0
