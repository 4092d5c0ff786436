"""Whether a function that was just deployed answers, found out before a person does."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime

from botocore.exceptions import WaiterError

from deployment.account import Account, DeployError


def check_answers(account: Account, endpoint: str, skill_id: str, pause: float) -> None:
    """Ask the function as Alexa would, "open Hip Coach", for nobody in particular: nothing is logged of it.

    Args:
        account: where it is.
        endpoint: the ARN of the function's alias.
        skill_id: the skill that may ask.
        pause: seconds between two looks whether it is ready.

    Raises:
        DeployError: when it doesn't answer with something to say.
    """
    client = account.client("lambda")
    # A version with a snapshot can't be called before the snapshot is taken.
    try:
        client.get_waiter("published_version_active").wait(
            FunctionName=endpoint, WaiterConfig={"Delay": pause, "MaxAttempts": 300}
        )
    except WaiterError as error:
        raise _broken(str((error.last_response or {}).get("StateReason") or error)) from None
    application = {"application": {"applicationId": skill_id}, "user": {}}
    event = {
        "version": "1.0",
        "session": {"new": True, "sessionId": "deployment", "attributes": {}, **application},
        "context": {"System": {**application, "device": {"supportedInterfaces": {}}}},
        "request": {
            "type": "LaunchRequest",
            "requestId": f"deployment.{secrets.token_hex(8)}",
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "locale": "en-US",
        },
    }
    result = client.invoke(FunctionName=endpoint, Payload=json.dumps(event).encode())
    answer = json.loads(result["Payload"].read())
    if result.get("FunctionError"):
        raise _broken(answer.get("errorMessage") or "no reason given")
    if not (answer.get("response") or {}).get("outputSpeech"):
        raise _broken("it says nothing")


def _broken(reason: str) -> DeployError:
    return DeployError(f"the stack is there, but its function doesn't work: {' '.join(reason.split())}")
