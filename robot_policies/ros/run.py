# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The `main` of every node: start, spin, stop, with an exit status that says what happened."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
import gc
import os
import sys
import time
from typing import Any

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.impl.implementation_singleton import rclpy_implementation as _rclpy
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.logging import get_logger
from rclpy.signals import SignalHandlerOptions
from rclpy.utilities import get_default_context
from robot_policies.core.errors import ConfigError
from robot_policies.ros import notify
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.priority import SWITCH_S
from robot_policies.ros.stop_signals import stop_on_signals, StopWish
from robot_policies.ros.twins import NameWatch

_ROS_ERRORS = (_rclpy.RCLError, _rclpy.RCLInvalidROSArgsError, _rclpy.UnknownROSArgsError)
"""What rclpy raises for a command line or a parameter file that it cannot read."""
THREAD_VARIABLES = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS')
"""Read when a plugin's library is loaded. A small network gains nothing from a second thread, and
its spinning takes a core from the control loops; who knows better sets them."""
EXIT_OK = 0
EXIT_FAILED = 1
EXIT_CONFIGURATION = 2
NAME_CHECK_S = 0.5
SPIN_S = 0.2
"""A signal is noticed at the latest after this time, even by an idle node."""


def run_node(node_class: type[ManagedNode], args: Sequence[str] | None = None) -> int:
    """Run a node until it is told to stop.

    Ctrl-C or SIGTERM, once or several times, shuts it down without a traceback.

    Args:
        node_class: The node.
        args: Command line; that of the process by default.

    Returns:
        The exit status: 0 stopped as asked; 2 wrong configuration, or the node runs already;
        1 any other failure.
    """
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, '1')
    sys.setswitchinterval(SWITCH_S)
    with stop_on_signals() as stop:
        try:
            _init(args)
            with _created(node_class) as node, _named(node) as name:
                status = _autostart(node, name)
                if status == EXIT_OK:
                    _spin(node, stop)
        except ConfigError as error:
            get_logger(node_class.default_name).fatal(str(error))
            notify.failed(str(error))
            status = EXIT_CONFIGURATION
        finally:
            context = get_default_context()
            if context.ok():
                context.shutdown()
    return status


def _init(args: Sequence[str] | None) -> None:
    given = None if args is None else list(args)
    try:
        rclpy.init(args=given, signal_handler_options=SignalHandlerOptions.NO)
    except _ROS_ERRORS as error:
        raise ConfigError('command line', [str(error)]) from error


def _calm_interpreter() -> None:
    # A control loop must not wait for a collection over everything that was imported.
    gc.collect()
    gc.freeze()


def _autostart(node: ManagedNode, name: NameWatch) -> int:
    if node.parameters.given('autostart', True) is False:
        notify.ready()  # to be configured by somebody else
        return EXIT_OK
    if not _succeeds(node, node.trigger_configure):
        return EXIT_CONFIGURATION if node.failed_by_user else EXIT_FAILED
    _calm_interpreter()
    # Configuring takes a while in which others are discovered.
    name.refuse_others()
    if not _succeeds(node, node.trigger_activate):
        return EXIT_CONFIGURATION if node.failed_by_user else EXIT_FAILED
    notify.ready()
    return EXIT_OK


def _succeeds(node: ManagedNode, transition: Callable[[], Any]) -> bool:
    if transition() == TransitionCallbackReturn.SUCCESS:
        return True
    # The reason has been logged; whoever started the process wants to know it too.
    notify.failed(node.failure)
    return False


def _spin(node: ManagedNode, stop: StopWish) -> None:
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        while not stop.told:
            executor.spin_once(timeout_sec=SPIN_S)
    except ExternalShutdownException:
        pass  # somebody shut the context down: the same as being told to stop
    finally:
        executor.shutdown(timeout_sec=0)


@contextmanager
def _created(node_class: type[ManagedNode]) -> Iterator[ManagedNode]:
    node = node_class()
    try:
        yield node
    finally:
        if node.context.ok():
            node.trigger_shutdown()
        # Let a last message leave before the participant does.
        time.sleep(0.02)
        node.destroy_node()


@contextmanager
def _named(node: ManagedNode) -> Iterator[NameWatch]:
    """Hold the node's name, and report if somebody else appears with it."""
    name = NameWatch(node)

    def watch() -> None:
        if name.others():
            words = f'another node is named {node.get_fully_qualified_name()}: stop one of them'
            if node.diagnostics.error('name', words):
                node.get_logger().error(words)
                node.diagnostics.publish()
        else:
            node.diagnostics.clear('name')

    node.create_timer(NAME_CHECK_S, watch)
    try:
        yield name
    finally:
        name.close()
