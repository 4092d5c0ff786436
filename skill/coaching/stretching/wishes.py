"""What somebody wishes for, and what is known of their body."""

from __future__ import annotations

from dataclasses import dataclass, field

REPLACED = ("left", "right", "both", "yes")
CONDITIONS = frozenset(
    {
        "stiff_spine",  # S13
        "unsteady",  # S14: poor balance, or alone and unsure
        "flare",  # S10
        "late_pregnancy",  # S16
        "just_iced",  # C13
        # S15: no stretching
        "hot_swollen",
        "fever",
        "fall",
        "severe_pain",
        # S16: ask first
        "osteoporosis",
        "hip_fracture",
        "recent_surgery",
        "sciatica",
    }
)


@dataclass(frozen=True)
class Wish:
    """What was asked for; "" where it wasn't said."""

    muscle: str = ""
    """hip_flexors, hamstrings, piriformis, glutes, all, or the id of one that isn't covered (quads, back, ...)."""
    position: str = ""
    """lying, seated, standing, in_bed."""
    side: str = ""
    """left, right, both."""
    routine: str = ""
    """whole, short, morning_in_bed, strengthening, or one (a single stretch)."""
    easy: bool = False
    minutes: int | None = None
    """How much time there is."""
    exercise: str = ""
    """One exercise by its id (an entry of `stretches.toml`)."""

    @property
    def stretched(self) -> str:
        """The muscle that is stretched for this wish, "all" for several: of the buttocks it is the piriformis (F25)."""
        return "piriformis" if self.muscle == "glutes" else self.muscle or "all"


@dataclass(frozen=True)
class Body:
    """What is known of the person.

    Raises:
        ValueError: for a condition or an answer that isn't known: a caution must never be lost to a typing error.
    """

    replaced_hip: str = "unknown"
    """unknown, no, left, right, both, or yes (which side isn't known)."""
    cleared: bool = False
    """Whether a surgeon or physio has cleared these stretches."""
    conditions: frozenset[str] = field(default_factory=frozenset)
    """Of `CONDITIONS`."""
    heard_stop_rules: bool = False
    """Heard the stop rules lately: then they are short."""
    short_words: bool = False

    def __post_init__(self) -> None:
        if self.replaced_hip not in ("unknown", "no", *REPLACED):
            raise ValueError(f"not an answer about a replaced hip: {self.replaced_hip}")
        if unknown := self.conditions - CONDITIONS:
            raise ValueError(f"not conditions: {sorted(unknown)}")
