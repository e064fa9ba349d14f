# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A summary says what happened: every expected number is put into the recording by the test."""

import json
from pathlib import Path

import numpy as np
from PIL import Image
import pytest
from robot_policies.core.robot import BodySpec
from robot_policies.data.run_folder import RunFolderError
from robot_policies.evaluation.run_summary import measure, RunSummary, summarize
from robot_policies.evaluation.run_summary_data import Marker, RunData
from robot_policies.evaluation.run_summary_outcome import named
from robot_policies.evaluation.run_summary_reader import read_run
from robot_policies.resources import load_robot


@pytest.fixture
def body() -> BodySpec:
    return load_robot('go2').body


def read(run) -> RunData:
    run.file.close()
    return read_run(run.file.path)


def summary_of(run, body) -> RunSummary:
    return measure(read(run), body, 'go2')


def marker(name: str) -> Marker:
    return Marker(name, 0.0, 0.0, (0.4, 0.4), 0.0, True, (1.0, 0.0, 0.0))


def test_a_reached_instruction_has_its_time_and_distance(run, body):
    run.marker(0.0, 'small red ball', 3.0, 4.0)
    run.instruction(2.0, 'walk to the red ball')
    run.status(
        '/policy/status', 2.1, 'on my way', status='ACTING', instruction='walk to the red ball'
    )
    run.motion(9.0, 3.0, 3.5, 0.0)
    run.status(
        '/policy/status', 9.5, 'there', status='REACHED', instruction='walk to the red ball'
    )
    run.motion(10.0, 3.0, 3.6, 0.0)
    (result,) = summary_of(run, body).instructions
    assert (result.outcome, result.message) == ('reached', 'there')
    assert result.start_s == pytest.approx(2.0)
    assert result.time_s == pytest.approx(7.5)
    assert result.distance_m == pytest.approx(0.4)


def test_what_the_policy_says_about_the_instruction_before_does_not_count(run, body):
    run.status('/policy/status', 0.0, status='IDLE', instruction='')
    run.instruction(1.0, 'first')
    run.status('/policy/status', 2.0, status='REACHED', instruction='first')
    run.instruction(3.0, 'second')
    run.status('/policy/status', 3.1, status='REACHED', instruction='first')
    run.status('/policy/status', 3.2, status='ACTING', instruction='second')
    run.motion(8.0, 0.0, 0.0, 0.0)
    assert [r.outcome for r in summary_of(run, body).instructions] == ['reached', 'not finished']


@pytest.mark.parametrize(
    ('status', 'outcome'), [('NOT_SEEN', 'not seen'), ('NOT_UNDERSTOOD', 'not understood')]
)
def test_a_refusal_is_told_with_the_policys_words(run, body, status, outcome):
    run.instruction(0.0, 'to the unicorn')
    run.status('/policy/status', 0.5, 'no unicorn', status=status, instruction='to the unicorn')
    (result,) = summary_of(run, body).instructions
    assert (result.outcome, result.message) == (outcome, 'no unicorn')


def test_an_instruction_that_is_replaced_is_interrupted_and_one_without_policy_unanswered(
    run, body
):
    run.instruction(0.0, 'a')
    run.status('/policy/status', 0.1, status='ACTING', instruction='a')
    run.instruction(1.0, '')  # stop
    run.instruction(2.0, 'b')
    run.motion(3.0, 0.0, 0.0, 0.0)
    assert [r.outcome for r in summary_of(run, body).instructions] == ['interrupted', 'no answer']


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('walk to the red ball.', ['small red ball', 'large red ball']),
        ('the large ball that is red', ['large red ball']),
        ('red!', []),
        ('the wall', []),
        ('blue ball', []),
    ],
)
def test_things_are_found_by_their_words(text, expected):
    markers = [marker(n) for n in ('small red ball', 'large red ball', 'small blue box', 'wall')]
    assert [m.name for m in named(text, markers)] == expected


