# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The fault suite itself: what is a row, when it is held, and what an interruption leaves."""

import contextlib
import json
import textwrap
from types import SimpleNamespace

from killed_parent import outlived_by
import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation import results_page
from robot_policies.evaluation.faults import order as order_module
from robot_policies.evaluation.faults import page, suite
from robot_policies.evaluation.faults.commands import leaps, longest_gap_ms
from robot_policies.evaluation.faults.f03_camera import ramp_began_ns
from robot_policies.evaluation.faults.f08_chunks import FAULT as F8
from robot_policies.evaluation.faults.f21_overload import missed_periods
from robot_policies.evaluation.faults.fault import (
    ALONE,
    Case,
    Fault,
    NotHeldError,
    Outcome,
    RigError,
)
from robot_policies.evaluation.faults.order import chosen, faults, Order
from robot_policies.evaluation.faults.result import broken
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.suite import Suite
from robot_policies.resources import load_robot, share_dir
from robot_policies.ros import topics
from robot_policies.ros.probes.listener import Heard

TIMED_NS = (1, 2)
"""From fault to reaction."""


class NoRig:
    """What a run of a row without a stack is given."""

    def __init__(self, messages=500):
        self.messages = messages
        self.robot = load_robot('go2')
        self.timed_ns = TIMED_NS
        self.rng = np.random.default_rng(0)

    def close(self):
        pass


class Machine:
    """Stands still for so long during each run until it is waited for, then never again."""

    in_real_time = True

    def __init__(self, delays_ms, *, while_timed=True):
        self._delays_ms = list(delays_ms)
        self._while_timed = while_timed

    def wait_for(self, _time_ns):
        pass

    def wait_for_calm(self, *_limits):
        self._delays_ms.pop(0)

    def worst_delay_ms(self, start_ns, end_ns):
        spared = (start_ns, end_ns) == TIMED_NS and not self._while_timed
        return self._delays_ms[0] if self._delays_ms and not spared else 0.0


def row(name, *cases, **options):
    values = {'fault': 'x', 'reaction': 'y', 'bound': 'z', 'setting': ALONE, **options}
    return Fault(id=name, cases=cases, **values)


@pytest.fixture
def run(monkeypatch):
    """Return what runs made-up rows without a stack."""

    def run_rows(*rows, before=None, keep=lambda _: None, delays_ms=(), while_timed=True, **order):
        machine = Machine(delays_ms, while_timed=while_timed)
        monkeypatch.setattr(suite, 'bare_loops', lambda _: contextlib.nullcontext(machine))
        for module in (order_module, suite):
            monkeypatch.setattr(module, 'faults', lambda: {r.id: r for r in rows})
        monkeypatch.setattr(suite, 'Rig', lambda *_, messages, **__: NoRig(messages))
        return Suite(Order(**order), lambda _: None, keep).run(before)

    return run_rows


def result_of(result, name):
    return next(r for r in result['rows'] if r['id'] == name)


def test_busy_programs_end_with_a_suite_that_is_killed():
    program = textwrap.dedent("""
        import time
        import psutil
        from robot_policies.evaluation.faults.f21_overload import all_cores_busy
        with all_cores_busy():
            print(*(child.pid for child in psutil.Process().children()), flush=True)
            time.sleep(60.0)
    """)
    assert not outlived_by(program)


def test_every_row_of_the_contract_has_a_file():
    assert list(faults()) == [f'F{number}' for number in range(1, 25)]
    for fault in faults().values():
        names = [case.name for case in fault.cases]
        assert len(names) == len(set(names))
        assert not fault.cases or any(case.short for case in fault.cases)


def test_what_is_not_built_is_never_held(run):
    result = run(row('F1'))
    assert result_of(result, 'F1')['state'] == 'not built'
    assert result_of(result, 'F1')['held'] is False
    assert broken(result) == []
    assert '| not built |' in page.table(result['rows'])


def test_what_cannot_be_injected_here_says_why(run):
    one = row('F1', Case('a', lambda _: Outcome()), needs=lambda: 'it takes root')
    result = run(one)
    assert result_of(result, 'F1')['state'] == 'not run: it takes root'
    assert not result_of(result, 'F1')['held']


