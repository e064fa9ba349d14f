# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A recording of a run that never was: every number in it is known."""

from collections.abc import Callable
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from robot_policies.data.mcap_file import McapFile
from robot_policies.data.message_definitions import typestore
from robot_policies.resources import load_robot
from robot_policies.sim.layout import build_world
from robot_policies.sim.world_spec import load_world

NS = 1_000_000_000
EPOCH_NS = 1_700_000_000 * NS


class RunWriter:
    """Writes messages without ROS; times are seconds since the start of the run."""

    def __init__(self, run_dir: Path) -> None:
        self.file = McapFile(
            run_dir / 'recording.mcap', metadata={'robot': 'go2', 'namespace': '/'}
        )
        self.types = typestore().types
        self._known: set[str] = set()

    def put(self, topic: str, type_name: str, time_s: float, content: Any, delay_s: float = 0.0):
        if topic not in self._known:
            self._known.add(topic)
            self.file.add_topic(topic, type_name, reliable=True, latched=False)
        time_ns = EPOCH_NS + round(time_s * NS)
        data = bytes(typestore().serialize_cdr(content, type_name))
        self.file.add(topic, time_ns, time_ns - round(delay_s * NS), data)

    def new(self, type_name: str, **fields: Any) -> Any:
        return self.types[type_name](**fields)

    def header(self, time_s: float) -> Any:
        sec, nanosec = divmod(EPOCH_NS + round(time_s * NS), NS)
        stamp = self.new('builtin_interfaces/msg/Time', sec=sec, nanosec=nanosec)
        return self.new('std_msgs/msg/Header', stamp=stamp, frame_id='base')

    def vector(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Any:
        return self.new('geometry_msgs/msg/Vector3', x=x, y=y, z=z)

    def instruction(self, time_s: float, text: str) -> None:
        self.put(
            '/instruction',
            'std_msgs/msg/String',
            time_s,
            self.new('std_msgs/msg/String', data=text),
        )

    def status(self, topic: str, time_s: float, message: str = '', level: int = 0, **values: Any):
        self.put(
            topic,
            'diagnostic_msgs/msg/DiagnosticStatus',
            time_s,
            self._status('', level, message, values),
        )

    def diagnostics(self, time_s: float, node: str, **values: Any) -> None:
        array = self.new(
            'diagnostic_msgs/msg/DiagnosticArray',
            header=self.header(time_s),
            status=[self._status(node, 0, 'ok', values)],
        )
        self.put('/diagnostics', 'diagnostic_msgs/msg/DiagnosticArray', time_s, array)

    def _status(self, name: str, level: int, message: str, values: dict[str, Any]) -> Any:
        pairs = [
            self.new('diagnostic_msgs/msg/KeyValue', key=k, value=str(v))
            for k, v in values.items()
        ]
        return self.new(
            'diagnostic_msgs/msg/DiagnosticStatus',
            level=level,
            name=name,
            message=message,
            hardware_id='',
            values=pairs,
        )

    def joint_command(self, time_s: float, age_s: float) -> None:
        content = self.new(
            'sensor_msgs/msg/JointState',
            header=self.header(time_s - age_s),
            name=['a'],
            position=np.zeros(1),
            velocity=np.zeros(1),
            effort=np.zeros(1),
        )
        self.put('/joint_command', 'sensor_msgs/msg/JointState', time_s, content)

    def joint_states(self, time_s: float, names: list[str], position: Any) -> None:
        zeros = np.zeros(len(names))
        content = self.new(
            'sensor_msgs/msg/JointState',
            header=self.header(time_s),
            name=names,
            position=np.asarray(position),
            velocity=zeros,
            effort=zeros,
        )
        self.put('/joint_states', 'sensor_msgs/msg/JointState', time_s, content)

    def command(self, time_s: float, vx: float, vy: float = 0.0, yaw_rate: float = 0.0) -> None:
        content = self.new(
            'geometry_msgs/msg/TwistStamped',
            header=self.header(time_s),
            twist=self._twist(vx, vy, yaw_rate),
        )
        self.put('/cmd_vel', 'geometry_msgs/msg/TwistStamped', time_s, content)

    def motion(
        self, time_s, x, y, yaw, vx=0.0, vy=0.0, yaw_rate=0.0, topic='/sim/ground_truth', z=0.3
    ):
        quaternion = self.new(
            'geometry_msgs/msg/Quaternion', x=0.0, y=0.0, z=math.sin(yaw / 2), w=math.cos(yaw / 2)
        )
        pose = self.new(
            'geometry_msgs/msg/Pose',
            position=self.new('geometry_msgs/msg/Point', x=x, y=y, z=z),
            orientation=quaternion,
        )
        content = self.new(
            'nav_msgs/msg/Odometry',
            header=self.header(time_s),
            child_frame_id='base',
            pose=self.new(
                'geometry_msgs/msg/PoseWithCovariance', pose=pose, covariance=np.zeros(36)
            ),
            twist=self.new(
                'geometry_msgs/msg/TwistWithCovariance',
                twist=self._twist(vx, vy, yaw_rate),
                covariance=np.zeros(36),
            ),
        )
        self.put(topic, 'nav_msgs/msg/Odometry', time_s, content)

    def _twist(self, vx: float, vy: float, yaw_rate: float) -> Any:
        return self.new(
            'geometry_msgs/msg/Twist',
            linear=self.vector(vx, vy),
            angular=self.vector(0, 0, yaw_rate),
        )

    def scan(self, time_s: float, ranges: Any) -> None:
        n = len(ranges)
        content = self.new(
            'sensor_msgs/msg/LaserScan',
            header=self.header(time_s),
            angle_min=-math.pi,
            angle_max=math.pi,
            angle_increment=2 * math.pi / n,
            time_increment=0.0,
            scan_time=0.07,
            range_min=0.05,
            range_max=8.0,
            ranges=np.asarray(ranges, dtype=np.float32),
            intensities=np.zeros(0, dtype=np.float32),
        )
        self.put('/scan', 'sensor_msgs/msg/LaserScan', time_s, content)

    def contact(self, time_s: float, **event: Any) -> None:
        content = self.new('std_msgs/msg/String', data=json.dumps(event))
        self.put('/sim/contacts', 'std_msgs/msg/String', time_s, content)

    def marker(self, time_s: float, name: str, x: float, y: float) -> None:
        colour = self.new('std_msgs/msg/ColorRGBA', r=1.0, g=0.0, b=0.0, a=1.0)
        zero = self.new('builtin_interfaces/msg/Duration', sec=0, nanosec=0)
        pose = self.new(
            'geometry_msgs/msg/Pose',
            position=self.new('geometry_msgs/msg/Point', x=x, y=y, z=0.2),
            orientation=self.new('geometry_msgs/msg/Quaternion', x=0.0, y=0.0, z=0.0, w=1.0),
        )
        marker = self.new(
            'visualization_msgs/msg/Marker',
            header=self.header(time_s),
            ns=name,
            id=0,
            type=2,
            action=0,
            pose=pose,
            scale=self.vector(0.4, 0.4, 0.4),
            color=colour,
            lifetime=zero,
            frame_locked=False,
            points=[],
            colors=[],
            texture_resource='',
            texture=self.new(
                'sensor_msgs/msg/CompressedImage',
                header=self.header(time_s),
                format='',
                data=np.zeros(0, dtype=np.uint8),
            ),
            uv_coordinates=[],
            text='',
            mesh_resource='',
            mesh_file=self.new(
                'visualization_msgs/msg/MeshFile', filename='', data=np.zeros(0, dtype=np.uint8)
            ),
            mesh_use_embedded_materials=False,
        )
        array = self.new('visualization_msgs/msg/MarkerArray', markers=[marker])
        self.put('/sim/objects', 'visualization_msgs/msg/MarkerArray', time_s, array)


@pytest.fixture
def run(tmp_path: Path) -> RunWriter:
    return RunWriter(tmp_path)


@pytest.fixture
def whole_run() -> Callable[[Path], Path]:
    """Return `make(run_dir)`, which writes a run of 24 s with three instructions."""

    def make(run_dir: Path) -> Path:
        run = RunWriter(run_dir)
        world = build_world(load_world('arena'), 0)
        run.contact(0.0, event='reset', world='arena', seed=0)
        run.contact(23.0, event='clearance', closest_m=0.02)
        run.diagnostics(0.0, '/sim', real_time_factor=1.0)
        first, second = world.objects[0], world.objects[1]
        steps = [
            (1.0, f'walk to the {first.colour} {first.shape}', first),
            (9.0, f'now the {second.colour} {second.shape}', second),
        ]
        robot = load_robot('go2')
        rng = np.random.default_rng(0)
        x, y, yaw = world.start
        command = np.zeros(3)
        velocity = np.zeros(3)
        run.status(
            '/policy/status', 0.1, 'waiting for an instruction', status='IDLE', instruction=''
        )
        run.status('/safety/status', 0.1, '', severity='PASS')
        said = ''
        reached = ''
        for tick in range(24 * 50):
            t = tick / 50
            for start, text, _ in steps:
                if abs(t - start) < 0.005:
                    said = text
                    run.instruction(t, text)
                    run.status(
                        '/policy/status', t + 0.1, 'walking', status='ACTING', instruction=text
                    )
            target = next((item for start, _, item in reversed(steps) if t >= start), None)
            command = np.zeros(3)
            if abs(t - 18.0) < 0.005:
                said = 'find the unicorn'
                run.instruction(t, said)
                run.status(
                    '/policy/status',
                    t + 0.4,
                    "I don't understand “unicorn”.",
                    status='NOT_UNDERSTOOD',
                    instruction=said,
                )
            if target is not None and said != reached and t < 18.0:
                dx, dy = target.x_m - x, target.y_m - y
                bearing = (math.atan2(dy, dx) - yaw + math.pi) % (2 * math.pi) - math.pi
                near = math.hypot(dx, dy) < 0.9
                command = np.array(
                    [
                        0.0 if near else 0.8 * max(0.0, math.cos(bearing)),
                        0.0,
                        float(np.clip(2 * bearing, -1, 1)),
                    ]
                )
                if near:
                    reached = said
                    run.status(
                        '/policy/status', t, 'I am at it.', status='REACHED', instruction=said
                    )
            velocity += 0.1 * (command - velocity)
            yaw += velocity[2] / 50
            x += math.cos(yaw) * velocity[0] / 50
            y += math.sin(yaw) * velocity[0] / 50
            run.command(t, *command)
            if tick % 2 == 0:
                run.joint_states(t, list(robot.joint_names), robot.default_pose)
            run.motion(t, x, y, yaw, *(velocity + 0.04 * rng.standard_normal(3)))
            for k in range(4):
                run.joint_command(t + k * 0.005, 0.002 + 0.001 * rng.random())
            if tick % 3 == 0:
                near = world.clearances(x, y, yaw, robot.body).min()
                run.scan(t, np.full(360, max(near, 0.05) + 0.4))
        run.status('/safety/status', 12.0, 'slowed down: 0.4 m', severity='LIMIT')
        run.status('/safety/status', 13.5, '', severity='PASS')
        for node, loop in (('/locomotion', 'step'), ('/safety', 'judge')):
            run.diagnostics(23.5, node, **{f'{loop}_deadline_misses': 0})
        run.file.close()
        return run_dir

    return make
