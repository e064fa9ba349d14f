# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Two nodes of one name."""

import threading
import time

from lifecycle_msgs.srv import GetState
import pytest
import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode
from robot_policies.core.errors import ConfigError
from robot_policies.ros.twins import NameWatch

pytestmark = pytest.mark.ros


@pytest.fixture
def make(ros_domain):
    """Create a node in a context of its own, as in a process of its own."""
    made, threads, stop = [], [], threading.Event()

    def make(node_class, name='walker', *, namespace='', spins=False):
        context = Context()
        rclpy.init(context=context, domain_id=ros_domain)
        node = node_class(name, context=context, namespace=namespace)
        made.append((node, context))
        if spins:
            executor = SingleThreadedExecutor(context=context)
            executor.add_node(node)

            def spin():
                while not stop.is_set():
                    executor.spin_once(timeout_sec=0.05)

            threads.append(threading.Thread(target=spin, daemon=True))
            threads[-1].start()
        return node

    yield make
    stop.set()
    for thread in threads:
        thread.join(10.0)
    for node, context in made:
        node.destroy_node()
        context.shutdown()


def test_a_name_is_taken_on_this_machine_at_once_and_given_back(make):
    first, second = make(rclpy.node.Node), make(rclpy.node.Node)
    watch = NameWatch(first)
    with pytest.raises(ConfigError, match='/walker: a node of this name is running already'):
        NameWatch(second)
    watch.close()
    NameWatch(second).close()


def test_names_in_other_namespaces_are_other_names(make):
    watches = [NameWatch(make(rclpy.node.Node, namespace=name)) for name in ('/a', '/b')]
    for watch in watches:
        watch.close()


def test_a_living_node_of_another_machine_is_refused(make, wait_for):
    # it holds no name here, as if it were far away
    make(LifecycleNode, spins=True)
    watch = NameWatch(make(LifecycleNode))
    wait_for(lambda: watch.others() == 1)
    with pytest.raises(ConfigError, match='is running already'):
        watch.refuse_others()
    watch.close()


def test_one_whose_service_is_discovered_late_is_refused_too(make, wait_for):
    twin = make(rclpy.node.Node, spins=True)
    watch = NameWatch(make(LifecycleNode))
    wait_for(lambda: watch.others() == 1)

    def answer(_request, response):
        return response

    late = threading.Timer(0.3, lambda: twin.create_service(GetState, '/walker/get_state', answer))
    late.start()
    with pytest.raises(ConfigError, match='is running already'):
        watch.refuse_others()
    late.join()
    watch.close()


def test_one_that_takes_its_time_to_answer_is_refused_too(make, wait_for):
    twin = make(rclpy.node.Node, spins=True)

    def answer(_request, response):
        time.sleep(0.3)
        return response

    twin.create_service(GetState, '/walker/get_state', answer)
    watch = NameWatch(make(LifecycleNode))
    wait_for(lambda: watch.others() == 1)
    with pytest.raises(ConfigError, match='is running already'):
        watch.refuse_others()
    watch.close()


def test_one_that_does_not_answer_is_a_ghost_and_not_reported_again(make, wait_for):
    make(LifecycleNode)  # seen, but never spun
    watch = NameWatch(make(LifecycleNode))
    wait_for(lambda: watch.others() == 1)
    watch.refuse_others()
    assert watch.others() == 0
    # but a further one is
    make(LifecycleNode)
    wait_for(lambda: watch.others() == 1)
    watch.close()
