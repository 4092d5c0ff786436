"""Everything a developer needs to believe that the skill works, with no Amazon account and no network."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.echo import Echo, Turn

__all__ = ["Echo", "Turn"]


def __getattr__(name: str) -> Any:
    """Load the Echo when somebody asks for it: a command that fails or is left at once need not wait for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from simulator import echo

    return getattr(echo, name)
