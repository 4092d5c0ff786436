"""One call of the SDK's service clients, with every failure as one `ServiceRefusal`, whatever the SDK made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ask_sdk_model.services.service_client_factory import ServiceClientFactory

Result = TypeVar("Result")


class ServiceRefusal(Exception):
    """A call that did not do what was asked.

    `status` is the HTTP status, None when no answer came or nobody could make sense of it; `code` that of Amazon's
    error body, where there was one.
    """

    def __init__(self, status: int | None = None, code: str | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


def call_service(
    services: ServiceClientFactory | None,
    client_of: Callable[[ServiceClientFactory], Any],
    do: Callable[[Any], Result],
) -> Result:
    """Do something with one of the SDK's clients.

    Args:
        services: the turn's own; None when the envelope has no token.
        client_of: takes the client from them.
        do: the call, and the reading of its answer.

    Raises:
        ServiceRefusal: when it did not work.
    """
    if services is None:
        raise ServiceRefusal
    from ask_sdk_core.exceptions import SerializationException
    from ask_sdk_model.services import ServiceException

    try:
        return do(client_of(services))
    except ServiceException as problem:
        raise ServiceRefusal(problem.status_code, _error_code(problem.body)) from None
    except SerializationException as problem:
        # The SDK chokes on an empty or HTML error body before it looks at the status; the API client noted it.
        raise ServiceRefusal(_last_status(services)) from problem
    except (TypeError, ValueError, AttributeError):
        # No access token in the envelope (TypeError in the SDK), or an answer in a shape that nobody documented.
        raise ServiceRefusal from None


def _error_code(body: object) -> str | None:
    code = body.get("code") if isinstance(body, dict) else getattr(body, "code", None)
    return code if isinstance(code, str) else None


def _last_status(services: ServiceClientFactory) -> int | None:
    return getattr(services.api_configuration.api_client, "last_status", None)
