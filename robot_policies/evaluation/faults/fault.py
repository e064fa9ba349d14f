# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a row of the fault table is to `robot-policies faults`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robot_policies.core.errors import RobotPoliciesError

if TYPE_CHECKING:
    from robot_policies.evaluation.faults.rig import Rig


class RigError(RobotPoliciesError):
    """The stack did not get into the state in which a fault could be injected."""


class NotHeldError(RobotPoliciesError):
    """The reaction did not come, or was another one."""


@dataclass(frozen=True)
class Setting:
    """Which stack a fault is injected into.

    Attributes:
        name: For people.
        nodes: Nodes of the stack `go2_mujoco` that run.
        policy: Checkpoint or class of the policy; empty: the probe steers in its place.
        instructions: Given in turns, to a robot with a policy.
        world: Where the robot is.
        camera: The robot has its camera; without one the cores are left to the rest.
        novelty: Checkpoint by which the camera's images are judged; empty: they are not.
        simulated_time: The simulator is the source of time.
    """

    name: str
    nodes: tuple[str, ...]
    policy: str = ''
    instructions: tuple[str, ...] = ()
    world: str = 'empty'
    camera: bool = False
    novelty: str = ''
    simulated_time: bool = False


_WALKING = ('safety', 'locomotion', 'sim')
STEERED = Setting('steered', _WALKING)
INSTRUCTED = Setting(
    'instructed',
    ('policy', *_WALKING),
    policy='go2_instruction',
    instructions=('walk to the red ball', 'walk to the blue box', 'walk to the green cylinder'),
    world='arena',
    camera=True,
)
SCRIPTED = Setting(
    'scripted',
    ('policy', *_WALKING),
    policy='robot_policies.evaluation.faults.policies:ScriptedPolicy',
    instructions=('walk', 'go on'),
)
WATCHED = Setting(
    'watched',
    ('encoder_novelty', *_WALKING),
    world='arena',
    camera=True,
    novelty='go2_camera_novelty',
)
SIMULATED = Setting('simulated time', _WALKING, simulated_time=True)
ALONE = Setting('alone', ())
"""No stack: the row starts what it needs."""


@dataclass(frozen=True)
class Outcome:
    """What one run gave.

    Attributes:
        ms: Time of the reaction; None where there is none to take.
        injected: Faults or messages injected.
        violations: In words, what should not have happened.
        note: Something to say beside it.
    """

    ms: float | None = None
    injected: int = 1
    violations: tuple[str, ...] = ()
    note: str = ''


@dataclass(frozen=True)
class Case:
    """One way to bring a fault about.

    Attributes:
        name: In a few words.
        run: Injects it into a walking robot, waits for the reaction, and returns what it gave;
            raises `NotHeldError` where the reaction does not come. The rig mends afterwards.
        bound_ms: Largest time of the reaction; None takes the fault's.
        once: One run says all, e.g. because it is a count over a second of overload.
        setting: Which stack; None takes the fault's.
        short: Belongs to the short form that the tests run.
        bears_standstill: What is judged holds also where the machine stands still meanwhile, so
            that the run is not made again because of that.
    """

    name: str
    run: Callable[[Rig], Outcome]
    bound_ms: float | None = None
    once: bool = False
    setting: Setting | None = None
    short: bool = True
    bears_standstill: bool = False


@dataclass(frozen=True)
class Fault:
    """A row of the table.

    Attributes:
        id: E.g. `F1`.
        fault: What happens, in words.
        reaction: What is answered, in words.
        bound: The bound in words, as in the contract.
        measured: From what to what the time is taken.
        bound_ms: The bound in numbers; None where it is a count.
        setting: Which stack.
        cases: Ways to bring it about; none means that the part is not built yet.
        needs: Why it cannot be injected on this machine; empty if it can.
    """

    id: str
    fault: str
    reaction: str
    bound: str
    measured: str = ''
    bound_ms: float | None = None
    setting: Setting = STEERED
    cases: tuple[Case, ...] = ()
    needs: Callable[[], str] = lambda: ''
