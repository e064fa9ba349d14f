# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The layout of the page around the 3-D view: panels, buttons, plots.

What the operator does is handed to an `Operator` at once, in the order in which it was done.
"""

from collections.abc import Callable, Coroutine, Sequence
import contextlib
from typing import Any, Protocol

import numpy as np
from robot_policies.core.arrays import ByteArray
from robot_policies.core.drive import parse_pulse, Pulse
from robot_policies.dashboard import browser_widgets, markup
from robot_policies.dashboard.model import Card, HealthRow, Tone
from robot_policies.dashboard.plots import VelocityPlots
from robot_policies.dashboard.scene import Scene
from robot_policies.dashboard.velocity_log import VelocityLog
import viser

_LEFT_PX, _RIGHT_PX, _BOX_PX = 360, 340, 470
_EMPTY_IMAGE = np.full((240, 320, 3), 30, dtype=np.uint8)


class Operator(Protocol):
    """What the buttons do. Called from the page's own thread; must not block."""

    def instruct(self, text: str) -> None:
        """Give an instruction; empty means stop."""

    def stop(self) -> None:
        """Press the e-stop."""

    def reset(self) -> None:
        """Release the e-stop and ask for a reset."""

    def drive(self, browser: int, pulse: Pulse, speed: float) -> None:
        """Take a pulse of the stick or the keyboard."""

    def browser_gone(self, browser: int) -> None:
        """A browser has disconnected."""

    def reset_world(self) -> None:
        """Begin the simulated world anew."""

    def push(self) -> None:
        """Push the simulated robot."""


class _Html:
    """A piece of HTML that is sent when it changes."""

    def __init__(self, gui: viser.GuiApi, content: str = '') -> None:
        self._handle = gui.add_html(content)
        self._content = content

    def show(self, content: str) -> None:
        """Replace it."""
        if content != self._content:
            self._content = content
            self._handle.content = content


