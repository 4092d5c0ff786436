"""How a heat or cold session is spoken of: sentences put together from `content/en/therapy.toml`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from skill.coaching.spoken_time import about, capitalised, clock_time, exact_length, rough_length
from skill.coaching.therapy import REST_SECONDS, Plan, Situation, ended_unseen
from skill.coaching.therapy_session import MODALITIES, TherapySession
from skill.content import page, words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

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


def started_words(
    session: TherapySession, *, new_person: bool, zone: ZoneInfo | None, then: str | None, timers_down: bool
) -> str:
    """What is said when a session starts: the length read back, the cloth, the watch over the skin, the end."""
    modality = name_of(session.modality)
    minutes = capitalised(exact_length(session.planned_seconds))
    sentences = [
        words("therapy.started.now", minutes=minutes, modality=modality),
        words(f"therapy.placement.{session.modality}", where=where_words(session.area, session.side)),
    ]
    if session.area == "groin":
        sentences.append(words("therapy.placement.groin"))
    if session.timer != "alexa":
        sentences.append(words(f"therapy.clock.{'timers_down' if timers_down else 'no_timers'}"))
        sentences.append(clock_words(session, session.started_at, zone))
    elif session.check_timer_id is None:
        sentences.append(words("therapy.started.watch_no_check"))
    else:
        sentences.append(words("therapy.started.watch_timer_new" if new_person else "therapy.started.watch_timer"))
    if new_person:
        sentences.append(words("therapy.started.do_not_sleep"))
        sentences.append(words("therapy.started.provider", modality=modality))
    if then in MODALITIES:
        sentences.append(words("therapy.started.then", then=name_of(then)))
    return " ".join(sentences)


def clock_words(session: TherapySession, now: datetime, zone: ZoneInfo | None) -> str:
    """When to look at the skin and when to take it off, for somebody who goes by the clock."""
    remaining = session.remaining(now)
    until_check = SKIN_CHECK_SECONDS - session.done(now)
    check_first = 0 < until_check < remaining
    if zone is None:
        end, check = rough_length(remaining), rough_length(until_check)
        if check_first:
            return words("therapy.clock.unknown_check_and_end", check=check, end=end)
        return words("therapy.clock.unknown_end", end=end)
    here = now.astimezone(zone)
    end, check = (clock_time(here + timedelta(seconds=seconds)) for seconds in (remaining, until_check))
    if check_first:
        return words("therapy.clock.check_and_end", now=clock_time(here), check=check, end=end)
    return words("therapy.clock.end", now=clock_time(here), end=end)


def confirm_words(plan: Plan, reason: str, situation: Situation) -> tuple[str, str]:
    """The question that a yes answers, and its reprompt."""
    running = situation.running
    values: dict[str, Any] = {"minutes": exact_length(plan.seconds or 0), "modality": name_of(plan.modality)}
    if reason == "replace" and running:
        key = "replace_paused" if running.is_paused else "replace"
        values |= {"running": name_of(running.modality), "remaining": rough_length(running.remaining(situation.now))}
        return words(f"therapy.confirm.{key}", **values), words("therapy.confirm.reprompt_replace")
    if reason == "no_timer":
        return words("therapy.confirm.no_timer"), words("therapy.confirm.reprompt_no_timer")
    if reason == "usual":
        values["where"] = where_words(plan.area, plan.side) if plan.area else ""
    if reason == "too_soon":
        values["had"] = rough_length(situation.had(plan))
    return words(f"therapy.confirm.{reason}", **values), words("therapy.confirm.reprompt", **values)


def too_soon_words(plan: Plan, situation: Situation) -> str:
    """Why the same again has to wait, and for how long."""
    modality = name_of(plan.modality)
    running = situation.running_on(plan)
    if running:
        speech = words("therapy.declined.enough", modality=modality, done=rough_length(situation.had(plan)))
        room = running.room_to_extend(situation.had_before(running)) // 60
        return f"{speech} {words('therapy.declined.enough_room', room=exact_length(room * 60))}" if room else speech
    ago = rough_length(situation.since(plan))
    if ended_unseen(plan, situation):
        return words("therapy.declined.too_soon_unseen", modality=modality, ago=ago)
    return words("therapy.declined.too_soon", modality=modality, ago=ago, wait=wait_words(plan, situation))


def wait_words(plan: Plan, situation: Situation) -> str:
    """How long until the same may be had again, rounded up to whole minutes."""
    wait = max(60, REST_SECONDS - situation.since(plan))
    return about(-(-wait // 60) * 60)


def area_declined_words(area: str) -> str:
    """What is said of a place that the article doesn't cover. Never the listener's own word for it."""
    name = page("therapy")["outside"].get(area)
    return words("therapy.declined.area", area=name) if name else words("therapy.declined.area_unknown")


def caution_words(caution: str, modality: str | None) -> str:
    """What is said of something that speaks against heat or cold."""
    return words(f"cautions.{caution}.say", modality=name_of(modality))


def end_announcement(session: TherapySession) -> str:
    """What the timer says at the end. Plain text: the Timers API takes no markup."""
    minutes = exact_length(session.planned_seconds)
    key = "is_up" if minutes.startswith("one ") and " and " not in minutes else "are_up"
    up = words(f"therapy.announcements.{key}", minutes=capitalised(minutes))
    return f"{up} {words(f'therapy.announcements.end_{session.modality}')}"


def check_announcement(session: TherapySession) -> str:
    """What the hidden timer says for the skin check."""
    return words(f"therapy.announcements.check_{session.modality}")


def timer_label(purpose: str, session: TherapySession) -> str:
    """The label of a session's timer ("end" or "check"), unique among the skill's own even after a change of length."""
    label = words(f"therapy.labels.{purpose}_{session.modality}")
    return label if session.timer_number == 1 else f"{label} {session.timer_number}"


def modality_of_label(label: str, purpose: str = "end") -> str | None:
    """Which session a timer ("end" or "check") belongs to, by its label; None for other timers."""
    for modality in MODALITIES:
        own = words(f"therapy.labels.{purpose}_{modality}")
        if label == own or label.startswith(f"{own} "):
            return modality
    return None
