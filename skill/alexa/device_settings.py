"""The device's own settings: its time zone, for spoken times of day (Alexa Settings API)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ask_sdk_model.services.service_client_factory import ServiceClientFactory


def time_zone(services: ServiceClientFactory | None, device_id: str) -> ZoneInfo | None:
    """The device's time zone, or None when it can't be had; nothing depends on it but the wording."""
    if services is None or not device_id:
        return None
    from zoneinfo import ZoneInfo

    from ask_sdk_core.exceptions import SerializationException
    from ask_sdk_model.services import ServiceException

    try:
        name = services.get_ups_service().get_system_time_zone(device_id)
        return ZoneInfo(getattr(name, "value", name))
    except (ServiceException, SerializationException, TypeError, ValueError, KeyError, AttributeError, OSError):
        return None