class Page:
    """Everything around the 3-D view."""

    def __init__(
        self,
        server: viser.ViserServer,
        title: str,
        operator: Operator,
        scene: Scene,
        *,
        examples: Sequence[str],
        cameras: Sequence[str],
        plot_window_s: float,
    ) -> None:
        """Build the page.

        Args:
            server: From `server.serve`.
            title: Of the page.
            operator: Who acts on the buttons.
            scene: The 3-D view, for its switches.
            examples: Instructions to click.
            cameras: Names of the cameras to show.
            plot_window_s: How far the plots reach back.
        """
        self._gui = server.gui
        self._operator = operator
        self._scene = scene
        self._gui.configure_theme(dark_mode=True, show_logo=False, show_share_button=False)
        self._gui.set_panel_label(title)
        self._gui.main_panel.dock_left()
        self._gui.main_panel.set_width(_LEFT_PX)
        self._add_safety()
        self._add_instruction(examples)
        self._add_drive()
        self._images: dict[str, viser.GuiImageHandle] = {}
        self._signals = self._gui.add_panel()
        self._add_signals(plot_window_s)
        if cameras:
            self._add_cameras(cameras)
        server.on_client_disconnect(lambda client: operator.browser_gone(client.client_id))

    def show_safety(self, card: Card, *, can_reset: bool) -> None:
        """Show the safety state; the reset button works while there is something to reset."""
        self._safety.show(markup.banner(card))
        if self._reset.disabled == can_reset:
            self._reset.disabled = not can_reset

    def show_answer(self, text: str, tone: Tone) -> None:
        """Show what became of the last thing the operator asked for."""
        self._answer.show(markup.line([(text, tone)]) if text else '')

    def show_policy(self, card: Card) -> None:
        """Show what the policy says."""
        self._policy.show(markup.note(card))

    def show_driver(self, text: str, tone: Tone) -> None:
        """Show who drives."""
        self._driver.show(markup.line([(text, tone)]))

    def show_health(self, rows: Sequence[HealthRow], facts: Sequence[tuple[str, Tone]]) -> None:
        """Show the nodes' reports and the facts above them."""
        self._facts.show(markup.line(facts))
        self._health.show(markup.health_table(rows))

    def show_image(self, camera: str, pixels: ByteArray) -> None:
        """Show a camera's image (H, W, 3)."""
        self._images[camera].image = pixels

    def show_velocity(self, log: VelocityLog) -> None:
        """Show the last seconds of command and measurement."""
        self._plots.show(log)

    def offer_simulation(self, offered: bool) -> None:
        """Show what only a simulated robot has, or not."""
        if self._simulation.visible != offered:
            self._simulation.visible = offered

    def _add_safety(self) -> None:
        gui, operator = self._gui, self._operator
        gui.add_html(browser_widgets.STYLE)
        # above the words, so that it stays where the hand expects it, however many there are
        gui.add_html(browser_widgets.before_button())
        stop = gui.add_button('STOP  (space)', color='red', hint='E-stop: the robot goes soft')
        self._safety = _Html(gui)
        self._reset = gui.add_button('Reset', color='blue', disabled=True)
        self._answer = _Html(gui)
        stop.on_click(_does(operator.stop))
        self._reset.on_click(_does(operator.reset))
        # a command is sent at once, even while viser holds back a stream of stick positions
        command = gui.add_command('STOP', description='E-stop', hotkey='space')
        command.on_trigger(_does(operator.stop))

    def _add_instruction(self, examples: Sequence[str]) -> None:
        panel = self._gui.add_panel()
        panel.float(x=16, y=-16, width=_BOX_PX)
        with panel.add_tab('Instruction', viser.Icon.MESSAGE):
            self._policy = _Html(self._gui)
            channel = self._add_channel(browser_widgets.instruction_box(examples))

        @channel.on_update
        async def _(event: viser.GuiEvent[viser.GuiTextHandle]) -> None:
            self._operator.instruct(event.target.value.partition(' ')[2].strip())

    def _add_drive(self) -> None:
        panel = self._gui.add_panel()
        panel.dock_below(self._gui.main_panel)
        with panel.add_tab('Drive by hand', viser.Icon.DEVICE_GAMEPAD_2):
            channel = self._add_channel(browser_widgets.drive_pad())
            speed = self._gui.add_slider('speed', min=0.1, max=1.0, step=0.05, initial_value=0.6)
            self._driver = _Html(self._gui)
            self._simulation = self._gui.add_folder('Simulation', visible=False)
        with self._simulation:
            self._add_simulation()

        @channel.on_update
        async def _(event: viser.GuiEvent[viser.GuiTextHandle]) -> None:
            with contextlib.suppress(ValueError):  # anything else than a pulse drives nothing
                pulse = parse_pulse(event.target.value)
                self._operator.drive(event.client_id or 0, pulse, float(speed.value))

    def _add_simulation(self) -> None:
        operator = self._operator
        again = self._gui.add_button('Reset world', icon=viser.Icon.REFRESH)
        push = self._gui.add_button('Push the robot', icon=viser.Icon.WIND)
        again.on_click(_does(operator.reset_world))
        push.on_click(_does(operator.push))

    def _add_cameras(self, cameras: Sequence[str]) -> None:
        panel = self._gui.add_panel()
        panel.dock_right()
        panel.set_width(_RIGHT_PX)
        for name in cameras:
            with panel.add_tab(f'Camera {name}', viser.Icon.CAMERA):
                image = self._gui.add_image(_EMPTY_IMAGE, format='jpeg', jpeg_quality=80)
            self._images[name] = image
        self._signals.dock_below(panel)

    def _add_signals(self, window_s: float) -> None:
        gui, scene, signals = self._gui, self._scene, self._signals
        signals.dock_right()
        signals.set_width(_RIGHT_PX)
        with signals.add_tab('Velocity', viser.Icon.CHART_LINE):
            self._plots = VelocityPlots(gui, window_s)
        with signals.add_tab('Health', viser.Icon.HEARTBEAT):
            self._facts = _Html(gui)
            self._health = _Html(gui)
        with signals.add_tab('View', viser.Icon.EYE):
            follow = gui.add_checkbox('follow the robot', initial_value=True)
            hint = 'What the simulator knows. The robot does not get to see it.'
            truth = gui.add_checkbox('simulation ground truth', initial_value=True, hint=hint)

        @follow.on_update
        async def _(event: viser.GuiEvent[viser.GuiCheckboxHandle]) -> None:
            scene.follow = bool(event.target.value)

        @truth.on_update
        async def _(event: viser.GuiEvent[viser.GuiCheckboxHandle]) -> None:
            scene.objects.visible = bool(event.target.value)

    def _add_channel(self, widget: str) -> viser.GuiTextHandle:
        """Add a widget and, below it, the hidden text in which it says what is done to it."""
        self._gui.add_html(widget)
        return self._gui.add_text('channel', initial_value='')


def _does(act: Callable[[], None]) -> Callable[[Any], Coroutine[Any, Any, None]]:
    """Return `act` as what viser calls when something is pressed.

    A coroutine, because viser runs these in order, and plain functions in a pool of threads.
    """

    async def run(_event: object) -> None:
        act()

    return run
