"""The Echo on each engine in turn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from simulator import Echo
from tests.skill.engines import ENGINES, endpoint_of, patient_client_with_table


@pytest.fixture(params=ENGINES)
def echo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Echo:
    """Somebody whose log is on each engine in turn."""
    monkeypatch.setattr("simulator.echo._client", patient_client_with_table)
    endpoint: Any = SimpleNamespace(endpoint=endpoint_of(request.param))
    return Echo.returning(dynamodb=endpoint)
