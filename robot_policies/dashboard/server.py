# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Start and stop serving the page."""

import contextlib
import io

from robot_policies.dashboard.same_origin import only_own_pages
import viser


def serve(host: str, port: int) -> viser.ViserServer:
    """Start serving an empty page.

    Args:
        host: Numeric address to listen on.
        port: A free port, see `address.free_port`.
    """
    # viser greets on standard output, whatever it is told; the node says it in one line
    quiet = contextlib.redirect_stdout(io.StringIO())
    with quiet, only_own_pages(local=host.startswith('127.')):
        return viser.ViserServer(host=host, port=port, verbose=False)


def stop(server: viser.ViserServer) -> None:
    """Stop serving; browsers show that the connection is gone and try again."""
    with contextlib.redirect_stdout(io.StringIO()):
        server.stop()