def test_falls_and_collisions_are_the_simulators(run, body):
    run.contact(0.0, event='reset', world='arena', seed=1)
    run.contact(1.0, event='collision', detail='wall/0 by FL_calf')
    run.contact(2.0, event='collision', detail='wall/0 by base')
    run.contact(3.0, event='fall', detail='tilted')
    summary = summary_of(run, body)
    assert (summary.falls, summary.collisions) == (1, 2)


def test_without_a_simulator_falls_are_unknown_and_not_none(run, body):
    run.motion(0.0, 0.0, 0.0, 0.0, topic='/odom')
    summary = summary_of(run, body)
    assert (summary.falls, summary.collisions) == (None, None)
    assert 'falls unknown' in str(summary)


def test_closest_approach_is_measured_from_the_footprint(run, body):
    far = np.full(360, 5.0)
    near = far.copy()
    near[180] = body.footprint_front_m + 0.25  # straight ahead
    near[270] = 0.01  # below the sensor's range: no measurement
    run.scan(0.0, far)
    run.scan(2.0, near)
    approach = summary_of(run, body).closest_approach
    assert approach is not None
    assert approach.distance_m == pytest.approx(0.25, abs=1e-5)
    assert (approach.time_s, approach.source) == (pytest.approx(2.0), 'scan')


def test_closest_approach_is_the_simulators_where_there_is_one(run, body):
    run.scan(0.0, np.full(360, 1.0))
    run.contact(1.0, event='clearance', closest_m=0.4)
    run.contact(2.0, event='clearance', closest_m=0.1)
    run.contact(3.0, event='clearance', closest_m=0.1)
    approach = summary_of(run, body).closest_approach
    assert (approach.distance_m, approach.time_s) == (0.1, pytest.approx(2.0))
    assert approach.source == 'ground truth'


def test_age_of_a_command_is_from_its_stamp_to_its_publishing(run, body):
    for i in range(100):
        run.joint_command(i * 0.005, age_s=0.003 if i else 0.050)
    age = summary_of(run, body).latencies['joint_state_to_joint_command']
    assert age.n == 100
    assert age.p50_ms == pytest.approx(3.0, abs=1e-3)
    assert age.max_ms == pytest.approx(50.0, abs=1e-3)


def test_stamps_of_simulated_time_give_no_age(run, body):
    run.joint_command(5.0, age_s=1e8)
    assert 'joint_state_to_joint_command' not in summary_of(run, body).latencies


def test_a_command_that_rests_on_nothing_has_no_age(run, body):
    run.joint_command(1.0, age_s=1_700_000_001.0)  # stamp zero: no joint state has come yet
    run.joint_command(2.0, age_s=0.002)
    assert summary_of(run, body).latencies['joint_state_to_joint_command'].n == 1


def test_rates_and_gaps(run, body):
    for time_s in (0.0, 0.1, 0.2, 0.7):
        run.command(time_s, 0.0)
    rate = summary_of(run, body).rates['cmd_vel']
    assert rate.n == 4
    assert rate.hz == pytest.approx(3 / 0.7)
    assert rate.longest_gap_s == pytest.approx(0.5)


def test_missed_deadlines_are_each_nodes_last_count(run, body):
    run.diagnostics(1.0, '/locomotion', step_deadline_misses=1, step_ticks=50)
    run.diagnostics(2.0, '/locomotion', step_deadline_misses=3, step_ticks=100)
    run.diagnostics(2.0, '/safety', judge_deadline_misses=0)
    assert summary_of(run, body).deadline_misses == {'locomotion/step': 3, 'safety/judge': 0}


def test_tracking_error_leaves_out_standing_and_the_second_after_a_jump(run, body):
    """0.5 m/s asked from 1 s on, 0.4 done from 2 s on: only the difference of 0.1 counts."""
    for i in range(500):
        t = i * 0.02
        run.command(t, 0.5 if t >= 1.0 else 0.0)
        run.motion(t, 0.0, 0.0, 0.0, vx=0.4 if t >= 1.5 else 0.0)
    error = summary_of(run, body).tracking_error
    assert error.vx == pytest.approx(0.1, abs=0.004)  # the smoothing blurs the very end
    assert error.yaw_rate == 0.0
    assert error.n == 400


