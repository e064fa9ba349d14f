# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies soak`."""

import argparse
from pathlib import Path
import tempfile

from robot_policies.cli.report import print_result, write_json
from robot_policies.core.errors import ConfigError

HELP = 'run the full stack for long, and watch whether anything grows, is missed or dropped'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('--hours', type=float, default=1.0, help='how long; 1')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')
    parser.add_argument(
        '--resume',
        action='store_true',
        help='go on with the samples beside FILE; without it they are begun anew',
    )
    parser.add_argument('--period', type=float, default=10.0, help='s from sample to sample; 10')


def run(options: argparse.Namespace) -> int:
    """Run, print, and write the JSON; 1 if something grows, or it was too short to tell."""
    from robot_policies.evaluation.soak import read_samples, report, run_soak
    from robot_policies.evaluation.soak_growth import SERIES, WARM_UP_S

    if not options.hours > 0.0 or not options.period > 0.0:
        raise ConfigError('soak', ['--hours and --period have to be above 0'])
    if options.resume and options.json is None:
        raise ConfigError('soak', ['--resume needs --json FILE'])
    with tempfile.TemporaryDirectory(prefix='soak_') as folder:
        samples = Path(folder, 'samples.jsonl')
        if options.json is not None:
            options.json.parent.mkdir(parents=True, exist_ok=True)
            samples = options.json.with_suffix('.samples.jsonl')
        if not options.resume:
            samples.unlink(missing_ok=True)
        say = lambda line: print(line, flush=True)  # noqa: E731
        run_soak(options.hours, samples, Path(folder, 'runs'), say, period_s=options.period)
        warm_up_s = min(WARM_UP_S, 0.2 * options.hours * 3600.0)
        result = report(read_samples(samples), warm_up_s=warm_up_s)
    print_result({key: value for key, value in result.items() if key != SERIES})
    write_json(result, options.json)
    return 0 if result['held'] else 1
