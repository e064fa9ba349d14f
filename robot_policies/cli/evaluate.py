# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval <benchmark>`."""

import argparse
from pathlib import Path

from robot_policies.cli.discovery import load_definition
from robot_policies.cli.report import print_result, write_json

HELP = 'measure a checkpoint by a benchmark'
PACKAGE = 'robot_policies.evaluation.benchmarks'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('benchmark', help='see robot-policies list benchmarks')
    parser.add_argument('--episodes', type=int, help="default: the benchmark's own number")
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')
    parser.add_argument('--checkpoint', type=Path, metavar='DIR', help='default: the shipped one')
    parser.add_argument('--stack', help='through the running nodes of this stack')
    parser.add_argument('--quick', action='store_true', help='seconds only: shows that it works')
    parser.add_argument(
        'assignments', nargs='*', metavar='name=value', help="the benchmark's own settings"
    )


def run(options: argparse.Namespace) -> int:
    """Measure, print, and write the JSON."""
    from robot_policies.core.errors import ConfigError
    from robot_policies.evaluation.benchmark import BenchmarkOptions

    wrong = [word for word in options.assignments if '=' not in word]
    if options.episodes is not None and options.episodes < 1:
        wrong.append(f'--episodes {options.episodes}: at least 1')
    if wrong:
        raise ConfigError('eval', [f'{word!r} is not name=value' for word in wrong])
    benchmark = load_definition(PACKAGE, 'BENCHMARK', options.benchmark)
    result = benchmark.run(
        BenchmarkOptions(
            episodes=options.episodes,
            seed=options.seed,
            checkpoint=options.checkpoint,
            stack=options.stack,
            quick=options.quick,
            values=dict(word.split('=', 1) for word in options.assignments),
        )
    )
    print_result(result)
    write_json(result, options.json)
    return 0
