# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simulated robot: what commands do to it, what its sensors say, what the referee sees."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand
from robot_policies.core.rotations import projected_gravity, yaw
from robot_policies.sim.look import Look
from robot_policies.sim.sensors import NoiseConfig
from robot_policies.sim.simulator import Simulator, SimulatorConfig, StageBuilder
from robot_policies.sim.world import Obstacle, Push, World, WorldObject

FLAT = World('test', 0, 20.0, 20.0, 0.7, (1.0, -2.0, 0.5), Look())
EXACT = NoiseConfig(
    joint_position_rad=0.0,
    joint_velocity_rad_s=0.0,
    gyro_rad_s=0.0,
    accelerometer_m_s2=0.0,
    tilt_rad=0.0,
    scan_m=0.0,
)
LYING_M = 0.18


@pytest.fixture(scope='module')
def builder(go2):
    return StageBuilder(go2)


@pytest.fixture
def make(go2, builder):
    def make(world=FLAT, noise=EXACT):
        return Simulator(go2, builder.build(world), noise=noise)

    return make


class Run:
    """Steps a simulator; `now_ns` is its time."""

    def __init__(self, simulator):
        self.simulator, self.now_ns, self.events = simulator, 0, []

    def go(self, seconds, command=None, each=None):
        for _ in range(round(seconds / self.simulator.config.physics_step_s)):
            self.now_ns += self.simulator.step_ns
            if command is not None:
                self.simulator.command(command, self.now_ns)
            self.events += self.simulator.step(self.now_ns)
            if each is not None:
                each()
        return self

    def stand(self, seconds=1.0, each=None):
        pose = self.simulator.robot.default_pose
        return self.go(seconds, JointCommand(self.now_ns, position=pose), each)

    @property
    def height(self):
        return self.simulator.data.qpos[2]


def lean(simulator, angle_rad):
    simulator.data.qpos[3:7] = [np.cos(angle_rad / 2.0), np.sin(angle_rad / 2.0), 0.0, 0.0]


def test_it_begins_standing_at_the_start_of_its_world(make):
    simulator = make()
    assert simulator.pose == pytest.approx(FLAT.start)
    joints = simulator.joint_state(0)
    assert joints.position == pytest.approx(simulator.robot.default_pose)


def test_commands_keep_it_standing_and_without_any_it_sinks_softly(make):
    run = Run(make())
    assert run.stand(1.0).height > 0.25
    speeds = []
    run.go(1.0, each=lambda: speeds.append(run.simulator.data.qvel[2]))
    assert run.height < LYING_M
    assert min(speeds) > -1.4  # falling freely from there it would arrive with 1.9 m/s


def test_it_is_damped_within_100_ms_after_commands_cease(make):
    run = Run(make()).stand(1.0)
    holding = []
    model = run.simulator.model
    run.go(0.15, each=lambda: holding.append(model.actuator_gainprm[:12, 0].any()))
    silent_s = sum(holding) * run.simulator.config.physics_step_s
    assert silent_s == pytest.approx(run.simulator.config.command_timeout_s, abs=0.003)
    assert silent_s < 0.1
    assert not holding[-1]


def test_nan_commands_neither_move_it_nor_keep_it_up(make):
    run = Run(make()).stand(1.0)
    run.go(1.0, JointCommand(0, position=np.full(12, np.nan)))
    assert np.isfinite(run.simulator.data.qpos).all()
    assert run.height < LYING_M
    assert run.simulator.driver.refused == 400


def test_torques_stay_within_the_limits_whatever_is_commanded(make, go2):
    run = Run(make())
    seen = []
    command = JointCommand(0, position=go2.per_joint('upper'), effort=np.full(12, 500.0))
    run.go(0.1, command, lambda: seen.append(np.abs(run.simulator.joint_state(0).effort)))
    torque = np.max(seen, axis=0)
    assert (torque <= go2.per_joint('effort') + 1e-6).all()
    assert (torque > 0.95 * go2.per_joint('effort')).any()


def test_a_weak_robot_has_less_torque(go2):
    config = SimulatorConfig(strength=0.5)
    run = Run(Simulator(go2, StageBuilder(go2, config).build(FLAT), config, EXACT))
    seen = []
    command = JointCommand(0, effort=np.full(12, 500.0))
    run.go(0.05, command, lambda: seen.append(np.abs(run.simulator.joint_state(0).effort)))
    assert np.max(seen, axis=0) == pytest.approx(0.5 * go2.per_joint('effort'))


