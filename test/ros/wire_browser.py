# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A browser without a picture: speaks to the page's server as viser's client does.

Needs neither Chromium nor much time, so that what is pressed is tested everywhere.
"""

import contextlib
import threading

import msgspec
import viser
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
import zstandard

CAMERA = {
    'type': 'ViewerCameraMessage',
    'wxyz': (1.0, 0.0, 0.0, 0.0),
    'position': (1.0, 1.0, 1.0),
    'fov': 1.0,
    'near': 0.01,
    'far': 100.0,
    'image_height': 600,
    'image_width': 800,
    'look_at': (0.0, 0.0, 0.0),
    'up_direction': (0.0, 0.0, 1.0),
}


class WireBrowser:
    """Keeps what the page shows, by the label of each element, and presses its buttons."""

    def __init__(self, url: str) -> None:
        self.elements: dict[str, dict] = {}
        self.commands: dict[str, str] = {}
        self.updates = 0
        self._count = 0
        protocol = [f'viser-v{viser.__version__}']
        self._socket = connect(
            url.replace('http', 'ws'), origin=url, subprotocols=protocol, max_size=None
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self._send(CAMERA)  # viser counts a browser as there once it has told its camera

    def close(self) -> None:
        """Vanish."""
        self._socket.close()
        self._thread.join()

    def words(self) -> str:
        """Return all HTML on the page."""
        shown = [e['props']['content'] for e in list(self.elements.values()) if _is_html(e)]
        return '\n'.join(shown)

    def element(self, label: str) -> dict:
        """Return the element with a label; raises LookupError while there is none."""
        for element in list(self.elements.values()):
            if element['props'].get('label') == label:
                return element
        raise LookupError(label)

    def has(self, *labels: str) -> bool:
        """Return True once all of these are on the page."""
        return set(labels) <= {e['props'].get('label') for e in list(self.elements.values())}

    def press(self, label: str) -> None:
        """Press a button."""
        self._update(self.element(label)['uuid'], True)

    def hotkey(self, label: str) -> None:
        """Trigger the command of that label, as its hotkey does."""
        self._send({'type': 'CommandTriggerMessage', 'uuid': self.commands[label]})

    def say(self, widget: str, text: str) -> None:
        """Write into the hidden text of a widget, as its script does.

        Args:
            widget: Class name in the widget's HTML.
            text: What the widget says.
        """
        elements = sorted(self.elements.values(), key=lambda e: e['props']['order'])
        places = [i for i, e in enumerate(elements) if _is_html(e, f'class="{widget}"')]
        follows = elements[places[0] + 1 :]
        channel = next(e for e in follows if e['type'] == 'GuiTextMessage')
        self._count += 1
        self._update(channel['uuid'], f'wire{self._count} {text}')

    def _update(self, uuid: str, value: object) -> None:
        self._send({'type': 'GuiUpdateMessage', 'uuid': uuid, 'updates': {'value': value}})

    def _send(self, message: dict) -> None:
        self._socket.send(msgspec.msgpack.encode(message))

    def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            for data in self._socket:
                size = int.from_bytes(data[8:16], 'little')
                inner = zstandard.ZstdDecompressor().decompress(data[16 : 16 + size])
                for message in msgspec.msgpack.decode(inner)['messages']:
                    self._take(message)

    def _take(self, message: dict) -> None:
        kind, uuid = message['type'], message.get('uuid', '')
        if kind == 'RegisterCommandMessage':
            self.commands[message['props']['label']] = uuid
        elif kind == 'GuiUpdateMessage' and uuid in self.elements:
            self.elements[uuid]['props'].update(message['updates'])
        elif kind.startswith('Gui') and 'props' in message and 'order' in message['props']:
            self.elements[uuid] = message
        elif kind in ('SetPositionMessage', 'SetOrientationMessage', 'SceneNodeUpdateMessage'):
            self.updates += 1


def _is_html(element: dict, containing: str = '') -> bool:
    return element['type'] == 'GuiHtmlMessage' and containing in element['props']['content']