def test_a_row_is_held_if_its_slowest_run_is_in_time(run):
    times = iter([1.0, 5.0, 9.9])
    in_time = row('F1', Case('a', lambda _: Outcome(next(times))), bound_ms=10.0)
    assert result_of(run(in_time), 'F1')['held']
    late = row('F1', Case('a', lambda _: Outcome(10.1)), bound_ms=10.0)
    result = run(late)
    assert broken(result) == ['F1']
    assert '**not held**' in page.table(result['rows'])
    assert result_of(run(late, patient=True), 'F1')['held']


def test_a_violation_is_not_excused_by_being_in_time(run):
    def broken_run(_):
        raise NotHeldError('it did not damp')

    for case in (Case('a', lambda _: Outcome(1.0, violations=('no',))), Case('a', broken_run)):
        result = run(row('F1', case, bound_ms=10.0), patient=True)
        assert broken(result) == ['F1']


def test_words_do_not_say_where_the_suite_lies_on_the_machine(run):
    said = f'no such checkpoint: {share_dir()}/models/go2_nowhere'
    result = run(row('F1', Case('a', lambda _: Outcome(violations=(said,), note=said))))
    (case,) = result_of(result, 'F1')['cases']
    assert case['what'] == case['notes'] == ['no such checkpoint: models/go2_nowhere']


def test_a_run_whose_promise_bears_a_standstill_is_not_made_again(run):
    one = row('F1', Case('a', lambda _: Outcome(), bears_standstill=True))
    (case,) = result_of(run(one, delays_ms=[500.0]), 'F1')['cases']
    assert (case['runs'], case['repeated']) == (1, 0)


def test_a_run_that_was_broken_off_and_begun_anew_is_told(run):
    answers = iter([RigError('nobody walks'), Outcome(1.0)])

    def brittle(_):
        answer = next(answers)
        if isinstance(answer, RigError):
            raise answer
        return answer

    result = run(row('F1', Case('a', brittle), bound_ms=10.0))
    (case,) = result_of(result, 'F1')['cases']
    assert (case['held'], case['restarted']) == (True, ['nobody walks'])
    assert 'begun anew: nobody walks' in page.page(result)


def test_a_promise_that_does_not_come_true_is_not_tried_again():
    rig = object.__new__(Rig)
    rig.probe = SimpleNamespace(status={})
    with pytest.raises(NotHeldError, match='walking on did not come true'):
        rig.promised(lambda: False, 'walking on', 0.0)


@pytest.mark.parametrize(
    ('positions_rad', 'times_ms', 'numbers', 'found'),
    [
        ((0.0, 0.5, 1.1), (0, 5, 10), (1, 2, 3), 0),
        ((0.0, 0.7), (0, 5), (1, 2), 1),
        ((0.0, 0.7), (0, 2), (1, 2), 1),  # a tick that came early is one
        ((0.0, 1.1), (0, 10), (1, 3), 0),  # one was not heard
        ((0.0, 0.85), (0, 5), (1, 3), 0),  # nor here, where both came early
        ((0.0, 1.1), (0, 10), (1, 2), 1),  # a late tick is one too
    ],
)
def test_a_target_that_leaps_is_found(positions_rad, times_ms, numbers, found):
    heard = [
        Heard(ms * 1_000_000, ms * 1_000_000, SimpleNamespace(position=[rad, 0.0]), number)
        for rad, ms, number in zip(positions_rad, times_ms, numbers, strict=True)
    ]
    assert len(leaps(heard, [])) == found


@pytest.mark.parametrize(
    ('from_rad', 'to_rad', 'joint_rad', 'found'),
    [
        (-0.90, -1.61, -1.61, 0),  # to where the joint is: the torque limit
        (-0.90, -1.61, -0.95, 1),  # away from it
        (0.0, 1.0, 0.4, 1),  # past it, and farther off than before
        (-1.0, 0.9, 0.0, 1),  # past it, and nearer, but no softer
    ],
)
def test_a_target_that_is_brought_to_its_joint_does_not_leap(from_rad, to_rad, joint_rad, found):
    heard = [
        Heard(ms * 1_000_000, ms * 1_000_000, SimpleNamespace(position=[rad, 0.0]), ms)
        for ms, rad in ((5, from_rad), (6, to_rad))
    ]
    far = np.array([9.0, 0.0])
    joints = [(0, far), (5_500_000, np.array([joint_rad, 0.0])), (7_000_000, far)]
    assert len(leaps(heard, joints)) == found