def test_a_payload_makes_it_heavier(go2, builder):
    config = SimulatorConfig(payload_kg=2.0)
    heavy, light = StageBuilder(go2, config).build(FLAT).model, builder.build(FLAT).model
    assert heavy.body_mass.sum() - light.body_mass.sum() == pytest.approx(2.0)


def test_the_joint_state_is_in_the_robots_order(make, go2):
    run = Run(make())
    target = go2.default_pose + np.linspace(-0.1, 0.1, 12)
    run.go(1.5, JointCommand(0, position=target))
    error = np.abs(run.simulator.joint_state(0).position - target).sum()
    assert error < np.abs(run.simulator.joint_state(0).position[::-1] - target).sum()


def test_a_resting_imu_feels_gravity_upwards_and_no_turning(make):
    run = Run(make()).stand(1.5)
    imu = run.simulator.imu(7)
    assert imu.stamp_ns == 7
    assert imu.linear_acceleration == pytest.approx([0.0, 0.0, 9.81], abs=0.6)
    assert imu.angular_velocity == pytest.approx(np.zeros(3), abs=0.05)
    assert projected_gravity(imu.orientation)[2] < -0.99
    assert float(yaw(imu.orientation)) == pytest.approx(0.5, abs=0.1)


def test_odometry_gives_velocity_in_the_frame_of_the_base(make):
    simulator = make()
    simulator.push(np.cos(0.5), np.sin(0.5))  # the robot faces 0.5 rad
    odometry = simulator.odometry(0)
    assert odometry.linear_velocity == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    assert odometry.position[:2] == pytest.approx(FLAT.start[:2])


def test_noise_is_as_large_as_asked_and_none_if_none_is_asked(make):
    noisy = make(noise=replace(EXACT, joint_position_rad=0.02, gyro_rad_s=0.1, tilt_rad=0.01))
    exact = make()
    positions = np.array([noisy.joint_state(0).position for _ in range(400)])
    assert positions.std(axis=0) == pytest.approx(np.full(12, 0.02), rel=0.2)
    gyro = np.array([noisy.imu(0).angular_velocity for _ in range(400)])
    assert gyro.std(axis=0) == pytest.approx(np.full(3, 0.1), rel=0.2)
    lean = np.array([projected_gravity(noisy.imu(0).orientation)[:2] for _ in range(400)])
    assert lean.std(axis=0) == pytest.approx(np.full(2, 0.01), rel=0.2)
    assert np.array([exact.joint_state(0).position for _ in range(5)]).std(axis=0).max() == 0.0


def test_drifting_odometry_drifts_by_as_much_as_asked(make):
    noise = replace(EXACT, odometry_scale=0.1, odometry_yaw_rad_m=0.2)
    simulator = make(World('t', 0, 20.0, 20.0, 0.7, (0.0, 0.0, 0.0), Look()), noise)
    for k in range(1, 101):  # one metre straight ahead
        simulator.data.qpos[0] = 0.01 * k
        odometry = simulator.odometry(k)
    assert float(yaw(odometry.orientation)) == pytest.approx(0.2, abs=0.01)
    # an arc of 1.1 m that turns by 0.2 rad on the way
    assert odometry.position[0] == pytest.approx(1.1 * np.sin(0.2) / 0.2, abs=0.01)
    assert odometry.position[1] == pytest.approx(1.1 * (1 - np.cos(0.2)) / 0.2, abs=0.01)
    assert simulator.ground_truth(0).position[:2] == pytest.approx([1.0, 0.0])


def test_a_push_changes_the_velocity_by_what_it_says(make):
    simulator = make()
    simulator.push(0.8, -0.3)
    assert simulator.data.qvel[:2] == pytest.approx([0.8, -0.3])
    with pytest.raises(ValueError, match='not finite'):
        simulator.push(np.nan, 0.0)


