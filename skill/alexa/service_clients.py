"""The SDK's service clients, each loaded when it is first asked for.

The SDK's own factory loads all its services as it is imported, and everything that they exchange: 131 modules, a tenth
of a cold start, of which Hip Coach uses a few in some turns. So this module stands in the factory's place. It has to be
imported before the SDK; afterwards it changes nothing, and the SDK's own factory does the same work.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, Final

FACTORY: Final = "ask_sdk_model.services.service_client_factory"
"""The module of the SDK's that this one stands in for."""

_GETTER = re.compile(r"get_(\w+)_service")


class ServiceClientFactory:
    """Makes clients by the names that the SDK's factory has for them: `get_timer_management_service()`.

    Attributes:
        api_configuration: how the clients call Alexa.
    """

    def __init__(self, api_configuration: Any) -> None:
        self.api_configuration = api_configuration

    def __getattr__(self, name: str) -> Callable[[], Any]:
        """The method that makes one service's client.

        Raises:
            AttributeError: for anything else, and for a service that the SDK hasn't got.
        """
        from importlib import import_module

        wanted = _GETTER.fullmatch(name)
        try:
            if wanted is None:
                raise ImportError(name)
            package = import_module(f"ask_sdk_model.services.{wanted[1]}")
            client = getattr(package, _class_name(wanted[1]))
        except ImportError:
            raise AttributeError(f"the SDK has no {name}") from None
        return lambda: client(self.api_configuration)


def _class_name(service: str) -> str:
    """ "timer_management" has a TimerManagementServiceClient."""
    return "".join(word.capitalize() for word in service.split("_")) + "ServiceClient"


sys.modules.setdefault(FACTORY, sys.modules[__name__])