def test_a_gap_that_begins_before_what_is_done_and_ends_after_it_counts():
    sent_ns = [n * 20_000_000 for n in (0, 1, 2, 7, 8)]  # done just after the third
    heard = [Heard(at_ns, at_ns, None) for at_ns in sent_ns]
    probe = SimpleNamespace(
        heard=lambda _topic, after_ns: [h for h in heard if h.received_ns > after_ns]
    )
    gap_ms = longest_gap_ms(SimpleNamespace(probe=probe), topics.JOINT_COMMAND, 41_000_000)
    assert gap_ms == 100.0


@pytest.mark.parametrize('ms', [1.0, 99.0])
def test_a_run_during_which_the_machine_stood_still_is_made_again_whatever_came_out(run, ms):
    times = iter([ms, 2.0])
    one = row('F1', Case('a', lambda _: Outcome(next(times))), bound_ms=10.0)
    (case,) = result_of(run(one, delays_ms=[3.0, 1.0]), 'F1')['cases']
    assert (case['runs'], case['repeated'], case['max_ms'], case['held']) == (1, 1, 2.0, True)


@pytest.mark.parametrize(
    ('delay_ms', 'while_timed', 'bound_ms', 'repeated'),
    [
        (3.0, True, 10.0, 1),
        (3.0, False, 10.0, 0),
        (4.0, True, 100.0, 0),
        (6.0, True, 100.0, 1),
        (11.0, False, 100.0, 1),
    ],
    ids=['short bound', 'not while timed', 'long bound', 'too long for it', 'old inputs'],
)
def test_a_time_is_spoilt_by_a_standstill_that_is_long_beside_its_bound(
    run, delay_ms, while_timed, bound_ms, repeated
):
    one = row('F1', Case('a', lambda _: Outcome(1.0)), bound_ms=bound_ms)
    result = run(one, delays_ms=[delay_ms], while_timed=while_timed)
    assert result_of(result, 'F1')['cases'][0]['repeated'] == repeated


def test_a_run_that_is_not_timed_bears_a_short_standstill(run):
    one = row('F1', Case('a', lambda _: Outcome()))
    for delay_ms, repeated in ((3.0, 0), (30.0, 1)):
        (case,) = result_of(run(one, delays_ms=[delay_ms]), 'F1')['cases']
        assert case['repeated'] == repeated


def test_a_patient_suite_bears_more(run):
    one = row('F1', Case('a', lambda _: Outcome(1.0)))
    for delay_ms, repeated in ((99.0, 0), (999.0, 1)):
        (case,) = result_of(run(one, delays_ms=[delay_ms], patient=True), 'F1')['cases']
        assert case['repeated'] == repeated


def test_a_machine_that_never_comes_to_rest_is_not_waited_for(run):
    one = row('F1', Case('a', lambda _: Outcome(99.0)), bound_ms=10.0)
    assert broken(run(one, delays_ms=[9.0] * 100)) == ['F1']


def test_a_row_shows_the_case_nearest_to_its_bound(run):
    cases = (
        Case('fast', lambda _: Outcome(1.0)),
        Case('patient', lambda _: Outcome(90.0), bound_ms=100.0),
    )
    shown = result_of(run(row('F1', *cases, bound_ms=10.0)), 'F1')
    assert (shown['max_ms'], shown['bound_ms'], len(shown['cases'])) == (90.0, 100.0, 2)


def test_a_stack_that_fails_is_started_anew_and_not_for_ever(run):
    calls = []

    def fails_twice(_):
        calls.append(1)
        if len(calls) < 3:
            raise RigError('it fell over')
        return Outcome(1.0)

    assert result_of(run(row('F1', Case('a', fails_twice))), 'F1')['held']

    def fails(_):
        raise RigError('it fell over')

    assert broken(run(row('F1', Case('a', fails)))) == ['F1']


