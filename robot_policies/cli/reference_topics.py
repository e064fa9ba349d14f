# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The reference page of topics and services: names, types and QoS from the code."""

from collections.abc import Iterator

from robot_policies.cli.reference_tables import table
from robot_policies.ros import topics
from robot_policies.ros.raw_tap import type_name_of
from robot_policies.ros.topics import Service, Topic

WORDS: dict[str, tuple[str, str]] = {
    'joint_states': ('robot → all', 'rad, rad/s, N·m; 200 Hz or more'),
    'imu/data': ('robot → locomotion, safety', 'orientation, turn rate, acceleration of the base'),
    'odom': (
        'robot or estimator → policy, safety, viewers',
        'pose, and velocity in the base frame',
    ),
    'scan': ('robot → safety, policy', 'distances around the robot, m'),
    'camera/<name>/image_raw': ('robot → encoder, policy', 'rgb8'),
    'camera/<name>/camera_info': ('robot → viewers', 'calibration'),
    'camera/<name>/depth': ('robot → encoder, policy', '32FC1, m'),
    'instruction': ('operator, planner → policy', 'free text; empty means stop'),
    'goal_image': ('operator → policy', 'what it shall look like at the goal'),
    'features/<encoder>': ('encoder → policy', '32FC<n>, rows are tokens, stamped as the image'),
    'policy/chunk': ('policy → viewers', "base velocities; stamp is the observation's"),
    'policy/status': ('policy → operator', 'status, instruction, checkpoint, words'),
    'policy/observation': (
        'policy → recorder',
        'JSON, one per question: stamps, age and skew of each source, and their limits',
    ),
    'policy/cmd_vel': ('policy → safety', 'm/s, rad/s; 50 Hz'),
    'joy': ('gamepad driver → gamepad', 'axes in [-1, 1], buttons'),
    'teleop/cmd_vel': ('operator → safety', 'outranks the policy while it is fresh'),
    'cmd_vel': ('safety → locomotion', 'what remains of the two above'),
    'policy/command': ('policy → safety', 'joint command of a policy that commands joints'),
    'locomotion/command': ('locomotion → safety', 'joint command; 50 Hz'),
    'joint_command': ('safety → robot', 'the only topic that the robot listens to; 200 Hz'),
    'novelty': ('encoder → safety', 'how unlike its training data the input is; above 1: novel'),
    'safety/status': ('safety → all', 'severity, reason, what a reset requires'),
    'safety/estop': ('operator → safety', 'true latches'),
    '/diagnostics': ('all nodes → viewers', 'rates, ages, missed deadlines, latencies; 1 Hz'),
    'trace': (
        'nodes of the control path → trace node, recorder',
        'JSON, once a second: what each output was caused by, and when it was worked on',
    ),
    'markers': ('markers node → rviz', 'path, stop zone, plan and more'),
    'robot_description': ('bring-up → viewers', 'URDF'),
    '/clock': ('simulator → all', 'simulated time'),
    'sim/ground_truth': ('simulator → evaluation', 'true pose and velocity; not for control'),
    'sim/objects': ('simulator → viewers', 'what stands in the world'),
    'sim/contacts': ('simulator → evaluation', 'JSON: resets, falls, collisions, clearance'),
    'sim/fault': (
        'fault suite → simulator',
        'break one topic; only with the parameter `faults` of the simulator',
    ),
    'sim/push': ('operator → simulator', "change of the base's velocity, m/s, world frame"),
    'safety/reset': ('operator → safety', 'release the latch, if nothing stands against it'),
    'safety/stop': ('operator → safety', 'latch: the robot goes soft'),
    'sim/reset': ('operator → simulator', 'begin anew, in the world of `world.seed`'),
}
"""Name -> who to whom, and content. A test sees that every declared name is here."""


def page() -> str:
    """Return the page."""
    rows = [
        (f'`{topic.name}`', f'`{type_name_of(topic.type)}`', _qos(topic), *words_of(topic.name))
        for topic in all_topics()
    ]
    services = [
        (f'`{service.name}`', f'`{_service_type(service)}`', *words_of(service.name))
        for service in vars(topics).values()
        if isinstance(service, Service)
    ]
    parts = [
        '# Topics and services',
        'Names are relative: a robot is a namespace. Those with a slash in front are shared.',
        table(('topic', 'type', 'QoS', 'from → to', 'content'), rows),
        '## Services',
        table(('service', 'type', 'from → to', 'effect'), services),
        '## A joint command',
        '`joint_command` and its sources are `JointState` messages: names, position targets, '
        'velocity targets, and effort as feed-forward. An array left empty is an interface that '
        'is not commanded: without positions there is no stiffness, and zero velocities without '
        'positions are damping. Gains belong to the driver of the robot.',
    ]
    return '\n\n'.join(parts) + '\n'


def all_topics() -> Iterator[Topic]:
    """Yield every declared topic, with a placeholder where the name is free."""
    yield from (value for value in vars(topics).values() if isinstance(value, Topic))
    for family in (topics.camera_image, topics.camera_info, topics.camera_depth):
        yield family('<name>')
    yield topics.features('<encoder>')


def words_of(name: str) -> tuple[str, str]:
    """Return from → to and content of a topic or service.

    Raises:
        KeyError: It has no words yet: add them to `WORDS`.
    """
    return WORDS[name]


def _qos(topic: Topic) -> str:
    reliability = topic.qos.reliability.name.lower().replace('_', ' ')
    latched = ', latched' if topic.qos.durability.name == 'TRANSIENT_LOCAL' else ''
    return f'{reliability}{latched}, {topic.qos.depth}'


def _service_type(service: Service) -> str:
    return type_name_of(service.type).replace('/msg/', '/srv/')
