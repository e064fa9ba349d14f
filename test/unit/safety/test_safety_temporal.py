# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Temporal logic on streams: against its definition, and as a check of the supervisor."""

from dataclasses import replace
import itertools
import math

import numpy as np
import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, Scan, VelocityCommand
from robot_policies.core.errors import ConfigError
from robot_policies.core.verdict import Severity
from robot_policies.resources import load_rules
from robot_policies.safety import predicates
from robot_policies.safety.assembly import build_supervisor, DEFAULT_CHECKS
from robot_policies.safety.nominal import nominal_command, nominal_velocity
from robot_policies.safety.temporal_logic import (
    Always,
    And,
    Atom,
    Constant,
    Eventually,
    FALSE,
    finish,
    Not,
    Or,
    progress,
    TRUE,
)
from robot_policies.safety.temporal_parse import parse
from robot_policies.safety.temporal_rules import (
    judge_stream,
    TemporalRules,
    TemporalRulesConfig,
    Violation,
)

NOW = 10_000_000_000
MS = 1_000_000
TEXTS = [
    'always (p -> eventually[0, 0.3] q)',
    'always[0.1, 0.4] p',
    'eventually[0.2, 0.5] (p and not q)',
    'p until[0, 0.4] q',
    'not (p until[0.1, 0.3] q)',
    'always (p -> (not q until[0, 0.3] (p and q)))',
    'eventually always[0, 0.2] q or p',
    'always (p -> always[0, 0.3] q)',
    'always (p -> always[0, 0.2] eventually[0, 0.1] q)',
    'always eventually[0.1, 0.2] p',
]


def meant(formula, trace, at):
    """Return the truth of a formula at index `at` of [(time_s, names)], straight from its
    definition."""
    time_s, names = trace[at]
    if isinstance(formula, Constant):
        return formula.value
    if isinstance(formula, Atom):
        return formula.name in names
    if isinstance(formula, Not):
        return not meant(formula.body, trace, at)
    if isinstance(formula, And | Or):
        join = all if isinstance(formula, And) else any
        return join(meant(part, trace, at) for part in formula.parts)
    inside = [
        i
        for i in range(at, len(trace))
        if time_s + formula.begin - 1e-9 <= trace[i][0] <= time_s + formula.end + 1e-9
    ]
    if isinstance(formula, Always):
        return all(meant(formula.body, trace, i) for i in inside)
    if isinstance(formula, Eventually):
        return any(meant(formula.body, trace, i) for i in inside)
    return any(
        meant(formula.body, trace, i)
        and all(meant(formula.before, trace, k) for k in range(at, i))
        for i in inside
    )


EPOCH_NS = 1_795_258_805_655_929_065
"""A float of so many nanoseconds is 256 of them coarse."""


def progressed(formula, trace):
    """Return the truth by progression, and the index at which it was known."""
    for i, (time_s, names) in enumerate(trace):
        formula = progress(
            formula, lambda atom, now=names: atom.name in now, EPOCH_NS + round(time_s * 1e9)
        )
        if formula in (TRUE, FALSE):
            return formula == TRUE, i
    return finish(formula), len(trace)


@pytest.mark.parametrize('text', TEXTS)
def test_progression_agrees_with_the_definition_on_every_stream_of_length_five(text):
    formula = parse(text)
    letters = [set(), {'p'}, {'q'}, {'p', 'q'}]
    for names in itertools.product(letters, repeat=5):
        trace = [(0.1 * (i + 1), set(now)) for i, now in enumerate(names)]
        assert progressed(formula, trace)[0] == meant(formula, trace, 0), (text, names)


def test_a_violation_is_known_at_the_first_instant_that_cannot_be_mended():
    trace = [(0.1 * i, {'p'} if i == 1 else set()) for i in range(1, 10)]
    held, at = progressed(parse('always (p -> eventually[0, 0.3] q)'), trace)
    assert not held
    assert trace[at][0] == pytest.approx(0.4)  # p at 0.1, q until 0.4 at the latest


