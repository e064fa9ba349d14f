# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The page in headless Chromium: what is pressed arrives on the topics, and nothing else does."""

from collections.abc import Iterator
import os
import shutil
import time

from dashboard_fakes import FakeRobot
from node_rig import NodeRig
import numpy as np
import PIL.Image
import pytest
from robot_policies.dashboard.dashboard_node import DashboardNode

playwright = pytest.importorskip('playwright.sync_api', reason='playwright drives the browser')
CHROMIUM = next(
    filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None
)
pytestmark = [
    pytest.mark.ros,
    pytest.mark.skipif(CHROMIUM is None, reason='needs Chromium'),
]
PATIENCE_S = 100.0
"""A browser that draws in software on a busy machine takes its time."""


DRAW_NOTHING = """
for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced'])
  WebGL2RenderingContext.prototype[name] = () => {};
window.requestAnimationFrame = step => setTimeout(() => step(performance.now()), 100);
window.cancelAnimationFrame = clearTimeout;
"""
"""Software rendering takes all the time there is, and only one test looks at the picture."""


class Stage:
    """A fake robot, the dashboard, and a browser; shared, because a browser starts slowly."""

    def __init__(self, browser) -> None:
        self.browser = browser
        self.fetched: list[str] = []
        # domains from 215 on are free: the other tests count from 1 to 100
        self.rig = NodeRig(215 + os.getpid() % 17)
        self.robot = FakeRobot(context=self.rig.context)
        self.rig._executor.add_node(self.robot)
        self.node = self.rig.active(DashboardNode, port=0, rate_hz=4.0)

    def open(self, *, drawn: bool = False, height: int = 640):
        """Open the page, and wait until it is connected and filled."""
        page = self.browser.new_page(viewport={'width': 1000, 'height': height})
        if not drawn:
            page.add_init_script(DRAW_NOTHING)
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on('request', lambda request: self.fetched.append(request.url))
        page.goto(self.node.url)
        page.get_by_text('every check passes').wait_for()
        return page

    def close(self) -> None:
        self.rig._executor.remove_node(self.robot)
        self.rig.close()

    def heard(self, topic: str) -> list:
        return self.robot.heard[topic]

    def forget(self) -> None:
        for messages in self.robot.heard.values():
            messages.clear()


@pytest.fixture(scope='module')
def stage() -> Iterator[Stage]:
    before = os.environ.get('ROS_AUTOMATIC_DISCOVERY_RANGE')
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        stage = Stage(browser)
        yield stage
        browser.close()
        stage.close()
    if before is None:
        os.environ.pop('ROS_AUTOMATIC_DISCOVERY_RANGE')
    else:
        os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = before


@pytest.fixture(scope='module')
def shared_page(stage):
    return stage.open()


@pytest.fixture
def page(stage, shared_page):
    """The page, with nothing pressed and nothing heard."""
    shared_page.mouse.click(500, 40)
    stage.robot.safety = ('PASS', False, 'every check passes', '')
    stage.robot.policy = ('ACTING', 'walking to the red ball')
    shared_page.get_by_text('every check passes').wait_for()
    stage.forget()
    return shared_page


def velocities(stage):
    return [message.twist.linear.x for _, message in stage.heard('teleop/cmd_vel')]


def stop_button(page):
    return page.get_by_role('button', name='STOP (space)')


def drive_pad(page):
    return page.get_by_label('drive pad')


def test_everything_is_on_the_page(page):
    assert stop_button(page).is_visible()
    assert page.get_by_role('button', name='Reset', exact=True).is_visible()
    assert page.get_by_label('instruction').is_visible()
    assert page.get_by_text('walk to the red ball', exact=True).is_visible()
    assert drive_pad(page).is_visible()
    assert page.get_by_text('Camera front').is_visible()
    assert page.get_by_text('forward, m/s').is_visible()
    assert page.get_by_text('On its way').is_visible()
    assert page.locator('canvas').count() >= 1
    page.get_by_text('Health').click()
    page.get_by_text('real time × 1.00').wait_for()
    page.get_by_text('locomotion').first.wait_for()
    page.get_by_text('Velocity', exact=True).click()


def test_the_texts_in_which_the_widgets_speak_are_hidden(page):
    assert page.get_by_text('channel').count() > 0
    assert not any(label.is_visible() for label in page.get_by_text('channel').all())


