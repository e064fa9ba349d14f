# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How old a joint command is when it reaches the robot, against the least that rclpy can do.

A standing robot publishes joint states at 200 Hz. Three ways lead to `joint_command`, each through
two processes, in turns:

- `stack`: the locomotion node and the safety node.
- `echo`: two bare rclpy relays of the same message; the first on a 50 Hz timer as locomotion, the
  second on arrival.
- `echo_on_arrival`: the same with both on arrival. No 50 Hz controller can be so; it shows what
  the wait for the tick is.

The age is counted from the stamp of a joint state to the arrival of the first command that rests
on it. The rates of controller and relay are detuned by half a percent, so that the phase between
the clocks wanders through all it can be instead of staying where the start happened to put it. All
processes but the robot have the DDS profile of control loops, as in a stack.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from robot_policies.evaluation.bench import locomotion_inference, supervisor_tick
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.evaluation.bench.processes import (
    ask,
    BenchError,
    environment,
    of_control,
    running,
)

ROUNDS, QUICK_ROUNDS = 5, 1
SECONDS, QUICK_SECONDS = 12.0, 4.0
RATE_HZ = 49.75
_RELAY = 'robot_policies.ros.probes.relay'
STACK = (
    (
        'robot_policies.nodes.locomotion_node',
        '--ros-args',
        '-p',
        f'controller.checkpoint:={locomotion_inference.CHECKPOINT}',
        '-p',
        f'control_hz:={RATE_HZ}',
    ),
    ('robot_policies.nodes.safety_node',),
)
_SECOND_RELAY = (_RELAY, 'locomotion/command', 'joint_command')
_FIRST_RELAY = (_RELAY, 'joint_states', 'locomotion/command', '--sensor')
WAYS: dict[str, Sequence[Sequence[str]]] = {
    'stack': STACK,
    'echo': ((*_FIRST_RELAY, '--rate', str(RATE_HZ)), _SECOND_RELAY),
    'echo_on_arrival': (_FIRST_RELAY, _SECOND_RELAY),
}


def measure(quick: bool) -> dict[str, Any]:
    """Return the ages of the three ways and their ratios."""
    compute_ms = sum(
        part.measure(True)['p50_ms'] for part in (locomotion_inference, supervisor_tick)
    )
    ages: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for way, commands in WAYS.items():
            ages[way] += ages_ms(commands, QUICK_SECONDS if quick else SECONDS)
    missing = [way for way, values in ages.items() if not values]
    if missing:
        raise BenchError(f'no joint command arrived through {", ".join(missing)}')
    numbers: dict[str, Any] = {way: distribution(values, 'ms') for way, values in ages.items()}
    own_ms = np.array(ages['stack']) - compute_ms
    numbers['compute_p50_ms'] = compute_ms
    numbers['stack_without_compute'] = distribution(own_ms, 'ms')
    for name in ('p50_ms', 'p99_ms'):
        ratio = numbers['stack_without_compute'][name] / numbers['echo'][name]
        numbers[f'ratio_{name.removesuffix("_ms")}'] = aim(ratio, 2.0)
    return numbers


def ages_ms(commands: Sequence[Sequence[str]], seconds: float) -> list[float]:
    """Return the ages of joint commands at a standing robot, ms.

    Args:
        commands: Module and arguments of each process between joint state and joint command.
        seconds: How long to listen.
    """
    env = environment()
    robot = ('robot_policies.ros.probes.standing_robot', '--seconds', str(seconds))
    with running(commands, of_control(env)):
        answer = ask((*robot, '--settle', '6'), env, seconds + 60.0)
    ages: list[float] = answer['ages_ms']
    return ages


MEASUREMENT = Measurement(
    'command_age',
    'age of a joint command through locomotion and safety, against a bare echo',
    measure,
)
