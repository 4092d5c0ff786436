"""What the tests of the simulator share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.cloud_calls import Caller


@pytest.fixture
def caller() -> Iterator[Caller]:
    caller = Caller()
    yield caller
    caller.pool.clear()
