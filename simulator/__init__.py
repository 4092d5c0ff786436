"""Everything a developer needs to believe that the skill works, with no Amazon account and no network."""

from simulator.echo import Echo, Turn

__all__ = ["Echo", "Turn"]
