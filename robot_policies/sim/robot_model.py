# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the MuJoCo model of a legged robot from its `RobotSpec`: one robot, one builder.

Simulator, training and evaluation all start here, so that a controller is trained and judged on
the robot that the stack then runs. What the model holds, by name:

- body and free joint: `<base_frame>`, `base_free`; the IMU's site `imu` at the base's origin;
- one hinge and one position servo per joint of the robot, in the robot's order, both named as the
  joint. The servo's `ctrl` is the position target (rad); its force is
  `stiffness * (ctrl - q) - damping * dq`, clipped to the joint's effort limit. Setting
  `actuator_gainprm[:, 0]` and `actuator_biasprm[:, 1]` to zero leaves pure damping;
- with `effort_actuators`, one motor per joint after the servos, `<joint>_effort`, for feed-forward
  (N·m); the sum of both is clipped to the joint's limit;
- foot spheres and their sites `<foot>` (`condim` 3, priority 1: the foot's friction decides, else
  MuJoCo takes the larger of the pair), body shapes `<link>_shape`;
- sensors `imu_orientation`, `imu_gyro`, `imu_accelerometer`.

Contact bits: the ground has contype 1; feet and body shapes have contype 2 and conaffinity 1, plus
2 where the robot may collide with itself.
"""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.sim.description import (
    collision_vertices,
    Description,
    fixed_offset,
    load_description,
    without_shapes,
)
from robot_policies.sim.fitted_shape import fit_shape
from robot_policies.sim.visuals import add_visuals

GROUND_BIT = 1
ROBOT_BIT = 2
_FOOT_FRICTION = (0.8, 0.02, 0.01)
_IMPRATIO = 100.0
"""Stiffness of friction over that of the contact; at 10 a standing robot creeps 2 cm in 20 s."""


@dataclass(frozen=True)
class Physics:
    """How finely MuJoCo computes.

    Attributes:
        timestep_s: Length of a physics step.
        elliptic: Elliptic friction cones, stiff against slip, else pyramids.
        iterations: Largest number of solver iterations.
        ls_iterations: Largest number of line-search iterations.
    """

    timestep_s: float
    elliptic: bool
    iterations: int
    ls_iterations: int


FINE = Physics(timestep_s=0.004, elliptic=True, iterations=50, ls_iterations=30)
"""What the simulator and every evaluation use."""
FAST = Physics(timestep_s=0.01, elliptic=False, iterations=4, ls_iterations=6)
"""What training uses; controllers transfer from it to `FINE`."""


def build_robot_spec(
    robot: RobotSpec,
    *,
    visual: bool = False,
    self_collision: bool = True,
    effort_actuators: bool = False,
    physics: Physics = FINE,
) -> mujoco.MjSpec:
    """Build the editable model of a robot, to which a caller adds ground and world.

    Args:
        robot: The robot.
        visual: Add the description's visual meshes (group 2, no contacts).
        self_collision: Let the robot's links touch one another.
        effort_actuators: Add one feed-forward motor per joint.
        physics: Accuracy.

    Returns:
        A spec with the robot at the origin in its zero pose; `standing_qpos` gives its default
        pose.

    Raises:
        ConfigError: The description is not installed.
    """
    description = load_description(robot)
    spec = mujoco.MjSpec.from_string(without_shapes(description.xml))
    spec.modelname = robot.name
    spec.compiler.fusestatic = True  # links that cannot move cost time and change nothing
    _set_physics(spec, physics)
    base = spec.body(robot.body.base_frame)
    base.add_freejoint(name='base_free')
    base.add_site(name='imu', size=[0.01, 0.01, 0.01])
    _add_feet(spec, robot, description, self_collision)
    _add_shapes(spec, robot, description, self_collision)
    _exclude_neighbours(spec, robot)
    _add_joint_dynamics(spec, robot, effort_actuators)
    _add_imu(spec)
    if visual:
        spec.compiler.discardvisual = False  # MuJoCo's default for a URDF drops them
        add_visuals(spec, description)
    return spec


def build_training_spec(robot: RobotSpec) -> mujoco.MjSpec:
    """Build the cheap model: coarse physics, no self-collision, only feet and shins touch ground.

    Controllers trained on it are judged on the model of `build_robot_spec`.
    """
    spec = build_robot_spec(robot, self_collision=False, physics=FAST)
    carriers = {spec.site(foot).parent.name for foot in robot.body.feet}
    for geom in list(spec.geoms):
        if geom.name not in robot.body.feet and geom.parent.name not in carriers:
            spec.delete(geom)
    return spec


def standing_qpos(robot: RobotSpec, height_m: float | None = None) -> FloatArray:
    """Return (7 + n,) `qpos` of the default pose: base position, quaternion (w, x, y, z), joints.

    Args:
        robot: The robot.
        height_m: Height of the base; None for its standing height.
    """
    height = robot.body.standing_height_m if height_m is None else height_m
    return np.concatenate([[0.0, 0.0, height, 1.0, 0.0, 0.0, 0.0], robot.default_pose])


def _set_physics(spec: mujoco.MjSpec, physics: Physics) -> None:
    option = spec.option
    option.timestep = physics.timestep_s
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    option.iterations = physics.iterations
    option.ls_iterations = physics.ls_iterations
    cone = mujoco.mjtCone.mjCONE_ELLIPTIC if physics.elliptic else mujoco.mjtCone.mjCONE_PYRAMIDAL
    option.cone = cone
    option.impratio = _IMPRATIO if physics.elliptic else 1.0


def _affinity(self_collision: bool) -> int:
    return GROUND_BIT | ROBOT_BIT if self_collision else GROUND_BIT


def _add_feet(
    spec: mujoco.MjSpec, robot: RobotSpec, description: Description, self_collision: bool
) -> None:
    for foot in robot.body.feet:
        parent, offset = fixed_offset(description.xml, foot)
        body = spec.body(parent)
        body.add_site(name=foot, pos=offset, size=[0.005, 0.005, 0.005])
        body.add_geom(
            name=foot,
            type=mujoco.mjtGeom.mjGEOM_SPHERE,
            size=[robot.body.foot_radius_m, 0.0, 0.0],
            pos=offset,
            mass=0.0,
            condim=3,
            priority=1,
            friction=_FOOT_FRICTION,
            contype=ROBOT_BIT,
            conaffinity=_affinity(self_collision),
            group=3,
        )


def _add_shapes(
    spec: mujoco.MjSpec, robot: RobotSpec, description: Description, self_collision: bool
) -> None:
    for link, vertices in collision_vertices(description).items():
        if link in robot.body.feet:
            continue
        kind, size, centre, quaternion = fit_shape(vertices)
        spec.body(link).add_geom(
            name=f'{link}_shape',
            type=kind,
            size=size,
            pos=centre,
            quat=quaternion,
            mass=0.0,
            condim=3,
            friction=_FOOT_FRICTION,
            contype=ROBOT_BIT,
            conaffinity=_affinity(self_collision),
            group=3,
        )


def _exclude_neighbours(spec: mujoco.MjSpec, robot: RobotSpec) -> None:
    """Let links that are two joints apart pass through one another, as MuJoCo does for one.

    Their fitted shapes overlap near the joints, where the real parts are cut out.
    """
    bodies = {name: spec.joint(name).parent for name in robot.joint_names}
    parents = {body.name: body.parent.name for body in bodies.values()}
    for first in parents:
        grandparent = parents.get(parents[first])
        if grandparent is not None:
            spec.add_exclude(bodyname1=grandparent, bodyname2=first)
        for second in parents:
            if first < second and parents[first] == parents[second]:
                spec.add_exclude(bodyname1=first, bodyname2=second)


def _add_joint_dynamics(spec: mujoco.MjSpec, robot: RobotSpec, effort_actuators: bool) -> None:
    for item in robot.joints:
        joint = spec.joint(item.name)
        joint.armature = item.armature
        joint.damping[0] = item.friction_damping
        joint.range = [item.lower, item.upper]
        joint.actfrcrange = [-item.effort, item.effort]
        servo = spec.add_actuator(name=item.name, target=item.name)
        servo.trntype = mujoco.mjtTrn.mjTRN_JOINT
        servo.gaintype = mujoco.mjtGain.mjGAIN_FIXED
        servo.biastype = mujoco.mjtBias.mjBIAS_AFFINE
        servo.gainprm[0] = item.stiffness
        servo.biasprm[1] = -item.stiffness
        servo.biasprm[2] = -item.damping
        servo.forcerange = [-item.effort, item.effort]
        servo.forcelimited = True
    for item in robot.joints if effort_actuators else ():
        motor = spec.add_actuator(name=f'{item.name}_effort', target=item.name)
        motor.trntype = mujoco.mjtTrn.mjTRN_JOINT
        motor.gainprm[0] = 1.0


def _add_imu(spec: mujoco.MjSpec) -> None:
    for name, kind in (
        ('imu_orientation', mujoco.mjtSensor.mjSENS_FRAMEQUAT),
        ('imu_gyro', mujoco.mjtSensor.mjSENS_GYRO),
        ('imu_accelerometer', mujoco.mjtSensor.mjSENS_ACCELEROMETER),
    ):
        spec.add_sensor(name=name, type=kind, objtype=mujoco.mjtObj.mjOBJ_SITE, objname='imu')
