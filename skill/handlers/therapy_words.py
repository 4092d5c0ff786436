"""How a heat or cold session is spoken of: sentences put together from `content/en/therapy.toml`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from skill.coaching.spoken_time import capitalised, clock_time, exact_length, rough_length
from skill.coaching.therapy import Plan
from skill.coaching.therapy_session import MODALITIES, TherapySession
from skill.content import page, words

SKIN_CHECK_SECONDS = 5 * 60
"""Seconds after which the skin is looked at (H03, C04)."""


def name_of(modality: str | None) -> str:
    """How heat or cold is called in a sentence."""
    return words(f"therapy.names.{modality if modality in MODALITIES else 'either'}")


def where_words(area: str | None, side: str | None) -> str:
    """Where it goes, as a phrase with a leading space."""
    if area is None:
        return " " + words("therapy.where.unsaid")
    return " " + words(f"therapy.where.{area}.{side or 'plain'}")


def started_words(session: TherapySession, *, new_person: bool, zone: ZoneInfo | None, then: str | None) -> str:
    """What is said when a session starts: the length read back, the cloth, the watch over the skin, the end."""
    minutes = exact_length(session.planned_seconds)
    modality = name_of(session.modality)
    sentences = [
        words("therapy.started.now", minutes=capitalised(minutes), modality=modality),
        words(f"therapy.placement.{session.modality}", where=where_words(session.area, session.side)),
    ]
    if session.area == "groin":
        sentences.append(words("therapy.placement.groin"))
    sentences.append(_watch_words(session, minutes, new_person, zone))
    if new_person:
        sentences.append(words("therapy.started.do_not_sleep"))
        sentences.append(words("therapy.started.provider", modality=modality))
    if then in MODALITIES:
        sentences.append(words("therapy.started.then", then=name_of(then)))
    return " ".join(sentences)


def _watch_words(session: TherapySession, minutes: str, new_person: bool, zone: ZoneInfo | None) -> str:
    if session.timer == "alexa":
        if session.check_timer_id is None:
            return words("therapy.started.watch_no_check")
        return words("therapy.started.watch_timer_new" if new_person else "therapy.started.watch_timer")
    if zone is None:
        return words("therapy.started.watch_no_clock", minutes=minutes)
    start = session.started_at.astimezone(zone)
    return words(
        "therapy.started.watch_clock",
        now=clock_time(start),
        check=clock_time(start + timedelta(seconds=SKIN_CHECK_SECONDS)),
        end=clock_time(start + timedelta(seconds=session.planned_seconds)),
    )


def confirm_words(plan: Plan, reason: str, running: TherapySession | None, now: datetime) -> tuple[str, str]:
    """The question that a yes answers, and its reprompt."""
    minutes = exact_length(plan.seconds or 0)
    values: dict[str, Any] = {"minutes": minutes, "modality": name_of(plan.modality)}
    if reason == "replace" and running:
        values |= {"running": name_of(running.modality), "remaining": rough_length(running.remaining(now))}
        return words("therapy.confirm.replace", **values), words("therapy.confirm.reprompt_replace")
    if reason == "no_timer":
        return words("therapy.confirm.no_timer", **values), words("therapy.confirm.reprompt_no_timer")
    if reason == "usual":
        values["where"] = where_words(plan.area, plan.side) if plan.area else ""
    return words(f"therapy.confirm.{reason}", **values), words("therapy.confirm.reprompt", **values)


def area_declined_words(area: str) -> str:
    """What is said of a place that the article doesn't cover. Never the listener's own word for it."""
    name = page("therapy")["outside"].get(area)
    return words("therapy.declined.area", area=name) if name else words("therapy.declined.area_unknown")


def caution_words(caution: str, modality: str | None) -> str:
    """What is said of something that speaks against heat or cold."""
    return words(f"cautions.{caution}.say", modality=name_of(modality))


def end_announcement(session: TherapySession) -> str:
    """What the timer says at the end. Plain text: the Timers API takes no markup."""
    minutes = capitalised(exact_length(session.planned_seconds))
    return words(f"therapy.announcements.end_{session.modality}", minutes=minutes)


def check_announcement(session: TherapySession) -> str:
    """What the hidden timer says for the skin check."""
    return words(f"therapy.announcements.check_{session.modality}")


def timer_label(purpose: str, session: TherapySession) -> str:
    """The label of a session's timer ("end" or "check"), unique among the skill's own even after a change of length."""
    label = words(f"therapy.labels.{purpose}_{session.modality}")
    return label if session.timer_number == 1 else f"{label} {session.timer_number}"


def modality_of_label(label: str) -> str | None:
    """Which session an end timer belongs to, by its label; None for other timers."""
    for modality in MODALITIES:
        own = words(f"therapy.labels.end_{modality}")
        if label == own or label.startswith(f"{own} "):
            return modality
    return None
