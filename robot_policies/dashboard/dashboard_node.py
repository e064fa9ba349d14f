# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Serve the operator's page.

A thin shell: what is shown is decided in `model`, what drives in `drive`, what it looks like in
`page` and `scene`. Nothing is drawn while no browser looks, and a slow browser delays nobody:
viser keeps only the newest state of what it has not yet got.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import sys
import time

from robot_policies import resources
from robot_policies.core.data_types import Missing, Odometry
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import param
from robot_policies.core.statistics import NS
from robot_policies.dashboard import address, model
from robot_policies.dashboard.desk import Desk
from robot_policies.dashboard.feed import Feed, measured
from robot_policies.dashboard.geometry import PoseHistory
from robot_policies.dashboard.latency import latency_table
from robot_policies.dashboard.page import Page
from robot_policies.dashboard.robot_shape import Link, load_robot_shape
from robot_policies.dashboard.scene import Scene
from robot_policies.dashboard.server import serve, stop
from robot_policies.dashboard.velocity_log import VelocityLog
from robot_policies.dashboard.zones import SafetyZones
from robot_policies.ros import notify
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.run import run_node

_TELEOP_HZ = 20.0
_WORDS_HZ = 4.0
_IMAGE_HZ = 8.0
_CHUNK_FRESH_NS = 3 * NS


@dataclass(frozen=True, kw_only=True)
class DashboardConfig(NodeConfig):
    """Where the page is served, and what it shows."""

    host: str = param('127.0.0.1', doc='Address to listen on; 0.0.0.0 lets other machines drive.')
    port: int = param(8080, doc='Port; a taken one makes way for the next.', low=0, high=65535)
    rate_hz: float = param(15.0, doc='Drawing of the 3-D view.', unit='Hz', low=1.0, high=60.0)
    plot_window_s: float = param(20.0, doc='Reach of the plots.', unit='s', low=1.0, high=300.0)
    examples: tuple[str, ...] = param(
        ('walk to the red ball', 'go to the blue box', 'find the green cone'),
        doc='Instructions to click.',
    )


class DashboardNode(ManagedNode):
    """Moves values from the topics to the page, and the operator's wishes back."""

    default_name = 'dashboard'
    config_class = DashboardConfig
    config: DashboardConfig

    def _setup(self) -> None:
        config = self.config
        host = address.numeric(config.host)
        self._server = serve(host, address.free_port(host, config.port))
        self.own(lambda: stop(self._server))
        self.url = address.url(host, self._server.get_port())
        self._feed = Feed(self, self.robot)
        self._desk = Desk(self)
        self._log = VelocityLog(config.plot_window_s, config.rate_hz)
        self._poses = PoseHistory()
        self._scene = Scene(self._server, self.robot, self._load_shape())
        self._zones = SafetyZones(self)
        title = ' · '.join(filter(None, (self.get_namespace().strip('/'), self.robot.name)))
        cameras = list(self._feed.cameras)
        self._page = Page(
            self._server,
            title,
            self._desk,
            self._scene,
            examples=config.examples,
            cameras=cameras,
            plot_window_s=config.plot_window_s,
        )
        self._next_ns: dict[str, int] = {}
        self.diagnostics.add_source(lambda: {'browsers': self._browsers, 'page': self.url})
        self.every(config.rate_hz, self._draw, 'page')
        self.every(_TELEOP_HZ, self._desk.steer, 'teleop')

    def _start(self) -> None:
        self.get_logger().info(f'page: {self.url}')
        if self.config.port not in (0, self._server.get_port()):
            notify.status(f'port {self.config.port} is taken, the page is at {self.url}')
        notify.page(self.url)

    @property
    def _browsers(self) -> int:
        return len(self._server.get_clients())

    def _load_shape(self) -> Sequence[Link]:
        try:
            return load_robot_shape(resources.description_path(self.robot))
        except ConfigError as error:
            self.get_logger().warning(f'the robot is drawn without its shape: {error}')
            return ()

    def _draw(self) -> None:
        now_ns = time.monotonic_ns()
        self._desk.work()
        pose = self._feed.pose()
        self._log.add(now_ns, self._feed.commanded(), measured(pose))
        if not isinstance(pose, Missing):
            self._poses.add(pose)
        if not self._browsers:
            return
        with self._server.atomic():
            if not isinstance(pose, Missing):
                self._draw_scene(pose)
            self._draw_images(now_ns)
            if self._due('words', _WORDS_HZ, now_ns):
                self._draw_words(now_ns)

    def _draw_scene(self, pose: Odometry) -> None:
        feed, scene = self._feed, self._scene
        feed.joints.poll()
        joints = feed.joints.slot.take(self.now_ns(), NS)
        scene.show_robot(pose, None if isinstance(joints, Missing) else joints)
        if feed.scan.poll():
            scan = feed.scan.slot.take(self.now_ns(), NS)
            if not isinstance(scan, Missing):
                scene.show_scan(scan, pose)
        chunk = feed.chunk.take(self.now_ns(), _CHUNK_FRESH_NS)
        if isinstance(chunk, Missing):
            scene.show_chunk(None, None)
        else:
            scene.show_chunk(chunk, self._poses.at(chunk.stamp_ns))
        objects = feed.new_objects()
        if objects is not None:
            scene.objects.show(objects)
            scene.forget()

    def _draw_images(self, now_ns: int) -> None:
        if not self._due('images', _IMAGE_HZ, now_ns):
            return
        for name, entry in self._feed.cameras.items():
            if entry.poll():
                image = entry.slot.take(self.now_ns(), NS)
                if not isinstance(image, Missing):
                    self._page.show_image(name, image.pixels)

    def _draw_words(self, now_ns: int) -> None:
        feed, page = self._feed, self._page
        latched = model.is_latched(feed.safety)
        page.show_safety(model.safety_card(feed.safety, now_ns), can_reset=latched)
        page.show_policy(model.policy_card(feed.policy, now_ns))
        page.show_answer(*self._desk.answer)
        page.show_driver(*model.driver_line(self._desk.driven()))
        page.show_velocity(self._log)
        facts = model.facts(feed.health, feed.missing(), self._browsers, now_ns)
        page.show_latency(latency_table(feed.health, now_ns))
        page.show_health(model.health_rows(feed.health, now_ns), facts)
        zones = self._zones.distances()
        if zones is not None:
            self._scene.show_zones(*zones)
        page.offer_simulation(self._desk.simulated)

    def _due(self, what: str, rate_hz: float, now_ns: int) -> bool:
        if now_ns < self._next_ns.get(what, 0):
            return False
        self._next_ns[what] = now_ns + round(NS / rate_hz)
        return True


def main(args: Sequence[str] | None = None) -> int:
    """Run the node."""
    return run_node(DashboardNode, args)


if __name__ == '__main__':
    sys.exit(main())
