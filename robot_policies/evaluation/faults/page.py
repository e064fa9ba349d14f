# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Write `doc/faults.md` from the JSON of `robot-policies faults`.

Run it as `python -m robot_policies.evaluation.faults.page`, or with `--check` to be told whether
the page is out of date. Nothing on the page is typed by hand.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
import json
from pathlib import Path
import sys
from typing import Any

from robot_policies.evaluation.faults.order import faults
from robot_policies.evaluation.faults.suite import LONG_STALL_MS, REPEATS, STALL_MS, STALL_SHARE

SOURCE = Path('doc') / 'results' / 'faults.json'
PAGE = Path('doc') / 'faults.md'
_INTRO = """# Faults and reactions

Each fault is injected into the running stack (real processes, real DDS, a simulated Go2 that
walks), and the reaction is timed from outside, on what arrives at the robot. A row is held if
every run reacted as it should and the slowest was within the bound. How it is measured, and how
to run it again: [the fault suite](explanation/fault-suite.md).

Written from `results/faults.json` by `python -m robot_policies.evaluation.faults.page`.
"""
_NONE = 'No result has been published yet: `robot-policies faults --json FILE` makes one.\n'
_REPEATED = (
    'On each core a loop that does nothing, before everything else, runs beside the suite. Where '
    f'one came more than {LONG_STALL_MS:.0f} ms late during a run, or between fault and reaction '
    f'more than {STALL_SHARE:.0%} of the bound ({STALL_MS:.0f} ms at least), the machine itself '
    'had stood still, as virtual ones do: the run was made again, whatever came out, '
    f'{REPEATS} times at most. `again` counts these. The cores are kept from sleeping.\n'
)
_TIMES = ('min', 'p50', 'p99', 'max')
_HEAD = ('', 'fault', 'reaction', 'bound', 'p50', 'p99', 'max', 'runs', 'held')


def page(result: Mapping[str, Any] | None) -> str:
    """Return the page for a result, or for none."""
    if result is None:
        return f'{_INTRO}\n{_NONE}'
    machine = result['machine']
    versions = ', '.join(f'{name} {version}' for name, version in machine['versions'].items())
    parts = [
        _INTRO,
        f'`{result["command"] or "robot-policies faults"}`, seed {result["seed"]}; '
        f'{machine["processor"]}, {machine["cores"]} cores, {machine["system"]}, '
        f'load before {result["load_before"]:.1f}; {versions}.\n',
        f'{table(result["rows"])}\n',
        *_absent(result['rows']),
        'Times are in ms. Of a row with several cases the numbers are those of the case that came '
        'nearest to its bound, or farthest beyond it.\n',
        _REPEATED,
        '## Each case\n',
        *_cases(result['rows']),
    ]
    if result.get('patient'):
        parts.insert(2, '**Made with longer limits on a busy machine: no time is judged.**\n')
    return '\n'.join(parts)


def _absent(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say which rows of the contract an unfinished result does not have."""
    names = [name for name in faults() if name not in {row['id'] for row in rows}]
    if names:
        yield f'**Not run yet for this table: {", ".join(names)}.**\n'


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of the contract, one line per row."""
    lines = [f'| {" | ".join(_HEAD)} |', '|---' * len(_HEAD) + '|']
    for row in rows:
        times = [_ms(row[name]) for name in ('p50_ms', 'p99_ms', 'max_ms')]
        cells = [row['id'], row['fault'], row['reaction'], row['bound'], *times]
        lines.append(f'| {" | ".join([*cells, _runs(row), _held(row)])} |')
    return '\n'.join(lines)


def _cases(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        if not row['cases']:
            continue
        yield f'### {row["id"]}: {row["fault"]}\n'
        if row['measured']:
            yield f'Time from: {row["measured"]}.\n'
        head = ('case', 'bound', *_TIMES, 'runs', 'again', 'injected', 'held', 'on')
        lines = [f'| {" | ".join(head)} |', '|---' * len(head) + '|']
        for case in row['cases']:
            times = [_ms(case[f'{name}_ms']) for name in ('bound', *_TIMES)]
            held = 'held' if case['held'] else '**not held**'
            counts = [str(case.get(name, '')) for name in ('runs', 'repeated', 'injected')]
            cells = [case['case'], *times, *counts, held, case.get('when', '').partition('T')[0]]
            lines.append(f'| {" | ".join(cells)} |')
        yield '\n'.join(lines) + '\n'
        for case in row['cases']:
            for words in (*case['what'], *case['notes'][-1:]):
                yield f'- {case["case"]}: {words}'
            for words in case.get('restarted', ()):
                yield f'- {case["case"]}: a run was broken off and begun anew: {words}'
        yield ''


def _runs(row: Mapping[str, Any]) -> str:
    if row['state'] != 'run':
        return ''
    more = f' ({row["injected"]} injected)' if row['injected'] > row['runs'] else ''
    return f'{row["runs"]}{more}'


def _held(row: Mapping[str, Any]) -> str:
    if row['state'] != 'run':
        return str(row['state'])
    return 'held' if row['held'] else '**not held**'


def _ms(value: float | None) -> str:
    return '' if value is None else f'{value:.1f}'


def main(args: Sequence[str] | None = None) -> int:
    """Write the page, or say whether it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--check', action='store_true', help='write nothing; 1 if out of date')
    options = parser.parse_args(args)
    result = json.loads(SOURCE.read_text(encoding='utf-8')) if SOURCE.is_file() else None
    text = page(result)
    if options.check:
        stale = not PAGE.is_file() or PAGE.read_text(encoding='utf-8') != text
        if stale:
            print(f'{PAGE} is out of date: python -m robot_policies.evaluation.faults.page')  # noqa: T201
        return int(stale)
    PAGE.write_text(text, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
