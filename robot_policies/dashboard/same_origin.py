# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Only the page itself may talk to the page's server.

A browser lets any web site open a WebSocket to `localhost`. Without this check whatever site the
operator has open in another tab could drive the robot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import websockets.asyncio.server

_HERE = ('localhost', '127.0.0.1', '::1')


def refusal(origin: str | None, host: str | None, *, local: bool) -> str:
    """Return why a connection is refused, empty if it is not.

    Args:
        origin: Header `Origin`: the page that opens the connection; programs send none.
        host: Header `Host`: the server as the browser knows it.
        local: True if only this machine is served. A name that merely resolves to it (which is
            how a foreign site gets around the comparison with `Host`) is then refused too.
    """
    if local and urlsplit(f'//{host}').hostname not in _HERE:
        return f'this page is served to {" and ".join(_HERE[:2])} only, not to {host}'
    if origin is not None and urlsplit(origin).netloc != host:
        return f'a page of {origin} may not talk to this robot'
    return ''


@contextmanager
def only_own_pages(*, local: bool) -> Iterator[None]:
    """Make a viser server that is constructed inside refuse what `refusal` refuses.

    viser offers no place for the check, so it goes around the function that viser serves with.

    Raises:
        RuntimeError: viser does not serve in that way any more: better no page than an open one.
    """
    serve = websockets.asyncio.server.serve
    guarded = []

    def guarding_serve(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        inner = options['process_request']

        def process_request(connection: Any, request: Any) -> Any:  # noqa: ANN401
            headers = request.headers
            why = refusal(headers.get('Origin'), headers.get('Host'), local=local)
            if why:
                return connection.respond(HTTPStatus.FORBIDDEN, f'{why}\n')
            return inner(connection, request)

        guarded.append(True)
        return serve(*arguments, **{**options, 'process_request': process_request})

    websockets.asyncio.server.serve = guarding_serve  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        websockets.asyncio.server.serve = serve  # type: ignore[misc]
    if not guarded:
        raise RuntimeError('this version of viser cannot be kept from serving foreign pages')
