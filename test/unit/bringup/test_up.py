# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies up` with nodes that are small programs: real processes, signals and files."""

import os
from pathlib import Path
import signal
import subprocess
import sys
import time

import psutil
import pytest
from robot_policies.bringup.command import lowest_nice
from robot_policies.bringup.session import GROUP, nice_of_session
import yaml

NODE = """
import os, signal, subprocess, sys, time
from robot_policies.ros import notify
def end(*_):
    print('asked to end', flush=True)
    sys.exit(0)
"""
GOOD = (
    NODE
    + """
signal.signal(signal.SIGINT, end)
print('params', open(sys.argv[sys.argv.index('--params-file') + 1]).read(), flush=True)
notify.page('http://localhost:8123')
notify.ready()
while True: time.sleep(0.05)
"""
)
STUBBORN = (
    NODE
    + """
for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, signal.SIG_IGN)
subprocess.Popen(['sleep', '12345'])
notify.ready()
while True: time.sleep(0.05)
"""
)
REFUSES = NODE + "notify.failed('radius_m: -1 is outside [0, 2] m'); sys.exit(2)"
CRASHES = NODE + "raise RuntimeError('no such luck')"
FADES = NODE + "notify.ready(); print('so long'); sys.exit(3)"
SLOW = NODE + 'time.sleep(1000)'


@pytest.fixture
def up(tmp_path, monkeypatch):
    """Return `up({name: program}, *words)`, which starts a stack of these programs."""
    started = []

    def start(nodes, *words, **keys):
        entries = []
        for name, program in nodes.items():
            (tmp_path / f'fake_{name}.py').write_text(program)
            parameters = {'run_dir': '$(run_dir)', 'number': 3}
            node = {'name': name, 'module': f'fake_{name}', 'parameters': parameters}
            entries.append({**node, **keys.get(name, keys.get('all_nodes', {}))})
        stack = {'description': 'fakes', 'nodes': entries}
        (tmp_path / 'fake.yaml').write_text(yaml.safe_dump(stack))
        command = [sys.executable, '-m', 'robot_policies.cli', 'up', 'fake.yaml', *words]
        path = os.pathsep.join([str(tmp_path), os.environ.get('PYTHONPATH', ''), os.getcwd()])
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            # each test its own domain, so that they may run side by side
            env={**os.environ, 'PYTHONPATH': path, 'ROS_DOMAIN_ID': str(os.getpid() % 233)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process, word):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return ''.join(lines)
    raise AssertionError(f'{word!r} never came:\n{"".join(lines)}')


def children_of(process):
    return psutil.Process(process.pid).children(recursive=True)


def test_a_stack_says_when_it_is_ready_and_ends_on_ctrl_c(up, tmp_path):
    process = up({'one': GOOD, 'two': GOOD})
    assert 'http://localhost:8123' in read_until(process, 'ready after')
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    (run,) = (tmp_path / 'runs').iterdir()
    log = (run / 'logs' / 'one.log').read_text()
    assert 'asked to end' in log
    assert f'run_dir: {run}' in log
    assert 'number: 3' in log


def test_a_stack_with_urgent_nodes_comes_before_other_sessions_while_it_runs(up):
    before = nice_of_session(GROUP)
    if before is None or lowest_nice() > -5:
        pytest.skip('this machine weighs no sessions, or gives no right to come first')
    process = up({'one': GOOD}, one={'nice': -5})
    read_until(process, 'ready after')
    assert nice_of_session(Path(f'/proc/{process.pid}/autogroup')) == -5
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert nice_of_session(GROUP) == before


def test_it_ends_by_itself_after_the_duration(up):
    process = up({'one': GOOD}, 'duration:=0.5')
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_stage_starts_only_when_the_one_before_is_ready(up, tmp_path):
    late = NODE + 'time.sleep(1.0); print(time.time(), flush=True); notify.ready(); time.sleep(99)'
    soon = NODE + 'print(time.time(), flush=True); notify.ready(); time.sleep(99)'
    process = up({'one': soon, 'two': late}, one={'stage': 2})
    read_until(process, 'ready after')
    (run,) = (tmp_path / 'runs').iterdir()
    one, two = (float((run / 'logs' / f'{name}.log').read_text()) for name in ('one', 'two'))
    assert one > two


def test_ctrl_c_while_nodes_still_start_ends_everything(up):
    process = up({'one': SLOW})
    read_until(process, 'starting')
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_second_ctrl_c_ends_what_does_not_listen_with_all_it_started(up, wait_for):
    process = up({'one': STUBBORN})
    read_until(process, 'ready after')
    wait_for(lambda: len(children_of(process)) == 2)
    children = children_of(process)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    read_until(process, 'ending')
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert time.monotonic() - begun < 29.0  # without it the patience is 30 s
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


def test_the_nodes_die_with_their_starter_even_if_it_is_killed(up):
    process = up({'one': GOOD, 'two': SLOW})
    read_until(process, 'starting')
    while len(children_of(process)) < 2:
        time.sleep(0.01)
    children = children_of(process)
    process.kill()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


def test_a_node_that_refuses_its_input_ends_the_stack_with_its_own_words(up):
    process = up({'one': GOOD, 'two': REFUSES})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert 'two cannot start: radius_m: -1 is outside [0, 2] m' in output


def test_a_node_that_crashes_at_start_ends_the_stack_with_its_last_lines(up):
    process = up({'one': GOOD, 'two': CRASHES})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert 'two ended before it was ready (status 1)' in output
    assert 'RuntimeError: no such luck' in output


def test_a_node_that_ends_later_is_reported_and_the_others_go_on(up):
    process = up({'one': GOOD, 'two': FADES})
    read_until(process, 'so long')
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 1


def test_without_a_required_node_the_stack_ends(up):
    process = up({'one': GOOD, 'two': FADES}, all_nodes={'required': True})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert 'two ended (status 3)' in output


def test_what_does_its_work_once_may_end(up):
    process = up({'one': GOOD, 'two': NODE + 'notify.ready()'}, 'duration:=3', two={'once': True})
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert 'two ended' not in output


def test_a_second_stack_in_the_domain_is_refused_and_the_first_runs_on(up):
    first = up({'one': GOOD})
    read_until(first, 'ready after')
    second = up({'one': GOOD})
    output, _ = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f'a stack runs here already (process {first.pid})' in output
    third = up({'one': GOOD}, 'namespace:=b', 'duration:=0.1')
    third.communicate(timeout=60)
    assert third.returncode == 0
    assert first.poll() is None


def test_where_runs_cannot_be_written_nothing_starts(up, tmp_path):
    (tmp_path / 'runs').write_text('a file is in the way')
    process = up({'one': GOOD})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert 'runs' in output
    assert 'cannot be written' in output
    assert 'starting' not in output
    assert 'Traceback' not in output


@pytest.mark.parametrize(
    ('words', 'message'),
    [
        (['nubmer:=1'], 'argument nubmer is unknown'),
        (['three.number:=1'], 'node three is unknown'),
        (['duration:=soon'], 'expected float'),
        (['duration'], 'is not key:=value'),
    ],
)
def test_wrong_words_end_with_one_message_and_start_nothing(up, tmp_path, words, message):
    process = up({'one': GOOD}, *words)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert message in output
    assert len(output.splitlines()) == 1
    assert not (tmp_path / 'runs').exists()


def test_a_module_that_is_not_there_is_named(up):
    process = up({'one': GOOD}, one={'module': 'fake_two'})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert 'node one: there is no module fake_two' in output
