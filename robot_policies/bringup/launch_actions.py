# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A stack as launch actions, for `ros2 launch`. The same data, checks and order as `up`."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from launch import LaunchContext, LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    EmitEvent,
    ExecuteProcess,
    LogInfo,
    OpaqueFunction,
    RegisterEventHandler,
)
from launch.event_handlers import OnProcessExit, OnShutdown
from launch.events import IncludeLaunchDescription, Shutdown
from launch_ros.actions import LifecycleNode, Node
from robot_policies.bringup.command import priority, python, write_parameters
from robot_policies.bringup.plan import NodePlan, parse_assignments
from robot_policies.bringup.prepare import prepare_stack, PreparedStack
from robot_policies.bringup.readiness import ReadinessSocket
from robot_policies.bringup.stack import Argument, load_stack
from robot_policies.resources import names

_AS_IN_STACK = '(as in the stack)'


def bringup_description(default_stack: str) -> LaunchDescription:
    """Return a launch description that starts the stack named by the argument `stack`.

    Args:
        default_stack: The stack if none is named.
    """
    stack = DeclareLaunchArgument(
        'stack', default_value=default_stack, description=f'One of {", ".join(names("stacks"))}.'
    )
    return LaunchDescription([stack, *_declared_arguments(), OpaqueFunction(function=_bring_up)])


def _declared_arguments() -> Iterable[DeclareLaunchArgument]:
    found: dict[str, Argument] = {}
    for name in names('stacks'):
        for argument in load_stack(name).arguments:
            found.setdefault(argument.name, argument)
    for argument in found.values():
        yield DeclareLaunchArgument(
            argument.name, default_value=_AS_IN_STACK, description=argument.doc
        )


def _bring_up(context: LaunchContext) -> list[Any]:
    typed = {
        name: value
        for name, value in context.launch_configurations.items()
        if name != 'stack' and value != _AS_IN_STACK
    }
    given = parse_assignments(f'{name}:={value}' for name, value in typed.items())
    notes: list[str] = []
    prepared = prepare_stack(context.launch_configurations['stack'], given, notes.append)
    return LaunchedStack(prepared, context).begin(notes)


class LaunchedStack:
    """Starts stage after stage as the nodes say that they are ready."""

    def __init__(self, prepared: PreparedStack, context: LaunchContext) -> None:
        """Prepare.

        Args:
            prepared: What to start.
            context: The launch that it is part of.
        """
        self._prepared = prepared
        self._context = context
        self._stages = prepared.plan.stages
        self._notices = ReadinessSocket()
        self._waiting: set[str] = set()
        self._failures: dict[str, str] = {}

    def begin(self, notes: list[str]) -> list[Any]:
        """Return the actions of the first stage, and what watches over all of them."""
        return [
            *(LogInfo(msg=note) for note in notes),
            RegisterEventHandler(OnShutdown(on_shutdown=self._on_shutdown)),
            LogInfo(msg=f'the run is in {self._prepared.run_dir}'),
            *self._next_stage(),
        ]

    def _next_stage(self) -> list[Any]:
        actions: list[Any] = []
        loop = self._context.asyncio_loop
        for node in self._stages.pop(0):
            if node.module:
                self._waiting.add(node.name)
            action = self._action(node)
            ended = partial(self._on_exit, node)
            actions += [
                RegisterEventHandler(OnProcessExit(target_action=action, on_exit=ended)),
                action,
            ]
        for receiver in self._notices.sockets:
            loop.add_reader(receiver, self._on_notices)
        return actions

    def _action(self, node: NodePlan) -> Any:  # noqa: ANN401
        address = self._notices.address_for(node.name)
        env = {**self._prepared.environment, **node.env, 'NOTIFY_SOCKET': address}
        if node.command:
            return ExecuteProcess(
                cmd=[*priority(node), *node.command],
                name=node.name,
                additional_env=env,
                output='both',
            )
        parameters = write_parameters(node, self._prepared.run_dir / 'parameters')
        common = {
            'name': node.name,
            'exec_name': node.name,
            'namespace': node.namespace,
            'parameters': [str(parameters)] if parameters else [],
            'remappings': list(node.remaps.items()),
            'additional_env': env,
            'prefix': ' '.join(priority(node)) or None,
            'output': 'both',
        }
        if node.package:
            executable = {'package': node.package, 'executable': node.executable}
            return Node(**executable, arguments=list(node.arguments), **common)
        words = ['-m', node.module, *node.arguments]
        return LifecycleNode(executable=python(), arguments=words, **common)

    def _on_notices(self) -> None:
        for notice in self._notices.wait(0.0):
            if notice.key == 'READY':
                self._on_ready(notice.name)
            elif notice.key == 'X_PAGE':
                self._emit(LogInfo(msg=f'page: {notice.value}'))
            elif notice.key == 'X_FAILED':
                self._failures[notice.name] = notice.value

    def _on_ready(self, name: str) -> None:
        self._waiting.discard(name)
        if self._waiting:
            return
        if self._stages:
            self._emit(*self._next_stage())
            return
        self._emit(LogInfo(msg='ready'))
        duration_s = float(str(self._prepared.plan.arguments['duration']))
        if duration_s:
            end = _shut_down(f'{duration_s:g} s are over')
            self._context.asyncio_loop.call_later(duration_s, partial(self._emit, *end))

    def _on_exit(self, node: NodePlan, _event: Any, context: LaunchContext) -> Any:  # noqa: ANN401
        if context.is_shutdown or not (node.required or node.name in self._waiting):
            return None
        return _shut_down(f'{node.name}: {self._failures.get(node.name, "ended")}')

    def _on_shutdown(self, _event: Any, _context: LaunchContext) -> None:  # noqa: ANN401
        for receiver in self._notices.sockets:
            self._context.asyncio_loop.remove_reader(receiver)
        self._notices.close()

    def _emit(self, *actions: Any) -> None:  # noqa: ANN401
        """Have actions executed from outside of an event handler."""
        description = LaunchDescription(list(actions))
        self._context.emit_event_sync(IncludeLaunchDescription(description))


def _shut_down(reason: str) -> list[Any]:
    # launch itself keeps the reason to its debug log
    return [LogInfo(msg=reason), EmitEvent(event=Shutdown(reason=reason))]
