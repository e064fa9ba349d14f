# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The base of every node: a lifecycle node that cleans up after itself and says what is wrong.

A subclass fills `_setup`, `_start`, `_stop` and `_teardown`, none of which handles errors: an
exception in a transition, which rclpy would swallow, is logged in one line (with its traceback
where it is no user's mistake), everything that was created is destroyed, and the node stays
where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
import traceback
from typing import Any, ClassVar, TypeVar

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.resources import load_robot
from robot_policies.ros.clock_thread import take_over_clock
from robot_policies.ros.diagnostics import NodeDiagnostics
from robot_policies.ros.inputs import LatestInput
from robot_policies.ros.loops import ControlLoop
from robot_policies.ros.parameters import NodeParameters
from robot_policies.ros.real_time import (
    ANSWERS,
    HIGHEST,
    is_granted,
    keep_the_interpreter_moving,
    middleware_in_real_time,
)
from robot_policies.ros.topics import Service, Topic

ValueT = TypeVar('ValueT')


@dataclass(frozen=True, kw_only=True)
class NodeConfig:
    """What every node can be told."""

    robot: str = param('go2', doc='Shipped robot, or path of a YAML.')
    autostart: bool = param(True, doc='Configure and activate by itself.')
    real_time_priority: int = param(
        0,
        doc='SCHED_RR priority of control loops and middleware, where granted; 0 for none.',
        low=0,
        high=HIGHEST,
    )


class ManagedNode(LifecycleNode):
    """A lifecycle node whose resources are owned by a list.

    Attributes:
        default_name: Node name, unless it is remapped.
        config_class: Declared as parameters when the node configures.
        config: The configuration, from `_setup` on.
        robot: The robot, from `_setup` on.
        diagnostics: What the node reports of itself at 1 Hz, from its construction on.
        failure: Why the last transition failed; empty if it did not.
    """

    default_name: ClassVar[str] = 'node'
    config_class: ClassVar[type[NodeConfig]] = NodeConfig
    config: Any
    robot: RobotSpec

    def __init__(self, node_name: str = '', **options: Any) -> None:  # noqa: ANN401
        """Create the node, unconfigured.

        Args:
            node_name: Instead of `default_name`.
            options: Further arguments of `rclpy.node.Node`, e.g. `parameter_overrides`.
        """
        super().__init__(
            node_name or self.default_name,
            automatically_declare_parameters_from_overrides=True,
            **options,
        )
        self._clock_thread = take_over_clock(self)
        self.parameters = NodeParameters(self)
        self.diagnostics = NodeDiagnostics(self)
        self.failure = ''
        self.failed_by_user = False
        self._owned: list[Callable[[], Any]] = []
        self._loops: list[ControlLoop] = []
        self._active = False

    def _setup(self) -> None:
        """Create everything that is needed; `config` and `robot` are there."""

    def _start(self) -> None:
        """Begin to act; the loops start after it."""

    def _stop(self) -> None:
        """Cease to act; the loops have stopped before it."""

    def _teardown(self) -> None:
        """Let go of what `own` does not know."""

    @property
    def is_running(self) -> bool:
        """True while the node is active."""
        return self._active

    @property
    def in_real_time(self) -> bool:
        """True if its loops go before everything else: it is told so, and the system grants it."""
        return bool(self.config.real_time_priority) and is_granted()

    def now_ns(self) -> int:
        """Return the node's ROS time: that of the stamps."""
        return int(self.get_clock().now().nanoseconds)

    def own(self, close: Callable[[], Any]) -> None:
        """Call `close` when the node is cleaned up; the last owned comes first."""
        self._owned.append(close)

    def publisher(self, topic: Topic) -> Any:  # noqa: ANN401
        """Return a publisher on `topic`, owned by the node."""
        made = self.create_publisher(topic.type, topic.name, topic.qos)
        self.own(lambda: self.destroy_publisher(made))
        return made

    def latest(
        self, topic: Topic, decode: Callable[[Any], ValueT], name: str = ''
    ) -> LatestInput[ValueT]:
        """Return an input that is read at the tick of a loop, see `ros.inputs`."""
        made = LatestInput(self, topic, decode, name=name)
        self.diagnostics.watch_slot(made.slot)
        self.own(lambda: self.destroy_subscription(made.subscription))
        return made

    def listen(self, topic: Topic, callback: Callable[[Any], None]) -> None:
        """Call `callback` for every message: for what comes on change, not for streams."""
        guarded = self.guarded(callback, topic.name)
        made = self.create_subscription(topic.type, topic.name, guarded, topic.qos)
        self.own(lambda: self.destroy_subscription(made))

    def serve(self, service: Service, callback: Callable[[Any, Any], Any]) -> None:
        """Offer a service, owned by the node."""
        made = self.create_service(service.type, service.name, callback)
        self.own(lambda: self.destroy_service(made))

    def every(self, rate_hz: float, step: Callable[[], None], name: str) -> ControlLoop:
        """Call `step` at `rate_hz` in a thread of its own while the node is active."""
        simulated = self.get_parameter('use_sim_time').value
        clock = self.get_clock() if simulated else None
        priority = self.config.real_time_priority
        news = self._clock_thread.news if self._clock_thread is not None else None
        loop = ControlLoop(name, rate_hz, self.guarded(step, name), clock, priority, news)
        self._loops.append(loop)
        self.own(lambda: self._loops.remove(loop))
        self.diagnostics.watch_loop(name, loop.monitor)
        return loop

    def slowly(self, period_s: float, callback: Callable[[], None], name: str) -> None:
        """Call `callback` every `period_s` from the executor, whatever the node's state."""
        made = self.create_timer(period_s, self.guarded(callback, name))
        self.own(lambda: self.destroy_timer(made))

    def guarded(self, call: Callable[..., None], name: str) -> Callable[..., None]:
        """Return `call` with its exceptions reported instead of ending the process.

        What fails publishes nothing, and whoever listens reacts to the silence as defined. The
        log says it once, `/diagnostics` as long as it lasts.
        """

        def guard(*arguments: Any) -> None:  # noqa: ANN401
            try:
                call(*arguments)
            except Exception as error:  # noqa: BLE001 - one bad message must not end a control loop
                if self.diagnostics.error(name, f'{name} failed: {error!r}'):
                    self.get_logger().error(f'{name} failed:\n{traceback.format_exc()}')
            else:
                self.diagnostics.clear(name)

        return guard

    def destroy_node(self) -> None:
        """Destroy the node, and the state machine, which rclpy leaves holding it.

        What still holds the node when the process ends keeps the middleware's threads running
        into a library that is being taken down: now and then it crashes.
        """
        if self._clock_thread is not None:
            self._clock_thread.close()
        super().destroy_node()  # type: ignore[no-untyped-call]
        self._state_machine.destroy_when_not_in_use()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Declare the parameters, read the robot, and set up."""
        return self._transition('configure', self._configure, self._release)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start, and start the loops."""
        super().on_activate(state)
        return self._transition('activate', self._activate, self._halt)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop the loops, and stop."""
        super().on_deactivate(state)
        return self._transition('deactivate', self._halt, self._stop_loops)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Destroy what `_setup` created."""
        return self._transition('clean up', self._release, lambda: None)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop whatever runs and destroy everything."""
        return self._transition('shut down', self._halt_and_release, lambda: None)

    def _configure(self) -> None:
        self.config = self.parameters.declare(self.config_class)
        self.robot = load_robot(self.config.robot)
        self._setup()
        self.parameters.refuse_unknown()

    def _activate(self) -> None:
        self._active = True
        self._start()
        for loop in self._loops:
            loop.start()
        if self.in_real_time:
            middleware_in_real_time(self.config.real_time_priority)
            if self._clock_thread is not None:
                self._clock_thread.come_first(self.config.real_time_priority)
            # the executor's thread: it answers and reports
            keep_the_interpreter_moving(min(ANSWERS, self.config.real_time_priority))
        elif self.config.real_time_priority:
            words = 'no right to run in real time; `robot-policies doctor` says how to get it'
            self.get_logger().info(words)

    def _stop_loops(self) -> None:
        for loop in self._loops:
            loop.stop()

    def _halt(self) -> None:
        self._stop_loops()
        if self._active:
            self._active = False
            self._stop()

    def _release(self) -> None:
        self._teardown()
        while self._owned:
            self._owned.pop()()
        self.parameters.release()
        self.diagnostics.forget()

    def _halt_and_release(self) -> None:
        self._halt()
        self._release()

    def _transition(
        self, name: str, act: Callable[[], None], undo: Callable[[], None]
    ) -> TransitionCallbackReturn:
        self.failure = ''
        try:
            act()
        except Exception as error:  # noqa: BLE001 - rclpy would swallow it without a word
            self.failed_by_user = isinstance(error, RobotPoliciesError)
            self.failure = str(error) if self.failed_by_user else repr(error)
            self.get_logger().error(f'cannot {name}: {self.failure}')
            if not self.failed_by_user:
                self.get_logger().error(traceback.format_exc())
            try:
                undo()
            except Exception:  # noqa: BLE001 - the first error is the one that matters
                self.get_logger().error(f'undoing failed too:\n{traceback.format_exc()}')
            self.diagnostics.error(name, self.failure)
            return TransitionCallbackReturn.FAILURE
        self.diagnostics.clear(name)
        return TransitionCallbackReturn.SUCCESS
