# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies bench`."""

import argparse
import json
from pathlib import Path
from typing import Any

from robot_policies.cli.report import print_result, write_json
from robot_policies.core.errors import ConfigError

HELP = 'measure latencies, rates, memory and CPU on this machine'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')
    parser.add_argument(
        '--resume', action='store_true', help='measure only what FILE does not hold yet'
    )
    parser.add_argument('--quick', action='store_true', help='seconds only: shows that it works')
    parser.add_argument(
        '--only', action='append', default=[], metavar='NAME', help='measure only this; repeatable'
    )


def run(options: argparse.Namespace) -> int:
    """Measure, print, and write the JSON."""
    from robot_policies.evaluation.bench import measurements, run_bench

    before = _earlier(options.json)
    only = options.only
    if options.resume:
        done = before.get('measurements', {})
        only = [name for name in only or measurements() if name not in done]
        if not only:
            print_result(before)
            return 0
    result = run_bench(
        quick=options.quick,
        only=only,
        say=lambda line: print(line, flush=True),
        keep=lambda result: write_json(result, options.json),
        before=before,
    )
    print_result(result)
    return 0


def _earlier(path: Path | None) -> dict[str, Any]:
    """Return what an earlier run wrote; what is measured again replaces it."""
    if path is None or not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding='utf-8')))
    except ValueError as error:
        raise ConfigError(
            str(path), ['is no result of this command; give another FILE']
        ) from error
