# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The model of a robot: what a controller is trained on, judged on and run on."""

import mujoco
import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.robot import RobotSpec
from robot_policies.sim.fitted_shape import fit_shape
from robot_policies.sim.robot_model import (
    build_robot_spec,
    build_training_spec,
    FINE,
    standing_qpos,
)


@pytest.fixture(scope='module')
def robot() -> RobotSpec:
    """Return the shipped quadruped."""
    return resources.load_robot('go2')


def _on_floor(spec: mujoco.MjSpec) -> mujoco.MjModel:
    spec.worldbody.add_geom(name='floor', type=mujoco.mjtGeom.mjGEOM_PLANE, size=[0.0, 0.0, 1.0])
    return spec.compile()


def _settled(model: mujoco.MjModel, robot: RobotSpec, seconds: float = 1.5) -> mujoco.MjData:
    data = mujoco.MjData(model)
    data.qpos[:] = standing_qpos(robot, 0.34)
    data.ctrl[: len(robot.joints)] = robot.default_pose
    for _ in range(round(seconds / model.opt.timestep)):
        mujoco.mj_step(model, data)
    return data


def test_joints_and_servos_come_in_the_order_of_the_robot(robot: RobotSpec) -> None:
    model = build_robot_spec(robot).compile()
    joints = [model.joint(i).name for i in range(1, model.njnt)]
    servos = [model.actuator(i).name for i in range(model.nu)]
    assert tuple(joints) == robot.joint_names
    assert tuple(servos) == robot.joint_names


def test_robot_stands_in_its_default_pose_on_its_feet_only(robot: RobotSpec) -> None:
    model = _on_floor(build_robot_spec(robot))
    data = _settled(model, robot)
    touching = {model.geom(i).name for contact in data.contact for i in contact.geom}
    assert touching == {'floor', *robot.body.feet}
    assert data.qpos[2] == pytest.approx(robot.body.standing_height_m, abs=0.02)


def test_servo_force_is_clipped_to_the_effort_limit(robot: RobotSpec) -> None:
    model = build_robot_spec(robot).compile()
    data = mujoco.MjData(model)
    data.qpos[:] = standing_qpos(robot, 2.0)
    data.ctrl[:] = robot.default_pose + 3.0
    mujoco.mj_forward(model, data)
    assert data.actuator_force == pytest.approx(robot.per_joint('effort'))


def test_feed_forward_motors_follow_the_servos_and_push(robot: RobotSpec) -> None:
    model = build_robot_spec(robot, effort_actuators=True).compile()
    assert model.nu == 2 * len(robot.joints)
    data = mujoco.MjData(model)
    data.qpos[:] = standing_qpos(robot, 2.0)
    data.ctrl[: len(robot.joints)] = robot.default_pose
    data.ctrl[len(robot.joints)] = 5.0
    mujoco.mj_forward(model, data)
    first = model.actuator(f'{robot.joint_names[0]}_effort').id
    assert data.actuator_force[first] == pytest.approx(5.0)


def test_legs_collide_with_one_another_only_when_asked(robot: RobotSpec) -> None:
    crossed = standing_qpos(robot, 2.0)
    crossed[7], crossed[10] = -0.6, 0.6  # both front hips turned inwards
    contacts = {}
    for asked in (True, False):
        model = build_robot_spec(robot, self_collision=asked).compile()
        data = mujoco.MjData(model)
        data.qpos[:] = crossed
        mujoco.mj_forward(model, data)
        contacts[asked] = data.ncon
    assert contacts[True] > 0
    assert contacts[False] == 0


def test_foot_friction_decides_against_any_ground(robot: RobotSpec) -> None:
    model = _on_floor(build_robot_spec(robot))
    foot = model.geom(robot.body.feet[0])
    assert foot.priority[0] == 1
    assert foot.condim[0] == 3


def test_imu_reports_gravity_upwards_at_rest(robot: RobotSpec) -> None:
    model = _on_floor(build_robot_spec(robot))
    data = _settled(model, robot)
    assert data.sensor('imu_accelerometer').data[2] == pytest.approx(9.81, abs=0.3)
    assert np.abs(data.sensor('imu_gyro').data).max() < 0.05


def test_visual_meshes_do_not_change_the_physics(robot: RobotSpec) -> None:
    plain = build_robot_spec(robot).compile()
    dressed = build_robot_spec(robot, visual=True).compile()
    assert dressed.nmesh > 0
    assert dressed.body_mass.sum() == pytest.approx(plain.body_mass.sum())
    assert dressed.geom_contype.sum() == plain.geom_contype.sum()


def test_training_model_weighs_the_same_and_has_fewer_shapes(robot: RobotSpec) -> None:
    full = build_robot_spec(robot).compile()
    cheap = build_training_spec(robot).compile()
    assert cheap.body_mass.sum() == pytest.approx(full.body_mass.sum())
    assert cheap.ngeom < full.ngeom
    assert cheap.opt.timestep > FINE.timestep_s


def test_long_cloud_becomes_a_capsule_of_its_length_and_width() -> None:
    rng = np.random.default_rng(0)
    angle = rng.uniform(0.0, 2.0 * np.pi, 400)
    along = rng.uniform(-0.1, 0.1, 400)
    cloud = np.stack([0.02 * np.cos(angle), 0.02 * np.sin(angle), along], axis=1)
    kind, size, centre, _ = fit_shape(cloud)
    assert kind == mujoco.mjtGeom.mjGEOM_CAPSULE
    assert size[0] == pytest.approx(0.02, abs=0.003)
    assert size[0] + size[1] == pytest.approx(0.1, abs=0.005)
    assert centre == pytest.approx([0.0, 0.0, 0.0], abs=0.01)


def test_compact_cloud_becomes_a_box() -> None:
    corners = np.array(np.meshgrid([0.0, 0.1], [0.0, 0.2], [0.0, 0.15])).reshape(3, -1).T
    kind, size, centre, _ = fit_shape(corners)
    assert kind == mujoco.mjtGeom.mjGEOM_BOX
    assert size == pytest.approx([0.05, 0.1, 0.075])
    assert centre == pytest.approx([0.05, 0.1, 0.075])
