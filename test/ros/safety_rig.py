# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot, a locomotion and a policy that can be made to fail, around a real safety node."""

from collections import deque
from contextlib import contextmanager, suppress
import threading
import time

from diagnostic_msgs.msg import DiagnosticStatus
import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile
from robot_policies.core.data_types import (
    Imu,
    JointCommand,
    JointState,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.nodes.safety_node import SafetyNode
from robot_policies.resources import load_robot
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_to_msg, odometry_to_msg, velocity_to_msg
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.codecs.joints import joint_command_to_msg, joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg
from robot_policies.ros.inputs import NotInExecutor

PERIOD_S = 0.005
# A busy machine may stop a test process for a tenth of a second; the shipped limits, which
# are a few periods, have a unit test.
PATIENT = {
    'freshness.joint_states_s': 0.8,
    'freshness.imu_s': 0.8,
    'freshness.locomotion_s': 0.8,
    'freshness.basis_s': 1.0,
    'freshness.scan_slow_s': 0.8,
    'freshness.scan_stop_s': 1.6,
    'arbiter.policy_s': 0.8,
    'arbiter.teleop_s': 0.8,
}
SENSORS = ('joint_states', 'imu/data', 'odom', 'scan')
ALL = frozenset((*SENSORS, 'locomotion/command', 'policy/cmd_vel'))


class Rig:
    """Everything around the safety node. Attributes may be changed while it runs."""

    def __init__(self, context):
        self.node = Node('rig', context=context)
        self.robot = load_robot('go2')
        self.count = len(self.robot.joints)
        self.speaking = set(ALL)
        self.frozen = set()
        self.position = self.robot.default_pose.copy()
        self.velocity = np.zeros(self.count)
        self.quaternion = np.array([0.0, 0.0, 0.0, 1.0])
        self.height_m = self.robot.body.standing_height_m
        self.ranges = np.full(360, 7.0)
        self.command = JointCommand(0, position=self.robot.default_pose)
        self.command_names = None
        self.walk = (0.2, 0.0, 0.0)
        self.teleop = None
        self.follow = False
        self._map = self.robot.joint_map()
        self._pubs = {
            topic.name: self.node.create_publisher(topic.type, topic.name, topic.qos)
            for topic in (
                *(topics.JOINT_STATES, topics.IMU, topics.ODOM, topics.SCAN),
                *(topics.LOCOMOTION_COMMAND, topics.POLICY_CMD_VEL, topics.TELEOP_CMD_VEL),
                topics.SAFETY_ESTOP,
            )
        }
        self.commands = deque(maxlen=4000)
        self.velocities = deque(maxlen=2000)
        self.statuses = deque(maxlen=500)
        self.diagnostics = deque(maxlen=500)
        self._taps = [
            (self._tap(topics.JOINT_COMMAND), self.commands),
            (self._tap(topics.CMD_VEL), self.velocities),
            (self._tap(topics.SAFETY_STATUS), self.statuses),
            (self._tap(topics.DIAGNOSTICS), self.diagnostics),
        ]
        self._clients = {
            service.name: self.node.create_client(service.type, service.name)
            for service in (topics.SAFETY_RESET, topics.SAFETY_STOP)
        }
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._tick = 0
        self._thread.start()

    def _tap(self, topic):
        qos = QoSProfile(
            depth=100, reliability=topic.qos.reliability, durability=topic.qos.durability
        )
        return self.node.create_subscription(
            topic.type, topic.name, lambda _: None, qos, callback_group=NotInExecutor()
        )

    def _run(self):
        due = time.monotonic()
        while not self._stop.is_set():
            self._listen()
            self._speak()
            due = max(due + PERIOD_S, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))

    def _listen(self):
        for tap, sink in self._taps:
            while (taken := tap.handle.take_message(tap.msg_type, False)) is not None:
                sink.append((time.monotonic(), taken[0]))
        if self.follow and self.commands:
            target = self.commands[-1][1].position
            if len(target):
                moved = 0.3 * (np.array(target) - self.position)
                self.velocity = moved / PERIOD_S
                self.position = self.position + moved

    def now_ns(self):
        return self.node.get_clock().now().nanoseconds

    def _speak(self):
        now = self.now_ns()
        self._tick += 1
        zeros = np.zeros(3)
        joints = JointState(now, self.position, self.velocity, np.zeros(self.count))
        self._say('joint_states', lambda m: joint_state_to_msg(joints, self._map, m))
        imu = Imu(now, self.quaternion, zeros, zeros)
        self._say('imu/data', lambda m: imu_to_msg(imu, 'base', m))
        if self._tick % 4 == 0:
            self._say('odom', lambda m: self._odometry(now, m))
            self._say('locomotion/command', lambda m: self._command(now, m))
            walk = VelocityCommand(now, *self.walk)
            self._say('policy/cmd_vel', lambda m: velocity_to_msg(walk, 'base', m))
            if self.teleop is not None:
                steer = VelocityCommand(now, *self.teleop)
                self._pubs['teleop/cmd_vel'].publish(
                    velocity_to_msg(steer, 'base', topics.TELEOP_CMD_VEL.type())
                )
        if self._tick % 12 == 0:
            scan = Scan(now, -np.pi, 2 * np.pi / 360, 0.05, 8.0, self.ranges)
            self._say('scan', lambda m: scan_to_msg(scan, 'base', m))

    def _odometry(self, now, message):
        position = np.array([0.0, 0.0, self.height_m])
        value = Odometry(now, position, self.quaternion, np.zeros(3), np.zeros(3))
        return odometry_to_msg(value, 'odom', 'base', message)

    def _command(self, now, message):
        command = self.command
        value = JointCommand(now, command.position, command.velocity, command.effort)
        message = joint_command_to_msg(value, self._map, message)
        if self.command_names is not None:
            message.name = list(self.command_names)
        return message

    def _say(self, name, fill):
        if name not in self.speaking:
            return
        publisher = self._pubs[name]
        message = fill(publisher.msg_type())
        if name in self.frozen:
            message.header.stamp.sec, message.header.stamp.nanosec = 1, 0
        publisher.publish(message)

    def press(self, pressed):
        self._pubs['safety/estop'].publish(topics.SAFETY_ESTOP.type(data=pressed))

    def call(self, service, timeout_s=5.0):
        client = self._clients[service.name]
        assert client.wait_for_service(timeout_s)
        future = client.call_async(service.type.Request())
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        assert done.wait(timeout_s), f'{service.name} does not answer'
        return future.result()

    @property
    def status(self):
        return status_values(self.statuses[-1][1]) if self.statuses else {}

    @property
    def words(self):
        return self.statuses[-1][1].message if self.statuses else ''

    @property
    def damps(self):
        """True if the newest joint command is damping."""
        message = self.commands[-1][1] if self.commands else None
        return message is not None and not len(message.position) and not any(message.velocity)

    @property
    def out(self):
        """Newest joint command."""
        return self.commands[-1][1]

    @property
    def base(self):
        """Newest base velocity."""
        twist = self.velocities[-1][1].twist
        return np.array([twist.linear.x, twist.linear.y, twist.angular.z])

    def engaged(self):
        return self.status.get('phase') == 'engaged' and not self.damps

    def walking(self):
        return self.engaged() and self.base[0] > 0.15

    def latched(self):
        return self.status.get('latched') == 'true' and self.damps

    def problem(self, words):
        """True if a diagnostic at ERROR has `words` in it."""
        return any(
            status.level == DiagnosticStatus.ERROR and words in status.message
            for _, array in list(self.diagnostics)
            for status in array.status
        )

    def close(self):
        self._stop.set()
        self._thread.join()


@contextmanager
def safety_rig(parameters=None, activate=True, **attributes):
    """Give a rig around a running safety node."""
    context = rclpy.Context()
    rclpy.init(context=context)
    values = {**PATIENT, **(parameters or {})}
    overrides = [Parameter(name, value=value) for name, value in values.items()]
    node = SafetyNode(context=context, parameter_overrides=overrides)
    executor = SingleThreadedExecutor(context=context)
    rig = Rig(context)
    rig.safety = node
    for name, value in attributes.items():
        setattr(rig, name, value)
    executor.add_node(node)
    executor.add_node(rig.node)
    spinner = threading.Thread(target=_spin, args=(executor,), daemon=True)
    spinner.start()
    try:
        if activate:
            assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS, node.failure
            assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS, node.failure
        yield rig
    finally:
        rig.close()
        node.trigger_shutdown()
        executor.shutdown(timeout_sec=0)
        spinner.join(timeout=5)
        rig.node.destroy_node()
        node.destroy_node()
        context.try_shutdown()


def _spin(executor):
    with suppress(Exception):  # the executor is shut down under it
        executor.spin()
