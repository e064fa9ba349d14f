# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped stack as a user starts it: it comes up, walks to what it is told, and ends.

One stack serves all tests of this file, in their order; the last one ends it.
"""

import json
import os
from pathlib import Path
import re
import signal
import socket
import urllib.request

import numpy as np
import psutil
import pytest
from robot_policies.core.trace_window import TraceWindow
from robot_policies.data.observation_replay import replay_observations
from robot_policies.data.trace_reader import read_spans
from robot_policies.resources import load_robot
from robot_policies.ros import topics
from running_stack import BALL, RunningStack

# Slower than real time, so that a busy machine keeps up and the test judges what is done, not
# how fast.
FACTOR = 0.5
DOMAIN = 60 + os.getpid() % 40


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    before = dict(os.environ)
    os.environ |= {'ROS_DOMAIN_ID': str(DOMAIN), 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST'}
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = (f'port:={port}', f'real_time_factor:={FACTOR}')
        running = RunningStack(tmp_path_factory.mktemp('stack'), *words)
        running.taken = port
        yield running
    running.close()
    os.environ.clear()
    os.environ.update(before)


def test_it_comes_up_with_the_page_at_the_next_port_if_its_own_is_taken(stack):
    stack.until(lambda: 'ready after' in stack.output, 240, 'being ready')
    (url,) = re.findall(r'ready after .*: (http://\S+)', stack.output)
    assert int(url.rsplit(':', 1)[1]) > stack.taken
    assert str(stack.taken) in stack.output, 'that the port was taken is not said'
    with urllib.request.urlopen(url, timeout=30) as page:
        assert page.status == 200


def test_the_robot_is_commanded_and_stands(stack):
    name = topics.JOINT_COMMAND.name
    stack.until(lambda: name in stack.latest, 60, 'a joint command')
    assert len(stack.latest[name].name) == 12
    stack.until(lambda: len(stack.latest[name].position), 60, 'a command with stiffness')


def test_it_walks_towards_what_it_is_told(stack):
    stack.until(lambda: topics.SIM_GROUND_TRUTH.name in stack.latest, 30, 'ground truth')
    far = np.linalg.norm(BALL - stack.position())
    stack.say('walk to the red ball')
    stack.until(
        lambda: np.linalg.norm(BALL - stack.position()) < far - 1.0, 180, 'a metre towards it'
    )


def test_what_it_does_not_understand_it_says_and_stands(stack):
    stack.say('sing a song about mathematics')
    name = topics.POLICY_STATUS.name
    stack.until(lambda: 'understand' in stack.latest[name].message, 60, 'the answer')


def test_it_ends_on_ctrl_c_with_a_run_that_can_be_read(stack):
    children = psutil.Process(stack.process.pid).children(recursive=True)
    assert len(children) >= 6
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(timeout=240) == 0, stack.output
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    (run,) = Path(stack.folder, 'runs').iterdir()
    summary = json.loads((run / 'summary.json').read_text())
    assert summary['instructions'][0]['text'] == 'walk to the red ball'
    assert (run / 'recording.mcap').stat().st_size > 100_000
    assert (run / 'overview.png').is_file()
    trace = TraceWindow()
    trace.add(read_spans(run / 'recording.mcap'))
    trace.finish()
    routes = {route.name: route for route in trace.routes()}
    assert routes['camera/front/image_raw'].reaction.count, trace.broken
    assert routes['joint_states'].reaction.count > 10, trace.broken
    seen = list(replay_observations(run / 'recording.mcap', load_robot('go2')))
    # a busy machine may lose a message on one of the two ways: that is told apart
    whole = [item for item in seen if not item.lost]
    assert whole, [item.lost for item in seen]
    assert all(item.is_same for item in whole)