@pytest.mark.parametrize(
    ('text', 'names'),
    [
        ('always (p -> eventually[0, 2.0] q)', 'p'),
        ('always (p -> always[0, 2.0] q)', 'pq'),
        ('always (p -> (r until[0, 2.0] q))', 'pr'),
        ('always (p -> always[0, 2.0] eventually[0, 1.0] q)', 'p'),
    ],
)
def test_what_is_left_does_not_grow_with_the_stream(text, names):
    formula = parse(text)
    for i in range(1, 190):  # none of them is broken by then
        formula = progress(formula, lambda atom: atom.name in names, i * 5 * MS)
    assert len(formula.parts) <= 3


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('p ->', 'expected a predicate, found'),
        ('always[0.5, 0.1] p', 'window'),
        ('p q', "'q' was not expected"),
        ('(p', r"expected '\)'"),
        ('p § q', 'cannot be read from'),
        ('eventually[0 p', "expected ','"),
    ],
)
def test_a_formula_that_is_none_says_where(text, words):
    with pytest.raises(ValueError, match=words):
        parse(text)


def test_precedence_is_that_of_the_documentation():
    assert parse('not p and q or r -> s') == parse('(((not p) and q) or r) -> s')
    assert parse('eventually p and q') == parse('(eventually p) and q')
    assert parse('moves(0.5)') == Atom('moves', (0.5,))
    assert parse('eventually[1, inf] p').end == math.inf


def rules_check(robot, *rules, **config):
    meta = {'rules': [{'name': f'rule_{i}', **rule} for i, rule in enumerate(rules)]}
    return TemporalRules(TemporalRulesConfig(**config), PluginContext(robot=robot, meta=meta))


def moving(state, speed):
    return replace(
        state, odometry=replace(state.odometry, linear_velocity=np.array([speed, 0.0, 0.0]))
    )


def test_a_robot_that_goes_on_after_a_stop_request_is_stopped_when_its_time_is_up(
    robot, state_with
):
    check = rules_check(
        robot,
        {'formula': 'stop_requested -> eventually[0, 0.6] not moves(0.15)', 'severity': 'DAMP'},
    )
    zero = VelocityCommand(NOW)
    first = None
    for tick in range(60):
        now_ns = NOW + tick * 20 * MS
        state = moving(state_with(now_ns, last_velocity=zero), 0.4)
        verdict = check.check(zero, state, now_ns)
        if verdict.severity == Severity.DAMP and first is None:
            first = tick * 0.02
            assert 'rule rule_0 broken' in verdict.reason
    assert first == pytest.approx(0.6)


def test_a_robot_that_stands_in_time_breaks_nothing(robot, state_with):
    check = rules_check(robot, {'formula': 'stop_requested -> eventually[0, 0.6] not moves(0.15)'})
    zero = VelocityCommand(NOW)
    for tick in range(100):
        now_ns = NOW + tick * 20 * MS
        state = moving(state_with(now_ns, last_velocity=zero), 0.4 if tick < 28 else 0.05)
        assert check.check(zero, state, now_ns).severity == Severity.PASS


def behind(robot, distance_m):
    angles = np.linspace(-np.pi, np.pi, 360, endpoint=False)
    ranges = np.full(360, np.inf)
    ranges[np.abs(angles) > 2.9] = robot.body.footprint_rear_m + distance_m
    return Scan(NOW, -np.pi, angles[1] - angles[0], 0.05, 8.0, ranges)


def test_the_shipped_rules_slow_a_robot_that_backs_into_something(robot, state_with):
    meta = {'rules': load_rules('go2')}
    check = TemporalRules(TemporalRulesConfig(), PluginContext(robot=robot, meta=meta))
    command = VelocityCommand(NOW, -0.4)
    free = check.check(command, state_with(), NOW)
    assert free.severity == Severity.PASS
    later = NOW + 20 * MS
    verdict = check.check(command, state_with(scan=behind(robot, 0.4)), later)
    assert verdict.severity == Severity.LIMIT
    assert verdict.command.vx == pytest.approx(-0.2)
    assert 'never backwards' in verdict.reason