def test_the_worlds_kicks_come_at_their_times(make):
    pushes = (Push(0.1, 0.5, 0.0), Push(0.3, 0.0, 0.5))
    run = Run(make(replace(FLAT, pushes=pushes)))
    counts = []
    run.stand(0.4, each=lambda: counts.append(run.simulator.pushes))
    step = run.simulator.config.physics_step_s
    assert counts.count(0) * step == pytest.approx(0.1, abs=0.005)
    assert counts.count(1) * step == pytest.approx(0.2, abs=0.005)


def test_walking_into_something_is_one_collision_with_its_name(make, go2):
    crate = Obstacle('crate', 0.8, 0.0, 0.0, 0.2, 0.5, 0.8)
    run = Run(make(replace(FLAT, start=(0.0, 0.0, 0.0), obstacles=(crate,)))).stand(0.5)
    assert run.simulator.referee.collisions == 0
    run.stand(0.4, each=lambda: run.simulator.data.qvel.__setitem__(0, 1.0))
    collisions = [event for event in run.events if event.kind == 'collision']
    assert len(collisions) == run.simulator.referee.collisions == 1
    assert collisions[0].detail.startswith('obstacle/0 by ')


def test_objects_and_walls_count_as_collisions_and_the_ground_does_not(make):
    ball = WorldObject('red', 'ball', 'large', 0.7, 0.0)
    run = Run(make(replace(FLAT, start=(0.0, 0.0, 0.0), objects=(ball,))))
    run.stand(0.5, each=lambda: run.simulator.data.qvel.__setitem__(0, 1.0))
    assert 'object/large red ball' in run.events[0].detail
    run = Run(make(replace(FLAT, start=(9.5, 0.0, 0.0))))
    run.stand(0.5, each=lambda: run.simulator.data.qvel.__setitem__(0, 1.0))
    assert 'wall/0' in run.events[0].detail
    assert Run(make()).stand(0.3).go(1.0).events == []


def test_tipping_over_is_one_fall_and_sinking_while_damped_is_none(make):
    run = Run(make()).stand(0.5)
    run.go(1.0)
    assert run.simulator.referee.falls == 0
    run = Run(make()).stand(0.5)
    lean(run.simulator, 1.2)
    run.stand(1.0)
    assert run.simulator.referee.falls == 1
    assert [event.kind for event in run.events if event.kind == 'fall'] == ['fall']


def test_the_closest_approach_is_kept(make):
    pillar = Obstacle('pillar', 1.0, 0.0, 0.0, 0.2, 0.2, 0.8)
    simulator = make(replace(FLAT, start=(0.0, 0.0, 0.0), obstacles=(pillar,)))
    near = simulator.referee.measure(simulator.data)[0]
    simulator.data.qpos[0] = -1.0
    assert simulator.referee.measure(simulator.data)[0] == pytest.approx(near + 1.0)
    assert simulator.referee.closest_m[0] == pytest.approx(near)
    assert near == pytest.approx(0.8 - simulator.robot.body.footprint_front_m)


def test_a_reset_begins_anew(make):
    simulator = make(replace(FLAT, pushes=(Push(0.1, 0.5, 0.0),)))
    run = Run(simulator).stand(0.5)
    lean(simulator, 1.2)
    run.stand(0.1)
    assert simulator.referee.falls == 1
    simulator.reset(3)
    assert simulator.pose == pytest.approx(FLAT.start)
    assert not simulator.data.qvel.any()
    assert simulator.driver.is_silent(run.now_ns)
    facts = (simulator.time_s, simulator.pushes, simulator.referee.falls)
    assert facts == (0.0, 0, 0)
    run.stand(0.2)
    assert simulator.pushes == 1


def test_two_runs_with_one_seed_are_equal(make):
    ends = []
    for seed in (1, 1, 2):
        simulator = make(noise=NoiseConfig())
        simulator.reset(seed)
        run = Run(simulator).stand(0.3)
        ends.append((simulator.data.qpos.tolist(), simulator.joint_state(0).position.tolist()))
        assert run.now_ns == 300_000_000
    assert ends[0] == ends[1]
    assert ends[0][1] != ends[2][1]


def test_going_to_another_stage_takes_the_robot_to_its_start(make, builder):
    simulator = make()
    simulator.enter(builder.build(replace(FLAT, start=(4.0, 4.0, 1.0))))
    assert simulator.pose == pytest.approx([4.0, 4.0, 1.0])
