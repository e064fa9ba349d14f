# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`doctor` says what is missing and what to type."""

import subprocess

from robot_policies.cli import doctor, examinations
from robot_policies.cli.examinations import Finding
from robot_policies.cli.main import main
from robot_policies.resources import share_dir

GIB = 1 << 30


def test_a_missing_module_comes_with_what_to_type(monkeypatch):
    monkeypatch.setitem(examinations._MODULES, 'no_such_module', ('sim', 'nothing', True))
    finding = examinations.module('no_such_module')
    assert not finding.good
    assert finding.remedy.endswith('-m pip install "robot_policies[sim]"')


def test_rendering_that_fails_names_the_system_libraries(monkeypatch):
    monkeypatch.setattr(examinations, '_EGL_PROBE', 'raise SystemExit(1)')
    finding = examinations.off_screen_rendering()
    assert not finding.good
    assert finding.remedy == 'sudo apt-get install libegl1 libgl1-mesa-dri'


def test_rendering_that_hangs_is_no_rendering(monkeypatch):
    def hang(*_, **__):
        raise subprocess.TimeoutExpired('probe', 60)

    monkeypatch.setattr(subprocess, 'run', hang)
    assert not examinations.off_screen_rendering().good


def test_without_the_right_to_run_in_real_time_the_remedy_is_a_limit():
    assert examinations.real_time(granted=True).good
    refused = examinations.real_time(granted=False)
    assert not refused.good
    assert not refused.needed  # it is a matter of a busy machine
    assert 'rtprio' in refused.remedy


def test_little_shared_memory_is_said_with_the_remedy():
    assert examinations.shared_memory(2 * GIB).good
    short = examinations.shared_memory(64 << 20)
    assert not short.good
    assert not short.needed  # segments are made smaller
    assert '--shm-size=1g' in short.remedy


def test_another_ros_than_jazzy_is_refused(monkeypatch):
    monkeypatch.setenv('ROS_DISTRO', 'humble')
    assert not examinations.ros_source().good
    monkeypatch.setenv('ROS_DISTRO', 'jazzy')
    assert examinations.ros_source().good
    monkeypatch.delenv('ROS_DISTRO')
    assert 'wheels' in examinations.ros_source().found


def test_nodes_started_by_hand_are_told_of_the_profile(monkeypatch):
    monkeypatch.delenv('FASTRTPS_DEFAULT_PROFILES_FILE', raising=False)
    finding = examinations.dds_profile()
    assert finding.remedy == 'eval "$(robot-policies env)"'
    monkeypatch.setenv('FASTRTPS_DEFAULT_PROFILES_FILE', '/some/profile.xml')
    assert examinations.dds_profile().found == '/some/profile.xml'


def test_a_shell_gets_what_the_nodes_of_a_stack_have(capsys):
    assert main(['env']) == 0
    output = capsys.readouterr().out
    command = f'{output}\necho "$ROS_AUTOMATIC_DISCOVERY_RANGE $FASTRTPS_DEFAULT_PROFILES_FILE"'
    said = subprocess.run(['sh', '-c', command], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ['SYSTEM_DEFAULT', str(share_dir() / 'config/dds/local.xml')]


def test_only_what_is_needed_makes_it_fail(monkeypatch, capsys):
    findings = [Finding('a', 'x'), Finding('b', 'y', good=False, needed=False, remedy='type b')]
    monkeypatch.setattr(examinations, 'examine', lambda: iter(findings))
    assert doctor.run(None) == 0
    assert 'to mend it: type b' in capsys.readouterr().out
    findings.append(Finding('c', 'z', good=False))
    assert doctor.run(None) == 1
    assert 'MISSING c: z' in capsys.readouterr().out
