"""Tests reach nothing beyond this machine: a connection out is refused before it is made."""

from __future__ import annotations

import socket

import pytest

DOCUMENTATION_ADDRESS = "192.0.2.1"
"""TEST-NET-1 of RFC 5737: nobody is there."""


def test_a_connection_out_is_refused() -> None:
    # The plugin warns and then raises; warnings are errors here, so that the warning comes first.
    with socket.socket() as client, pytest.raises(UserWarning, match=DOCUMENTATION_ADDRESS):
        client.connect((DOCUMENTATION_ADDRESS, 80))


def test_loopback_is_allowed() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()
