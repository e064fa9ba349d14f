# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A stack under the real `launch`: order, parameters, and what ends it. The nodes are fakes."""

from pathlib import Path
import re
import subprocess
import sys
import time

import pytest
from robot_policies.resources import share_dir
import yaml

if not hasattr(pytest.importorskip('launch'), 'LaunchService'):  # our own folder `launch`
    pytest.skip('needs a ROS 2 installation', allow_module_level=True)
pytest.importorskip('launch_ros', reason='needs a ROS 2 installation')

BRINGUP = share_dir() / 'launch' / 'bringup.launch.py'
# what `ros2 launch` does, which is not there wherever launch is
RUNNER = """
import sys
from launch import LaunchDescription, LaunchService
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
words = [tuple(word.split(':=', 1)) for word in sys.argv[2:]]
source = PythonLaunchDescriptionSource(sys.argv[1])
service = LaunchService(noninteractive=True)
service.include_launch_description(
    LaunchDescription([IncludeLaunchDescription(source, launch_arguments=words)])
)
sys.exit(service.run())
"""
NODE = """
import signal, sys, time
from robot_policies.ros import notify
def end(*_):
    print('asked to end', flush=True)
    sys.exit(0)
signal.signal(signal.SIGINT, end)
print(' '.join(sys.argv), flush=True)
print(open(sys.argv[sys.argv.index('--params-file') + 1]).read(), flush=True)
"""
GOOD = NODE + 'notify.ready(); time.sleep(60)'
SAYS_WHEN = "print('at', time.monotonic(), 'it was', flush=True)\n"
LATE = f'{NODE}time.sleep(1.0)\n{SAYS_WHEN}notify.ready(); time.sleep(60)'
REFUSES = NODE + "notify.failed('radius_m: -1 is outside [0, 2] m'); sys.exit(2)"
FADES = NODE + 'notify.ready(); sys.exit(3)'


@pytest.fixture
def start(tmp_path, monkeypatch, ros_domain):
    """Return `start({name: (program, keys)}, **arguments)`: runs a launch and gives its output."""
    monkeypatch.setenv('PYTHONPATH', f'{tmp_path}:{Path.cwd()}', prepend=':')
    monkeypatch.setenv('ROS_LOG_DIR', str(tmp_path / 'log'))

    def run(nodes, **arguments):
        entries = []
        for name, (program, keys) in nodes.items():
            (tmp_path / f'fake_{name}.py').write_text(program)
            node = {'name': name, 'module': f'fake_{name}', 'parameters': {'number': 3}}
            entries.append({**node, **keys})
        path = tmp_path / 'fake.yaml'
        path.write_text(yaml.safe_dump({'description': 'fakes', 'nodes': entries}))
        given = {'stack': str(path), 'runs': str(tmp_path / 'runs'), **arguments}
        words = [f'{name}:={value}' for name, value in given.items()]
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, '-c', RUNNER, str(BRINGUP), *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, time.monotonic() - begun

    return run


def test_nodes_get_name_namespace_and_parameters_and_are_asked_to_end(start):
    status, output, _ = start({'one': (GOOD, {})}, namespace='robot_a', duration='0.5')
    assert status == 0
    assert '__node:=one' in output
    assert '__ns:=/robot_a' in output
    assert 'number: 3' in output
    assert 'asked to end' in output


def test_a_stage_starts_only_when_the_one_before_is_ready(start):
    nodes = {'one': (SAYS_WHEN.join(['import time\n', GOOD]), {'stage': 2}), 'two': (LATE, {})}
    status, output, _ = start(nodes, duration='0.2')
    assert status == 0
    # by their clocks: launch may read what a node printed after it has acted on its being ready
    times = dict(re.findall(r'\[(one|two)-\d+\] at (\S+) it was', output))
    assert float(times['two']) < float(times['one'])
    started = re.search(r'\[one-\d+\]: process started', output)
    assert started.start() < output.index('[launch.user]: ready')


def test_a_node_that_cannot_start_ends_the_launch_with_its_own_words(start):
    _, output, seconds = start({'one': (GOOD, {}), 'two': (REFUSES, {})}, duration='50')
    assert 'two: radius_m: -1 is outside [0, 2] m' in output
    assert seconds < 40


def test_the_end_of_a_required_node_ends_the_launch(start):
    nodes = {'one': (GOOD, {}), 'two': (FADES, {'required': True})}
    _, _, seconds = start(nodes, duration='50')
    assert seconds < 40


def test_the_end_of_another_node_does_not(start):
    _, output, _ = start({'one': (GOOD, {}), 'two': (FADES, {})}, duration='2')
    assert '2 s are over' in output


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        ({'nmespace': 'a'}, 'argument nmespace is unknown, did you mean namespace?'),
        ({'duration': 'long'}, "duration: 'long' is a str, expected float"),
        ({'stack': 'go2_mujco'}, 'unknown, did you mean go2_mujoco?'),
    ],
)
def test_wrong_arguments_are_answered_as_on_the_command_line(start, arguments, message):
    status, output, _ = start({'one': (GOOD, {})}, **arguments)
    assert status == 1
    assert message in output
    assert 'process started' not in output
