"""What can be set from outside. The only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How this copy of the skill runs."""

    table_name: str = "hip-coach"
    """HIP_COACH_TABLE: the DynamoDB table of the session log."""
    log_secret: str = ""
    """HIP_COACH_LOG_SECRET: the key with which user ids are hashed. Without one nothing is logged."""
    skill_id: str | None = None
    """HIP_COACH_SKILL_ID: requests for another skill are refused. None: not checked, for the desk only."""
    dynamodb_endpoint: str | None = None
    """AWS_ENDPOINT_URL_DYNAMODB: where DynamoDB is, when it isn't AWS."""
    region: str | None = None
    """AWS_REGION, as Lambda sets it."""
    function_name: str | None = None
    """AWS_LAMBDA_FUNCTION_NAME, as Lambda sets it: the turn records then carry metrics."""
    starts_ahead: bool = False
    """AWS_LAMBDA_INITIALIZATION_TYPE, as Lambda sets it: whether it starts before anybody waits for an answer."""
    allow_loopback_api: bool = False
    """HIP_COACH_ALLOW_LOOPBACK_API=yes: let Alexa's API be on this machine, as it is for the simulator."""
    api_read_seconds: float = 1.3
    """HIP_COACH_API_READ_SECONDS: how long one answer of Alexa's API is waited for."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; what is missing or empty keeps its default.

        Raises:
            ValueError: for a number that is none, naming the variable.
        """
        given = os.environ if environment is None else environment
        seconds = given.get("HIP_COACH_API_READ_SECONDS") or str(cls.api_read_seconds)
        try:
            api_read_seconds = float(seconds)
        except ValueError:
            api_read_seconds = 0.0
        if not 0 < api_read_seconds <= 8:
            raise ValueError("HIP_COACH_API_READ_SECONDS must be a number of seconds up to 8, such as 1.3")
        return cls(
            table_name=given.get("HIP_COACH_TABLE") or cls.table_name,
            log_secret=given.get("HIP_COACH_LOG_SECRET") or cls.log_secret,
            skill_id=given.get("HIP_COACH_SKILL_ID") or None,
            dynamodb_endpoint=given.get("AWS_ENDPOINT_URL_DYNAMODB") or None,
            region=given.get("AWS_REGION") or None,
            function_name=given.get("AWS_LAMBDA_FUNCTION_NAME") or None,
            starts_ahead=given.get("AWS_LAMBDA_INITIALIZATION_TYPE") in ("snap-start", "provisioned-concurrency"),
            allow_loopback_api=given.get("HIP_COACH_ALLOW_LOOPBACK_API", "").lower() in ("1", "yes", "true"),
            api_read_seconds=api_read_seconds,
        )