def test_an_interrupted_run_goes_on_with_the_next_case(run):
    ran, kept = [], []

    def case(name):
        return Case(name, lambda _: ran.append(name) or Outcome(1.0))

    def interrupted(result):
        kept.append(json.loads(json.dumps(result)))
        if len(kept) == 2:
            raise KeyboardInterrupt

    rows = (row('F1', case('a'), case('b')), row('F2', case('c')))
    with pytest.raises(KeyboardInterrupt):
        run(*rows, keep=interrupted)
    assert ran == ['a', 'b']
    result = run(*rows, before=kept[0])
    assert ran == ['a', 'b', 'b', 'c']
    assert [r['id'] for r in result['rows']] == ['F1', 'F2']
    assert not result['partial']
    assert run(*rows, before=result)['rows'] == result['rows']
    assert ran == ['a', 'b', 'b', 'c']


def test_an_unknown_row_is_refused():
    with pytest.raises(ConfigError, match="'F99' is no row"):
        chosen(['F99'])


def test_no_bad_chunk_is_executed_and_each_is_counted():
    (case,) = [case for case in F8.cases if case.name == 'into the executor']
    outcome = case.run(NoRig(2000))
    assert outcome.injected == 2000
    assert outcome.violations == ()


def test_the_page_is_written_from_the_result(run, tmp_path):
    result = run(row('F1', Case('a', lambda _: Outcome(1.25, note='a note')), bound_ms=10.0))
    text = page.page(json.loads(json.dumps(result)))
    assert '| F1 | x | y | z | 1.2 | 1.2 | 1.2 | 1 | held |' in text
    assert '- a: a note' in text
    (case,) = result_of(result, 'F1')['cases']
    assert f'| held | {case["when"][:10]} |' in text
    assert 'Not run yet for this table: F2, F3,' in text
    assert 'No result has been published' in page.page(None)
    (tmp_path / 'faults.json').write_text(json.dumps(result))
    assert 'F1' not in results_page.page(tmp_path)


@pytest.mark.parametrize(
    ('gap_ms', 'period_ms', 'missed'),
    [(9.4, 5.0, 0), (10.0, 5.0, 1), (15.0, 5.0, 2), (31.9, 20.0, 0), (32.1, 20.0, 1)],
)
def test_a_period_is_missed_for_sure_beyond_what_two_clock_readings_may_differ(
    gap_ms, period_ms, missed
):
    sent_ms = np.cumsum([0.0, period_ms, gap_ms, period_ms])
    assert missed_periods((sent_ms * 1e6).astype(int).tolist(), period_ms) == missed


def test_a_ramp_begins_where_the_velocity_begins_to_fall_as_fast_as_it_may():
    accelerations = np.array([2.0, 2.0, 4.0])
    speeds = [0.2, 0.3, 0.4, 0.42, 0.44, *np.arange(0.4, 0.01, -0.04), 0.0]  # 2 m/s² is 0.04

    def heard(k, speed):
        message = topics.CMD_VEL.type()
        message.twist.linear.x = float(speed)
        sent_ns = round(k * 20_000_000)
        return Heard(sent_ns, sent_ns + 1_000_000, message)

    velocities = [heard(k, speed) for k, speed in enumerate(speeds)]
    again = [heard(k + 0.7, speed) for k, speed in enumerate(speeds[:-1])]  # a scan came
    together = sorted([*velocities, *again], key=lambda item: item.received_ns)
    stood_ns = velocities[-1].received_ns
    began_ns = ramp_began_ns(velocities, stood_ns, accelerations)
    # the last one at full speed; what was slower before it does not count, nor does the rise
    assert began_ns == velocities[4].received_ns
    slow_ns = stood_ns + 60_000_000  # stood later than the ramp explains
    assert ramp_began_ns(velocities[:-1], slow_ns, accelerations) == slow_ns
    assert ramp_began_ns(together, stood_ns, accelerations) == velocities[4].received_ns
    steady = [*(heard(k, 0.44) for k in range(5)), *velocities[5:]]
    assert ramp_began_ns(steady, stood_ns, accelerations) == velocities[5].received_ns