def test_the_shipped_rules_pass_a_robot_that_walks_well(robot):
    meta = {'rules': load_rules('go2')}
    spec = 'robot_policies.safety.temporal_rules:TemporalRules'
    supervisor = build_supervisor(
        robot,
        extra=(*DEFAULT_CHECKS, spec),
        contexts={spec: PluginContext(robot=robot, meta=meta)},
    )
    from robot_policies.safety.nominal import nominal_state

    for tick in range(400):
        now_ns = NOW + tick * 5 * MS
        state = nominal_state(robot, now_ns)
        joint = supervisor.judge(nominal_command(robot, now_ns), state, now_ns)
        velocity = supervisor.judge_velocity(nominal_velocity(now_ns), state, now_ns)
        assert 'rule' not in joint.reason + velocity.reason


def test_a_broken_rule_counts_as_broken_for_a_while_and_is_watched_anew(robot, state_with):
    check = rules_check(robot, {'formula': 'not commands_backwards(0.3)'}, linger_s=0.1)
    severities = []
    for tick, vx in enumerate((0.1, -0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -0.4)):
        now_ns = NOW + tick * 20 * MS
        severities.append(check.check(VelocityCommand(NOW, vx), state_with(), now_ns).severity)
    passing, holding = Severity.PASS, Severity.HOLD
    assert severities == [passing] + [holding] * 6 + [passing, holding]


def test_a_rule_whose_source_is_missing_holds_and_names_it(robot, state_with):
    check = rules_check(robot, {'formula': 'not moves(2.0)'})
    verdict = check.check(VelocityCommand(NOW), state_with(odometry=None), NOW)
    assert verdict.severity == Severity.HOLD
    assert 'odom is missing' in verdict.reason


def test_a_rule_that_would_slow_joints_is_refused(robot):
    with pytest.raises(ConfigError, match='LIMIT slows a velocity'):
        rules_check(robot, {'formula': 'not moves(0.0)', 'gate': 'joint', 'severity': 'LIMIT'})


def test_a_rule_of_the_joint_gate_leaves_velocities_alone(robot, state_with):
    check = rules_check(robot, {'formula': 'not moves(0.0)', 'gate': 'joint'})
    state = moving(state_with(), 0.5)
    assert check.check(VelocityCommand(NOW), state, NOW).severity == Severity.PASS
    command = JointCommand(NOW, position=robot.default_pose)
    assert check.check(command, state, NOW).severity == Severity.HOLD


@pytest.mark.parametrize(
    ('rule', 'words'),
    [
        ({'formula': 'mooves(0.1)'}, 'did you mean moves.*there are .*obstacle_behind'),
        ({'formula': 'moves'}, 'moves takes 1 numbers'),
        ({'formula': 'moves(0.1', 'severity': 'HOLD'}, 'expected'),
        ({'formula': 'moves(0.1)', 'severity': 'PANIC'}, 'none of LIMIT'),
        ({'says': 'no formula'}, 'formula is missing'),
    ],
)
def test_a_wrong_rule_is_refused_with_what_there_is(robot, rule, words):
    with pytest.raises(ConfigError, match=words):
        rules_check(robot, rule)


def test_every_predicate_can_be_asked_in_a_nominal_state_and_says_what_it_means(robot, state_with):
    surroundings = predicates.Surroundings(robot)
    moment = predicates.Moment(nominal_velocity(NOW), state_with(), NOW, robot, surroundings)
    for name, count in predicates.names().items():
        predicate = getattr(predicates, name)
        assert isinstance(predicate(moment, *[1.0] * count), bool | np.bool_)
        assert predicate.__doc__.endswith('.')


def test_a_recorded_stream_is_judged_by_the_same_rules(robot, state_with):
    zero = VelocityCommand(NOW)
    stream = [
        (zero, moving(state_with(now, last_velocity=zero), 0.4 if i < 40 else 0.0), now)
        for i in range(100)
        for now in [NOW + i * 20 * MS]
    ]
    rules = [
        {'name': 'stops', 'formula': 'stop_requested -> eventually[0, 0.6] not moves(0.15)'},
        {'name': 'ends_moving', 'formula': 'eventually moves(0.15)'},
    ]
    found = judge_stream(rules, stream, robot)
    assert Violation('stops', NOW + 30 * 20 * MS) in found
    assert found[-1] == Violation('ends_moving', None)
