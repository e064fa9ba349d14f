# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Observations of a robot that stands still and sees nothing.

They warm up a plugin and show, before it is in charge, whether it answers as it should. They are
never acted on.
"""

import math

import numpy as np
from robot_policies.core.committed_prefix import CommittedPrefix, soft_mask
from robot_policies.core.contracts import (
    ChunkScheduler,
    Encoder,
    LocomotionController,
    Policy,
    PrefixPolicy,
)
from robot_policies.core.data_types import (
    ActionChunk,
    Features,
    Image,
    Imu,
    JointCommand,
    JointState,
    LocomotionObservation,
    Observation,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.core.errors import PluginError
from robot_policies.core.robot import CameraSpec, RobotSpec

UPRIGHT = (0.0, 0.0, 0.0, 1.0)
GRAVITY = 9.81
BASE_ACTION_SIZE = 3
"""vx, vy, yaw rate."""


def still_observation(robot: RobotSpec, inputs: tuple[str, ...]) -> Observation | None:
    """Return an observation with `inputs`, or None where their size is not the robot's to say.

    Args:
        robot: Gives cameras, scan and joints.
        inputs: As a policy names them.
    """
    cameras = {camera.name: camera for camera in robot.cameras}
    images = {}
    for name in inputs:
        kind, _, rest = name.partition('/')
        if kind == 'camera' and rest in cameras:
            images[rest] = _grey(cameras[rest])
        elif kind in ('camera', 'features') or (kind == 'scan' and robot.scan is None):
            return None
    return Observation(
        stamp_ns=0,
        instruction='stand still',
        odometry=Odometry(0, np.zeros(3), np.array(UPRIGHT), np.zeros(3), np.zeros(3)),
        images=images,
        scan=_open_scan(robot) if 'scan' in inputs else None,
        joints=_default_pose(robot) if 'joints' in inputs else None,
    )


def still_locomotion_observation(robot: RobotSpec) -> LocomotionObservation:
    """Return the observation of the robot in its default pose, upright, told to stand."""
    imu = Imu(0, np.array(UPRIGHT), np.zeros(3), np.array([0.0, 0.0, GRAVITY]))
    return LocomotionObservation(0, _default_pose(robot), imu, VelocityCommand(0))


def check_policy(policy: Policy, observation: Observation, name: str) -> None:
    """Ask a policy once, judge its answer and reset it.

    Raises:
        PluginError: It raises, or answers with something that cannot be executed.
    """
    try:
        chunk = policy.infer(observation)
        problem = _prefix_problem(policy, observation, chunk)
        policy.reset()
    except Exception as error:
        raise PluginError(f'policy {name} fails on a first observation: {error!r}') from error
    if not isinstance(chunk, ActionChunk):
        raise PluginError(f'policy {name} answers a {type(chunk).__name__}, not an ActionChunk')
    if chunk.actions.shape[1] != BASE_ACTION_SIZE or not np.isfinite(chunk.actions).all():
        raise PluginError(
            f'policy {name} answers actions of shape {chunk.actions.shape}, expected finite '
            f'(H, {BASE_ACTION_SIZE}): vx, vy, yaw rate'
        )
    if problem:
        raise PluginError(f'policy {name} {problem}')


def check_scheduler(scheduler: ChunkScheduler, policy: Policy, name: str) -> None:
    """Check that a scheduler and a policy fit together.

    Raises:
        PluginError: The scheduler needs what the policy cannot do.
    """
    if scheduler.needs_prefix and not isinstance(policy, PrefixPolicy):
        raise PluginError(
            f'scheduler {type(scheduler).__name__} needs a policy that continues what is being '
            f'executed (infer_with_prefix), {name} cannot: choose another scheduler, e.g. '
            'robot_policies.scheduling.latest_wins:LatestWins, or another policy'
        )


def _prefix_problem(policy: Policy, observation: Observation, chunk: ActionChunk) -> str:
    """Return what is wrong with how a policy continues its own chunk, or nothing."""
    if not isinstance(policy, PrefixPolicy) or not isinstance(chunk, ActionChunk):
        return ''
    frozen, known = len(chunk.actions) // 4, len(chunk.actions) // 2
    prefix = CommittedPrefix(chunk.actions[:known], frozen, soft_mask(frozen, known))
    again = policy.infer_with_prefix(observation, prefix)
    if not isinstance(again, ActionChunk) or again.actions.shape != chunk.actions.shape:
        return 'answers another kind of chunk with a prefix than without one'
    kept = np.allclose(again.actions[:frozen], chunk.actions[:frozen], atol=1e-6)
    return '' if kept else 'alters the frozen actions of a prefix'


def check_controller(controller: LocomotionController, robot: RobotSpec, name: str) -> None:
    """Step a locomotion controller once, judge its command and reset it.

    Raises:
        PluginError: It raises, or commands something that is not for this robot.
    """
    try:
        command = controller.step(still_locomotion_observation(robot), 0.02)
        controller.reset()
    except Exception as error:
        raise PluginError(f'controller {name} fails on a first step: {error!r}') from error
    problem = command_problem(command, len(robot.joints))
    if problem:
        raise PluginError(f'controller {name}: {problem}')


def check_encoder(encoder: Encoder, camera: CameraSpec, name: str) -> None:
    """Encode one grey image and judge the result.

    Raises:
        PluginError: It raises, or answers with something that cannot be used.
    """
    try:
        features = encoder.encode(_grey(camera))
    except Exception as error:
        raise PluginError(f'encoder {name} fails on a first image: {error!r}') from error
    if not isinstance(features, Features) or not np.isfinite(features.tokens).all():
        raise PluginError(f'encoder {name} does not answer with finite Features')


def command_problem(command: JointCommand, joint_count: int) -> str:
    """Return why a joint command cannot be sent, or nothing."""
    if not isinstance(command, JointCommand):
        return f'answers a {type(command).__name__}, not a JointCommand'
    for name in ('position', 'velocity', 'effort'):
        values = getattr(command, name)
        if values is None:
            continue
        if len(values) != joint_count:
            return f'commands {len(values)} joints by {name}, the robot has {joint_count}'
        if not np.isfinite(values).all():
            return f'commands {name} that is not finite'
    return ''


def _grey(camera: CameraSpec) -> Image:
    return Image(0, np.full((camera.height, camera.width, 3), 128, dtype=np.uint8))


def _default_pose(robot: RobotSpec) -> JointState:
    still = np.zeros(len(robot.joints))
    return JointState(0, robot.default_pose, still, still)


def _open_scan(robot: RobotSpec) -> Scan | None:
    if robot.scan is None:
        return None
    step = 2.0 * math.pi / robot.scan.rays
    ranges = np.full(robot.scan.rays, np.inf)
    return Scan(0, -math.pi, step, robot.scan.range_min_m, robot.scan.range_max_m, ranges)