def test_walked_distance_ignores_swaying(run, body):
    for i in range(101):
        run.motion(i * 0.02, i * 0.02, 0.002 * (i % 2), 0.0)
    assert summary_of(run, body).walked_m == pytest.approx(2.0, abs=0.05)
    # 1000 steps of 1 mm forth and back are no way at all


def test_how_long_safety_intervened(run, body):
    run.status('/safety/status', 0.0, severity='DAMP', phase='waiting')
    run.status('/safety/status', 2.0, severity='PASS', phase='engaged')
    run.status('/safety/status', 3.0, severity='LIMIT', phase='engaged')
    run.status('/safety/status', 4.0, severity='PASS')
    run.motion(10.0, 0.0, 0.0, 0.0)
    lasted = summary_of(run, body).safety_s
    assert lasted == pytest.approx({'WAITING': 2.0, 'PASS': 7.0, 'LIMIT': 1.0})


def test_ground_truth_outranks_odometry(run):
    run.motion(0.0, 1.0, 0.0, 0.0, topic='/odom')
    run.motion(0.0, 2.0, 0.0, 0.0)
    data = read(run)
    assert data.is_truth
    assert data.motion.values[0, 0] == 2.0


def test_a_whole_run_is_summarised_into_files(whole_run, tmp_path: Path):
    summary = summarize(whole_run(tmp_path), film=False)
    assert [r.outcome for r in summary.instructions] == ['reached', 'reached', 'not understood']
    content = json.loads((tmp_path / 'summary.json').read_text())
    assert content['instructions'][0]['outcome'] == 'reached'
    assert content['latencies']['joint_state_to_joint_command']['n'] == 4800
    assert content['real_time_factor'] == 1.0
    with Image.open(tmp_path / 'overview.png') as picture:
        assert picture.width > 1000
    text = str(summary)
    assert '2 of 3 instructions reached' in text
    assert 'deadlines missed: none' in text


@pytest.mark.slow
def test_the_film_shows_the_robot_where_it_walked(whole_run, tmp_path: Path, monkeypatch):
    from robot_policies.evaluation import run_summary_film

    monkeypatch.setattr(run_summary_film, 'FRAMES', 8)
    monkeypatch.setattr(run_summary_film, 'BUDGET_S', 1e6)
    summary = summarize(whole_run(tmp_path))
    assert summary.notes == ()
    assert (tmp_path / 'run.gif').stat().st_size < run_summary_film.MAX_BYTES
    with Image.open(tmp_path / 'run.gif') as film:
        assert film.n_frames == 8
        first = np.asarray(film.convert('RGB'), dtype=int)
        film.seek(6)
        assert np.abs(np.asarray(film.convert('RGB'), dtype=int) - first).mean() > 5.0


def test_what_cannot_be_drawn_is_a_note_and_the_numbers_stay(run, tmp_path):
    run.motion(0.0, 0.0, 0.0, 0.0, topic='/odom')
    run.file.close()
    summary = summarize(tmp_path)
    assert any('run.gif was not made' in note for note in summary.notes)
    assert (tmp_path / 'overview.png').is_file()
    assert json.loads((tmp_path / 'summary.json').read_text())['falls'] is None


def test_a_run_that_was_killed_is_mended_and_summarised(run, tmp_path):
    run.instruction(0.0, 'a')
    run.file.flush()  # and no close: killed
    summary = summarize(tmp_path, film=False)
    assert [r.text for r in summary.instructions] == ['a']
    assert 'cut short' in summary.notes[0]


def test_an_empty_recording_gives_a_summary_too(run, tmp_path):
    run.file.close()
    summary = summarize(tmp_path, film=False)
    assert summary.instructions == ()
    assert 'no instruction was given' in str(summary)


def test_a_folder_without_recording_is_refused(tmp_path):
    with pytest.raises(RunFolderError, match=r'no recording\.mcap'):
        summarize(tmp_path)
