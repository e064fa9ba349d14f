# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The dashboard without a browser, and what is published for rviz2."""

import asyncio
import re
import socket
import urllib.request

from dashboard_fakes import FakeRobot
import numpy as np
import pytest
from rclpy.node import Node
from robot_policies.core.drive import Pulse
from robot_policies.dashboard.dashboard_node import DashboardNode
from robot_policies.dashboard.markers_node import MarkersNode
from robot_policies.ros import topics
import viser
from visualization_msgs.msg import Marker
import websockets

pytestmark = pytest.mark.ros


@pytest.fixture
def robot(rig):
    fake = FakeRobot(context=rig.context)
    rig._executor.add_node(fake)
    yield fake
    rig._executor.remove_node(fake)


def test_the_page_is_served_on_this_machine_only(rig):
    node = rig.active(DashboardNode, port=0)
    with urllib.request.urlopen(node.url, timeout=10) as answer:
        assert b'<html' in answer.read()[:2000].lower()
    port = int(node.url.rpartition(':')[2])
    with socket.create_server(('127.0.0.2', port)):
        pass  # listening on all addresses would not leave this one free


def test_a_taken_port_makes_way_for_the_next_and_the_node_says_which(rig):
    first = rig.active(DashboardNode, port=0)
    port = int(first.url.rpartition(':')[2])
    second = rig.node(DashboardNode, port=port)
    second.trigger_configure()
    assert second.url != first.url
    assert int(second.url.rpartition(':')[2]) > port


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'host': '192.0.2.1'}, 'cannot listen on 192.0.2.1'),
        ({'port': 70000}, 'outside'),
        ({'robot': 'go3'}, 'did you mean go2'),
        ({'prot': 8080}, 'did you mean port'),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(rig, parameters, words):
    assert words in rig.refusal(DashboardNode, **parameters)


def test_the_port_is_free_again_after_a_cleanup(rig):
    node = rig.active(DashboardNode, port=0)
    port = int(node.url.rpartition(':')[2])
    node.trigger_deactivate()
    node.trigger_cleanup()
    with socket.create_server(('127.0.0.1', port)):
        pass


def test_nothing_is_published_that_nobody_asked_for(rig, robot, wait_for):
    node = rig.active(DashboardNode, port=0)
    loop = node._loops[0].monitor
    wait_for(lambda: loop.ticks > 5)
    assert all(not messages for messages in robot.heard.values())


def test_driving_stops_when_the_node_is_deactivated(rig, robot, wait_for):
    node = rig.active(DashboardNode, port=0)
    heard = robot.heard['teleop/cmd_vel']

    def hold():
        node._desk.drive(1, Pulse(1.0, 0.0, 0.0), 1.0)
        return len(heard) > 3

    wait_for(hold)
    node.trigger_deactivate()
    count = len(heard)
    node._desk.drive(1, Pulse(1.0, 0.0, 0.0), 1.0)
    robot.say_status()
    wait_for(lambda: node._feed.safety is not None)
    assert len(heard) <= count + 1  # one may have been on its way


def test_a_browser_that_reads_nothing_delays_nobody(rig, robot, wait_for):
    node = rig.active(DashboardNode, port=0)
    address = node.url.replace('http', 'ws')
    protocol = [f'viser-v{viser.__version__}']

    async def deaf():
        async with websockets.connect(address, subprotocols=protocol, max_queue=1):
            loop = node._loops[0].monitor
            before = loop.ticks
            for _ in range(1000):
                await asyncio.sleep(0.01)
                if loop.ticks > before + 10:
                    return
            raise AssertionError('the page has stopped being drawn')

    asyncio.run(deaf())
    node._desk.stop()
    wait_for(lambda: robot.heard['safety/estop'], what='the e-stop')


def test_reports_of_another_robot_are_not_shown(rig, robot, wait_for):
    node = rig.active(DashboardNode, port=0)
    wait_for(lambda: '/safety' in node._feed.health)
    assert '/dog2/policy' not in node._feed.health


def test_markers_show_chunk_zones_and_words(rig, robot, wait_for):
    safety = Node('safety', context=rig.context)
    safety.declare_parameter('distance.stop_m', 0.2)
    safety.declare_parameter('distance.slow_m', 0.5)
    rig._executor.add_node(safety)
    heard = rig.hear(topics.MARKERS)
    rig.active(MarkersNode)

    def complete():
        return heard and {m.ns for m in heard[-1].markers} >= {'chunk', 'stop', 'slow', 'policy'}

    wait_for(complete, 20.0, 'all markers')
    wait_for(lambda: heard[-1].markers[0].points, 20.0, 'the path')
    found = {marker.ns: marker for marker in heard[-1].markers}
    assert found['chunk'].header.frame_id == 'odom'
    assert len(found['chunk'].points) == 17
    assert found['stop'].header.frame_id == 'base'
    farthest = max(point.x for point in found['slow'].points)
    assert farthest == pytest.approx(rig.robot.body.footprint_front_m + 0.5, abs=1e-6)
    assert found['policy'].text == 'walking to the red ball'


def test_a_path_that_has_become_old_is_removed(rig, robot, wait_for):
    heard = rig.hear(topics.MARKERS)
    rig.active(MarkersNode)
    wait_for(lambda: heard and heard[-1].markers[0].points, 20.0, 'the path')
    robot.silent.add('policy/chunk')
    wait_for(lambda: heard[-1].markers[0].action == Marker.DELETE, 20.0, 'the removal')


def test_the_description_names_meshes_that_are_there_and_reaches_who_comes_late(rig, wait_for):
    rig.active(MarkersNode)
    heard = rig.hear(topics.ROBOT_DESCRIPTION)
    wait_for(lambda: heard, what='the description')
    files = re.findall(r'file://([^"]+)', heard[0].data)
    assert files
    assert 'package://' not in heard[0].data
    for path in files:
        with open(path, 'rb') as mesh:
            assert mesh.read(4)
    assert np.all([name in heard[0].data for name in rig.robot.joint_names])
