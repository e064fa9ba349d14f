# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""From the outcomes of runs to the numbers of a case and of a row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.resources import share_dir

_SHOWN = 5


def case_numbers(
    row: Fault, case: Case, outcomes: Sequence[Outcome], *, judge: bool
) -> dict[str, Any]:
    """Return what the runs of a case come to.

    It is held if every run was without a violation and, where times are judged, the slowest
    reaction is within the bound.

    Args:
        row: Its row.
        case: It.
        outcomes: Of its runs.
        judge: Whether times are judged.
    """
    bound_ms = case.bound_ms if case.bound_ms is not None else row.bound_ms
    times = [outcome.ms for outcome in outcomes if outcome.ms is not None]
    violations = [_portable(words) for outcome in outcomes for words in outcome.violations]
    in_time = bound_ms is None or not times or max(times) <= bound_ms
    notes = list(dict.fromkeys(_portable(o.note) for o in outcomes if o.note))
    return {
        'case': case.name,
        'bound_ms': bound_ms,
        **_distribution(times),
        'runs': len(outcomes),
        'injected': sum(outcome.injected for outcome in outcomes),
        'violations': len(violations),
        'held': not violations and (in_time or not judge),
        'what': violations[:_SHOWN],
        'notes': notes[-_SHOWN:],
    }


def row_numbers(row: Fault, cases: Mapping[str, Mapping[str, Any]], state: str) -> dict[str, Any]:
    """Return a row; its own numbers are those of the case that did worst against its bound.

    Args:
        row: It.
        cases: Numbers of each case; empty if it was not run.
        state: `run`, `not built`, or why it was not run.
    """
    numbers = [cases[case.name] for case in row.cases if case.name in cases]
    worst: Mapping[str, Any] = max(numbers, key=_closeness, default={})
    return {
        'id': row.id,
        'fault': row.fault,
        'reaction': row.reaction,
        'bound': row.bound,
        'measured': row.measured,
        'state': state,
        'bound_ms': worst.get('bound_ms', row.bound_ms),
        **{name: worst.get(name) for name in ('p50_ms', 'p99_ms', 'max_ms')},
        'runs': sum(case['runs'] for case in numbers),
        'injected': sum(case['injected'] for case in numbers),
        'violations': sum(case['violations'] for case in numbers),
        'held': bool(numbers) and all(case['held'] for case in numbers),
        'cases': numbers,
    }


def _portable(words: str) -> str:
    """Return words without where the suite lies on the machine that ran it."""
    return words.replace(f'{share_dir()}/', '')


def _closeness(case: Mapping[str, Any]) -> float:
    """Return how far the slowest reaction went towards the bound; 1 is at it."""
    if case['bound_ms'] is None or case['max_ms'] is None:
        return 0.0
    return float(case['max_ms'] / case['bound_ms'])


def _distribution(times: Sequence[float]) -> dict[str, float | None]:
    if not times:
        return dict.fromkeys(('min_ms', 'p50_ms', 'p99_ms', 'max_ms'))
    low, p50, p99, high = np.percentile(times, (0.0, 50.0, 99.0, 100.0))
    values = {'min_ms': low, 'p50_ms': p50, 'p99_ms': p99, 'max_ms': high}
    return {name: round(float(value), 3) for name, value in values.items()}


def broken(result: Mapping[str, Any]) -> list[str]:
    """Return the ids of the rows that were run and do not hold."""
    return [row['id'] for row in result['rows'] if row['state'] == 'run' and not row['held']]
