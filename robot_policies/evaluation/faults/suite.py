# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the rows, one stack for all that share a setting, and gathers what they gave."""

from collections.abc import Callable, Mapping, Sequence
import os
from pathlib import Path
import tempfile
import time
from typing import Any

from robot_policies.core.errors import RobotPoliciesError
from robot_policies.evaluation.bench.runner import describe_machine, utc_minute
from robot_policies.evaluation.faults.environment import environment
from robot_policies.evaluation.faults.fault import (
    ALONE,
    Case,
    Fault,
    NotHeldError,
    Outcome,
    Setting,
)
from robot_policies.evaluation.faults.order import chosen, faults, Order
from robot_policies.evaluation.faults.patience import assignments
from robot_policies.evaluation.faults.result import case_numbers, row_numbers
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.machine.awake import cores_awake
from robot_policies.evaluation.machine.bare_loops import bare_loops, BareLoops

_ATTEMPTS = 3
"""So often a run is begun before the stack is held to be at fault."""
STALL_MS, STALL_SHARE, LONG_STALL_MS, _BARE_S = 2.0, 0.05, 10.0, 0.002
"""Where a loop that does nothing, before everything else, came so late, the machine stood still:
from fault to reaction too long for a time that is taken, or that share of its bound; and
anywhere in a run too long for the limits of age, of which the shortest leaves 15 ms."""
PATIENT_STALL_MS = 200.0
"""The last for the longer limits of the patient form."""
REPEATS, _CALM_S, _PATIENCE_S = 10, 2.0, 60.0
"""So often a run is made again because of that, each time once the machine has come to rest."""


