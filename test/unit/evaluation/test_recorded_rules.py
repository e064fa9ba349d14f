# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A recording is judged by the rules that the supervisor watches."""

import pytest
from robot_policies.cli.main import main
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.recorded_rules import judge_recording
from robot_policies.resources import load_robot, load_rules


def drive(run, stands_after_s):
    """Walk for a second, be told to stop at 1.0 s, and stand some time later."""
    for i in range(150):
        time_s = 0.02 * i
        told = time_s >= 1.0
        going = time_s < 1.0 + stands_after_s
        run.motion(time_s, 0.0, 0.0, 0.0, vx=0.5 if going else 0.0, topic='/odom')
        run.scan(time_s, [5.0] * 90)
        run.command(time_s + 0.001, 0.0 if told else 0.5)
    run.file.close()
    return run.file.path


def test_a_robot_that_stood_late_is_found_with_its_time(run):
    result = judge_recording(drive(run, 0.9), load_rules('go2'), load_robot('go2'))
    assert result['instants'] == 150
    first = result['violations'][0]
    assert first['rule'] == 'stops_when_told'
    assert first['at_s'] == pytest.approx(1.6, abs=0.03)


def test_a_robot_that_stood_in_time_broke_nothing_and_the_command_says_so(run, capsys):
    path = drive(run, 0.4)
    assert main(['rules', str(path.parent)]) == 0
    assert '0 violations' in capsys.readouterr().out


def test_a_rule_knows_from_the_recording_when_the_supervisor_passes_commands(run):
    rule = {'name': 'no_drive_while_engaged', 'formula': 'engaged -> not moves(0.2)'}
    for i, phase in enumerate(['waiting'] * 50 + ['engaged'] * 50 + ['latched'] * 50):
        time_s = 0.02 * i
        run.status('/safety/status', time_s, '', phase=phase)
        run.motion(time_s, 0.0, 0.0, 0.0, vx=0.5, topic='/odom')
        run.command(time_s + 0.001, 0.5)
    run.file.close()
    found = judge_recording(run.file.path, [rule], load_robot('go2'))['violations']
    assert len(found) == 50
    assert (found[0]['at_s'], found[-1]['at_s']) == pytest.approx((1.0, 1.98), abs=0.03)


def test_without_a_recording_the_message_names_the_file(tmp_path):
    with pytest.raises(ConfigError, match='there is no recording'):
        judge_recording(tmp_path / 'recording.mcap', [], load_robot('go2'))
