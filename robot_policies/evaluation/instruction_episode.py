# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One episode: a robot in a world, told something, until it stands for good or time is up.

The policy is asked as the policy node asks it: every 200 ms, with a picture that is 40 ms old, its
answer taking effect 80 ms later through the same `PolicyExecutor`.
"""

from dataclasses import dataclass, field

import numpy as np
from robot_policies.core.action_buffer import ActionBuffer
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import Policy
from robot_policies.core.data_types import ActionChunk, Observation, PolicyStatus
from robot_policies.core.policy_executor import PolicyExecutor, STANDING
from robot_policies.core.robot import RobotSpec
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.evaluation.instruction_bodies import Body, Mishaps, TICK_NS
from robot_policies.sim.world import World

NS = 1_000_000_000
_ASK_TICKS = 10
_PICTURE_TICKS = 2
_ANSWER_TICKS = 4
_SETTLE_S = 2.0
_BLEND_NS = 200_000_000
_HORIZON_NS = 5 * NS
_STOOD_S = 1.0
_STILL_M_S = 0.1


@dataclass(frozen=True, eq=False)
class Episode:
    """What happened.

    Attributes:
        status: Last status of the policy.
        message: Its last words.
        time_s: From the instruction until the robot stood for good, or all the time it had.
        stands: True if it stood for a second at the end.
        path: (n, 3) true x, y, heading every 100 ms, from the instruction on.
        mishaps: Falls, collisions.
        statuses: Every status there was, in order, without repetitions.
        stops: How often a supervisor stopped the robot, where there is one.
    """

    status: PolicyStatus
    message: str
    time_s: float
    stands: bool
    path: FloatArray
    mishaps: Mishaps
    statuses: tuple[PolicyStatus, ...]
    stops: int = 0


@dataclass
class _Answers:
    """The answers so far, and the one that is still on its way."""

    waiting: tuple[int, ActionChunk] | None = None
    status: PolicyStatus = PolicyStatus.IDLE
    message: str = ''
    statuses: list[PolicyStatus] = field(default_factory=list)

    def take(self, executor: PolicyExecutor, now_ns: int) -> None:
        if self.waiting is None or self.waiting[0] > now_ns:
            return
        chunk, self.waiting = self.waiting[1], None
        executor.answer(chunk, executor.generation, now_ns)
        self.status, self.message = chunk.status, chunk.message
        if not self.statuses or self.statuses[-1] != chunk.status:
            self.statuses.append(chunk.status)


def run_episode(
    robot: RobotSpec,
    body: Body,
    policy: Policy,
    world: World,
    instruction: str,
    *,
    camera: str,
    limit_s: float,
    seed: int = 0,
) -> Episode:
    """Let the robot stand up, tell it something, and watch.

    Args:
        robot: The robot.
        body: It, in whatever form.
        policy: Is asked.
        world: Where.
        instruction: What it is told.
        camera: Name of the camera.
        limit_s: Time it has.
        seed: Of sensor noise.
    """
    body.enter(world, seed)
    policy.reset()
    executor = PolicyExecutor(
        ActionBuffer(3, _BLEND_NS, _HORIZON_NS), VelocityRamp(robot.body), NS
    )
    answers, path = _Answers(), [body.pose]
    start, still, limit = round(_SETTLE_S * NS / TICK_NS), 0, round(limit_s * NS / TICK_NS)
    picture = None
    tick = 0
    for tick in range(start + limit):
        now_ns = tick * TICK_NS
        if tick == start:
            executor.instruct(instruction)
        phase = (tick - start) % _ASK_TICKS
        if tick >= start:
            if phase == _ASK_TICKS - _PICTURE_TICKS:
                picture = body.image(now_ns)
            if phase == 0 and picture is not None:
                observation = Observation(
                    stamp_ns=now_ns,
                    instruction=executor.instruction,
                    odometry=body.odometry(now_ns),
                    images={camera: picture},
                    scan=body.scan(now_ns),
                )
                due_ns = now_ns + _ANSWER_TICKS * TICK_NS
                answers.waiting = (due_ns, policy.infer(observation))
            answers.take(executor, now_ns)
            if phase % 5 == 0:
                path.append(body.pose)
        body.tick(executor.velocity(now_ns), now_ns)
        still = still + 1 if _stands(answers, path) else 0
        if still >= _STOOD_S * NS / TICK_NS or body.mishaps.falls or body.mishaps.collisions:
            break
    return Episode(
        status=answers.status,
        message=answers.message,
        time_s=(tick + 1 - start) * TICK_NS / NS,
        stands=still >= _STOOD_S * NS / TICK_NS,
        path=np.array(path),
        mishaps=body.mishaps,
        statuses=tuple(answers.statuses),
    )


def _stands(answers: _Answers, path: list[FloatArray]) -> bool:
    """True if the policy says that it is done and the robot hardly moves."""
    is_done = answers.status in STANDING and bool(answers.statuses)
    if not is_done or len(path) < 4:
        return False
    moved = np.hypot(*(path[-1][:2] - path[-4][:2]))
    return bool(moved < 0.3 * _STILL_M_S)