def test_nothing_is_fetched_from_anywhere_else(stage, page):
    own = (stage.node.url, f'blob:{stage.node.url}', 'data:')
    assert stage.fetched
    assert [url for url in stage.fetched if not url.startswith(own)] == []


def test_a_typed_instruction_arrives_whole(stage, page, wait_for):
    box = page.get_by_label('instruction')
    box.fill("Please don't stop: go to the *red* <ball>")
    box.press('Enter')
    wait_for(lambda: stage.heard('instruction'), PATIENCE_S, 'the instruction')
    (_, message), *more = stage.heard('instruction')
    assert message.data == "Please don't stop: go to the *red* <ball>"
    assert not more


def test_an_example_is_sent_with_one_click_and_again_with_the_next(stage, page, wait_for):
    for count in (1, 2):
        page.get_by_text('go to the blue box', exact=True).click()
        wait_for(lambda n=count: len(stage.heard('instruction')) == n, PATIENCE_S, 'the example')
    assert {m.data for _, m in stage.heard('instruction')} == {'go to the blue box'}


def test_stand_still_is_the_empty_instruction(stage, page, wait_for):
    page.get_by_text('stand still', exact=True).click()
    wait_for(lambda: stage.heard('instruction'), PATIENCE_S, 'the instruction')
    assert stage.heard('instruction')[0][1].data == ''


def test_the_stop_button_presses_the_estop(stage, page, wait_for):
    stop_button(page).click()
    wait_for(lambda: stage.heard('safety/estop'), PATIENCE_S, 'the e-stop')
    assert [m.data for _, m in stage.heard('safety/estop')] == [True]


def test_the_space_bar_presses_the_estop(stage, page, wait_for):
    page.keyboard.press('Space')
    wait_for(lambda: stage.heard('safety/estop'), PATIENCE_S, 'the e-stop')
    assert stage.heard('safety/estop')[0][1].data is True


def test_the_space_bar_in_the_instruction_box_is_a_space(stage, page, wait_for):
    box = page.get_by_label('instruction')
    box.fill('')
    box.press_sequentially('a b')
    box.press('Enter')
    wait_for(lambda: stage.heard('instruction'), PATIENCE_S, 'the instruction')
    assert stage.heard('instruction')[0][1].data == 'a b'
    assert not stage.heard('safety/estop')


def test_reset_releases_the_estop_before_it_asks_and_shows_the_answer(stage, page, wait_for):
    reset = page.get_by_role('button', name='Reset', exact=True)
    assert reset.is_disabled()
    stage.robot.safety = ('DAMP', True, 'e-stop pressed', 'release the e-stop; rest')
    page.get_by_text('Stopped, latched').wait_for()
    page.get_by_text('release the e-stop').wait_for()
    reset.click()
    wait_for(lambda: stage.heard('safety/reset'), PATIENCE_S, 'the reset')
    assert stage.heard('safety/estop')[0][1].data is False
    assert stage.heard('safety/estop')[0][0] < stage.heard('safety/reset')[0][0]
    page.get_by_text('reset done: standing up').wait_for()


def test_a_refused_reset_says_why(stage, page):
    stage.robot.reset_succeeds = False
    try:
        stage.robot.safety = ('DAMP', True, 'e-stop pressed', 'rest')
        page.get_by_text('Stopped, latched').wait_for()
        page.get_by_role('button', name='Reset', exact=True).click()
        page.get_by_text('reset refused: the robot still moves').wait_for()
    finally:
        stage.robot.reset_succeeds = True


def test_what_the_policy_does_not_see_is_said_in_its_words(stage, page):
    stage.robot.policy = ('NOT_SEEN', "I don't see a purple cone.")
    page.get_by_text("I don't see a purple cone.").wait_for()
    page.get_by_text('Not seen', exact=True).wait_for()


def test_words_from_a_topic_are_not_run(stage, page):
    stage.robot.policy = ('ACTING', '<img src=x onerror="document.title=\'taken\'">')
    page.get_by_text('<img src=x').wait_for()
    assert page.title() != 'taken'


def test_a_held_key_drives_and_letting_go_stops(stage, page, wait_for):
    drive_pad(page).focus()
    page.keyboard.down('w')
    wait_for(lambda: len(velocities(stage)) > 5, PATIENCE_S, 'driving')
    assert velocities(stage)[-1] == pytest.approx(0.6 * stage.robot.robot.body.max_vx)
    page.keyboard.up('w')
    wait_for(lambda: velocities(stage)[-1] == 0.0, PATIENCE_S, 'the zero after the release')
    comes_to_rest(stage)