class Suite:
    """Runs what is ordered; a row's result is kept as soon as its last case is done."""

    def __init__(
        self, order: Order, say: Callable[[str], None], keep: Callable[[dict[str, Any]], None]
    ) -> None:
        """Prepare.

        Args:
            order: What to run.
            say: Takes one line of progress.
            keep: Takes the result after each case.
        """
        self._order, self._say, self._keep = order, say, keep
        self._rows: dict[str, dict[str, Any]] = {}
        self._cases: dict[str, dict[str, dict[str, Any]]] = {}
        self._rig: Rig | None = None
        self._machine = BareLoops()
        self._begun_ns = 0
        self._restarted: list[str] = []
        self._load = os.getloadavg()[0]
        self._command = ''

    def run(self, before: Mapping[str, Any] | None = None, command: str = '') -> dict[str, Any]:
        """Run, and return what goes into the JSON.

        Args:
            before: An earlier result; what it has is not run again, and of a row that was
                interrupted neither.
            command: What was typed.

        Raises:
            ConfigError: There is no such row.
        """
        self._command = command
        rows = chosen(self._order.only)
        self._rows = {row['id']: row for row in (before or {}).get('rows', ())}
        self._cases = {k: dict(v) for k, v in (before or {}).get('partial', {}).items()}
        work = [(row, case) for row in rows for case in self._order.cases(row)]
        for row in rows:
            self._without_run(row)
        with (
            environment(),
            cores_awake(),
            bare_loops(_BARE_S) as self._machine,
            tempfile.TemporaryDirectory(prefix='faults_') as folder,
        ):
            for setting in dict.fromkeys(_setting(row, case) for row, case in work):
                mine = [item for item in work if _setting(*item) is setting]
                self._run_setting(setting, mine, Path(folder))
        return self._result()

    def _without_run(self, row: Fault) -> None:
        if self._rows.get(row.id, {}).get('state') == 'run':
            return  # an earlier run has done it
        needs = row.needs() if row.cases else ''
        if not row.cases:
            self._rows[row.id] = row_numbers(row, {}, 'not built')
        elif needs:
            self._rows[row.id] = row_numbers(row, {}, f'not run: {needs}')
            self._cases[row.id] = {}
        else:
            self._rows.pop(row.id, None)
            return
        self._say(f'{row.id}: {self._rows[row.id]["state"]}')
        self._keep(self._result())

    def _run_setting(
        self, setting: Setting, work: Sequence[tuple[Fault, Case]], folder: Path
    ) -> None:
        try:
            for row, case in work:
                done = self._cases.setdefault(row.id, {})
                if row.id not in self._rows and case.name not in done:
                    done[case.name] = self._run_case(row, case, setting, folder)
                    self._finish(row)
        finally:
            self._end_stack()

    def _finish(self, row: Fault) -> None:
        done = self._cases[row.id]
        if set(done) == {case.name for case in self._order.cases(row)}:
            self._rows[row.id] = row_numbers(row, self._cases.pop(row.id), 'run')
        self._keep(self._result())

    def _run_case(self, row: Fault, case: Case, setting: Setting, folder: Path) -> dict[str, Any]:
        once = case.once or setting is ALONE
        runs = 1 if once else self._order.runs
        outcomes, repeated = [], 0
        self._restarted.clear()
        for number in range(runs):
            outcome, again = self._undisturbed(row, case, setting, folder)
            outcomes.append(outcome)
            repeated += again
            self._say(_line(row, case, number + 1, runs, outcome))
        numbers = case_numbers(row, case, outcomes, judge=not self._order.patient)
        told = {'repeated': repeated, 'restarted': list(self._restarted), 'when': utc_minute()}
        return {**numbers, **told}

    def _undisturbed(
        self, row: Fault, case: Case, setting: Setting, folder: Path
    ) -> tuple[Outcome, int]:
        """Run a case until the machine did not stand still meanwhile, whatever came out.

        Returns:
            The outcome, and how often it was run again.
        """
        again = 0
        while True:
            outcome = self._attempt(case, setting, folder)
            bound_ms = case.bound_ms or row.bound_ms or 0.0
            late_ms, allowed_ms = self._disturbance(outcome, bound_ms)
            still = self._machine.in_real_time and late_ms > allowed_ms
            bears = case.once or case.bears_standstill
            if bears or not still or again == REPEATS:
                return outcome, again
            again += 1
            words = f'the machine stood still for {late_ms:.1f} ms'
            self._say(f'  once more, {words}:{_words(outcome)}')
            self._machine.wait_for_calm(allowed_ms, _CALM_S, _PATIENCE_S)

    def _disturbance(self, outcome: Outcome, bound_ms: float) -> tuple[float, float]:
        """Return how long the machine stood still in the last run, and how long it may, ms."""
        now_ns = time.time_ns()
        self._machine.wait_for(now_ns)
        late_ms = self._machine.worst_delay_ms(self._begun_ns, now_ns)
        if self._order.patient:
            return late_ms, PATIENT_STALL_MS
        if outcome.ms is None or late_ms > LONG_STALL_MS:
            return late_ms, LONG_STALL_MS
        span = (None if self._rig is None else self._rig.timed_ns) or (self._begun_ns, now_ns)
        return self._machine.worst_delay_ms(*span), max(STALL_MS, STALL_SHARE * bound_ms)

    def _attempt(self, case: Case, setting: Setting, folder: Path) -> Outcome:
        """Run a case once; a stack that does not come to walk is started anew."""
        words = ''
        for _ in range(_ATTEMPTS):
            try:
                rig = self._stack(setting, folder)
                if setting is not ALONE:
                    rig.recover()
            except RobotPoliciesError as error:
                words = str(error)
                self._say(f'  starting anew: {words}')
                self._end_stack()
                continue
            self._begun_ns = time.time_ns()
            try:
                return case.run(rig)
            except NotHeldError as error:
                return Outcome(violations=(str(error),))
            except RobotPoliciesError as error:
                words = str(error)
                self._say(f'  starting anew: {words}')
                self._restarted.append(words)  # a fault may have been in, so it is told
                self._end_stack()
        return Outcome(violations=(f'could not be tried {_ATTEMPTS} times: {words}',))

    def _stack(self, setting: Setting, folder: Path) -> Rig:
        if self._rig is None:
            self._rig = Rig(
                setting,
                folder,
                given=assignments() if self._order.patient else {},
                seed=self._order.seed,
                messages=max(1, round(self._order.messages / self._order.runs)),
            )
        return self._rig

    def _end_stack(self) -> None:
        rig, self._rig = self._rig, None
        if rig is not None:
            rig.close()

    def _result(self) -> dict[str, Any]:
        order = {name: place for place, name in enumerate(faults())}
        rows = sorted(self._rows.values(), key=lambda row: order[row['id']])
        return {
            'machine': describe_machine(),
            'load_before': self._load,
            'command': self._command,
            'seed': self._order.seed,
            'patient': self._order.patient,
            'rows': rows,
            'partial': {name: cases for name, cases in self._cases.items() if cases},
        }


def _setting(row: Fault, case: Case) -> Setting:
    return case.setting or row.setting


def _line(row: Fault, case: Case, number: int, runs: int, outcome: Outcome) -> str:
    return f'{row.id} {case.name} {number}/{runs}:{_words(outcome)}'


def _words(outcome: Outcome) -> str:
    time = '' if outcome.ms is None else f' {outcome.ms:.1f} ms'
    count = f' {outcome.injected} injected' if outcome.injected > 1 else ''
    note = f' ({outcome.note})' if outcome.note else ''
    wrong = f' NOT HELD: {"; ".join(outcome.violations)}' if outcome.violations else ''
    return f'{time}{count}{note}{wrong}'
