# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the page says: never better than what is known."""

import pytest
from robot_policies.core.data_types import PolicyStatus, VelocityCommand
from robot_policies.core.verdict import Severity
from robot_policies.dashboard import model
from robot_policies.dashboard.model import SILENT_NS, Status, Tone

NOW = 100_000_000_000


def safety(severity='PASS', *, latched='false', age_ns=0, message='all checks pass', **values):
    values = {'severity': severity, 'latched': latched, 'phase': 'engaged', **values}
    return Status(0, '/safety', message, values, NOW - age_ns)


def policy(status='ACTING', *, age_ns=0, message='walking', level=0, **values):
    return Status(level, '/policy', message, {'status': status, **values}, NOW - age_ns)


def test_without_a_safety_node_nothing_looks_fine():
    card = model.safety_card(None, NOW)
    assert card.tone is not Tone.GOOD
    assert card.title == 'No safety node'


def test_a_safety_node_that_has_fallen_silent_is_bad_whatever_it_said_last():
    card = model.safety_card(safety(age_ns=SILENT_NS + 1), NOW)
    assert card.tone is Tone.BAD
    assert 'silent' in card.title


def test_only_a_passing_and_fresh_status_is_green():
    green = [
        severity
        for severity in Severity
        if model.safety_card(safety(severity.name), NOW).tone is Tone.GOOD
    ]
    assert green == [Severity.PASS]


def test_every_severity_has_words():
    titles = {model.safety_card(safety(severity.name), NOW).title for severity in Severity}
    assert len(titles) == len(Severity)


@pytest.mark.parametrize('severity', ['', 'FINE', '0'])
def test_an_unknown_severity_is_not_taken_for_a_good_one(severity):
    assert model.safety_card(safety(severity), NOW).tone is Tone.BAD


def test_the_reason_is_shown_as_it_came():
    card = model.safety_card(safety('LIMIT', message='obstacle 0.31 m away, slow'), NOW)
    assert card.text == 'obstacle 0.31 m away, slow'


def test_a_latched_stop_lists_what_a_reset_needs():
    status = safety('DAMP', latched='true', reset_requires='release the e-stop; the robot moves')
    card = model.safety_card(status, NOW)
    assert card.tone is Tone.BAD
    assert card.points == ('release the e-stop', 'the robot moves')
    assert model.is_latched(status)


def test_a_latched_stop_that_needs_nothing_more_says_so():
    card = model.safety_card(safety('DAMP', latched='true', reset_requires=''), NOW)
    assert card.points_title == 'Ready for a reset'


def test_a_supervisor_that_waits_is_not_shown_as_latched():
    card = model.safety_card(safety('DAMP', phase='waiting', message='IMU has not come'), NOW)
    assert card.title == 'Waiting to engage'
    assert card.text == 'IMU has not come'


def test_who_commands_is_said():
    assert model.safety_card(safety(velocity_source='teleop/cmd_vel'), NOW).footnote == (
        'driven by hand'
    )


def test_a_policy_that_does_not_see_says_so_in_its_own_words():
    card = model.policy_card(policy('NOT_SEEN', message="I don't see a purple cone."), NOW)
    assert card.title == 'Not seen'
    assert card.tone is Tone.WARN
    assert card.text == "I don't see a purple cone."


def test_every_policy_status_has_words():
    cards = [model.policy_card(policy(status.name, message=''), NOW) for status in PolicyStatus]
    assert len({card.title for card in cards}) == len(PolicyStatus)


def test_a_policy_with_an_error_is_not_shown_as_acting():
    card = model.policy_card(policy('ACTING', level=2, message='camera/front is 900 ms old'), NOW)
    assert card.tone is Tone.BAD
    assert card.text == 'camera/front is 900 ms old'


def test_a_silent_policy_is_bad():
    assert model.policy_card(policy(age_ns=SILENT_NS + 1), NOW).tone is Tone.BAD


def test_instruction_checkpoint_and_inference_are_shown():
    card = model.policy_card(
        policy(instruction='go to the box', checkpoint='go2_x', inference_ms='38'), NOW
    )
    assert card.points == ('“go to the box”',)
    assert 'go2_x' in card.footnote
    assert '38 ms' in card.footnote


def test_health_rows_show_problems_and_the_figures_worth_a_glance():
    statuses = {
        '/b': Status(2, '/b', 'no joint states', {'tick_p99_ms': '0.4', 'x_ticks': '9'}, NOW),
        '/a': Status(0, '/a', 'ok', {}, NOW),
    }
    first, second = model.health_rows(statuses, NOW)
    assert (first.name, first.tone, first.text) == ('a', Tone.GOOD, '')
    assert (second.tone, second.text) == (Tone.BAD, 'no joint states')
    assert second.figures == ('tick p99 ms 0.4',)


def test_a_node_that_stopped_reporting_is_shown_as_silent():
    (row,) = model.health_rows({'/a': Status(0, '/a', 'ok', {}, NOW - SILENT_NS - 1)}, NOW)
    assert (row.tone, row.text) == (Tone.BAD, 'silent')


@pytest.mark.parametrize(('text', 'expected'), [('0.998', 0.998), ('soon', None)])
def test_the_real_time_factor_is_found_wherever_it_is_reported(text, expected):
    statuses = {'/sim': Status(0, '/sim', 'ok', {'real_time_factor': text}, NOW)}
    assert model.real_time_factor(statuses, NOW) == expected


def test_a_simulator_that_does_not_keep_up_is_warned_of():
    statuses = {'/sim': Status(0, '/sim', 'ok', {'real_time_factor': '0.61'}, NOW)}
    assert ('real time × 0.61', Tone.WARN) in model.facts(statuses, (), 1, NOW)


def test_missing_sources_are_among_the_facts():
    facts = model.facts({}, ('odom has not arrived',), 2, NOW)
    assert ('odom has not arrived', Tone.BAD) in facts
    assert ('2 browsers', Tone.OFF) in facts


def test_who_drives_by_hand_is_said():
    assert model.driver_line(None)[1] is Tone.OFF
    text, tone = model.driver_line(VelocityCommand(1, 0.3, 0.0, -0.5))
    assert tone is Tone.GOOD
    assert '+0.30 m/s' in text
    assert '-0.50 rad/s' in text
