"""What to do where a real peer is missing."""

import os

import pytest

REQUIRED = "ENDLESSDREAMS_REQUIRE_PEERS"


def missing(peer, remedy):
    """Skip a test for want of a peer, or fail it where peers are required (as in CI)."""
    said = f"{peer} is not here: {remedy}"
    if os.environ.get(REQUIRED):
        pytest.fail(said)
    pytest.skip(said)
