"""What the tests of the skill and of the simulator share."""

from __future__ import annotations

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def cloud(clock: StandingClock) -> AlexaCloud:
    """Someone who allows timers and reminders, in the middle of a session."""
    cloud = AlexaCloud(clock, timers="granted", reminders="granted")
    cloud.session_open = True
    return cloud