def test_the_stick_drives_in_proportion_and_letting_go_stops(stage, page, wait_for):
    box = drive_pad(page).bounding_box()
    x, y = box['x'] + box['width'] / 2, box['y'] + box['height'] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 24)
    half = 0.6 * stage.robot.robot.body.max_vx * 24 / (box['height'] / 2 - 28)
    wait_for(
        lambda: velocities(stage) and abs(velocities(stage)[-1] - half) < 0.03,
        PATIENCE_S,
        'half speed',
    )
    page.mouse.up()
    wait_for(lambda: velocities(stage)[-1] == 0.0, PATIENCE_S, 'the zero after the release')
    comes_to_rest(stage)


def test_driving_stops_when_the_window_loses_the_focus(stage, page, wait_for):
    drive_pad(page).focus()
    page.keyboard.down('w')
    wait_for(lambda: len(velocities(stage)) > 2, PATIENCE_S, 'driving')
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    comes_to_rest(stage)
    page.keyboard.up('w')


def test_driving_stops_when_the_pad_loses_the_focus(stage, page, wait_for):
    drive_pad(page).focus()
    page.keyboard.down('w')
    wait_for(lambda: len(velocities(stage)) > 2, PATIENCE_S, 'driving')
    page.get_by_label('instruction').focus()
    wait_for(lambda: velocities(stage)[-1] == 0.0, PATIENCE_S, 'the stop')
    page.keyboard.up('w')


def test_keys_do_not_drive_before_the_pad_was_chosen(stage, page):
    page.keyboard.down('w')
    page.get_by_text('every check passes').wait_for()
    comes_to_rest(stage)
    page.keyboard.up('w')
    assert not velocities(stage)


def test_stop_gets_through_while_the_stick_is_held(stage, page, wait_for):
    drive_pad(page).focus()
    page.keyboard.down('w')
    wait_for(lambda: len(velocities(stage)) > 2, PATIENCE_S, 'driving')
    page.keyboard.press('Space')
    wait_for(lambda: stage.heard('safety/estop'), PATIENCE_S, 'the e-stop')
    assert stage.heard('safety/estop')[0][1].data is True
    page.keyboard.up('w')


def test_two_browsers_see_the_same_and_one_that_vanishes_while_it_drives_stops(
    stage, page, wait_for
):
    other = stage.open()
    drive_pad(other).focus()
    other.keyboard.down('w')
    for either in (page, other):
        either.get_by_text('by hand: +0.60 m/s').wait_for()
    other.close()
    comes_to_rest(stage)


def test_a_simulated_world_can_be_reset_and_the_robot_pushed(stage, page, wait_for):
    page.get_by_role('button', name='Reset world').click()
    wait_for(lambda: stage.heard('sim/reset'), PATIENCE_S, 'the reset')
    page.get_by_role('button', name='Push the robot').click()
    wait_for(lambda: stage.heard('sim/push'), PATIENCE_S, 'the push')
    push = stage.heard('sim/push')[0][1]
    assert 0.2 < (push.x**2 + push.y**2) ** 0.5 < 1.5


@pytest.mark.slow
def test_the_robot_is_drawn(stage, tmp_path):
    page = stage.open(drawn=True, height=420)
    stage.node.trigger_deactivate()  # a still picture: drawing in software takes seconds
    shot = tmp_path / 'page.png'
    page.screenshot(path=shot, timeout=200_000)
    page.close()
    stage.node.trigger_activate()
    pixels = np.asarray(PIL.Image.open(shot).convert('RGB')).astype(int)
    light_grey = (pixels.min(axis=2) > 110) & (np.ptp(pixels, axis=2) < 40)
    assert light_grey.mean() > 0.001, 'the robot, light grey on a dark ground, is not to be seen'


def comes_to_rest(stage):
    """Return when for ten periods of the stream nothing drove, and zero was the last that did.

    A busy browser that repeats a held key late gives a zero in between.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        count = len(velocities(stage))
        time.sleep(0.5)
        told = velocities(stage)
        if len(told) == count and (not told or told[-1] == 0.0):
            return
        assert time.monotonic() < deadline, f'it still drives: {told[-10:]}'
