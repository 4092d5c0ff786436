"""Settings for every test of the skill."""

from __future__ import annotations

from hypothesis import settings

# A slow machine must not fail a test: how long an example takes is no part of what is tested.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
