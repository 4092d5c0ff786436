"""The gates that a wish for heat or cold goes through: their order, and that nothing unsafe ever starts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.amounts import LONGEST, SHORTEST, USUAL
from skill.coaching.therapy import (
    GATES,
    REASONS,
    REST_SECONDS,
    Decision,
    Plan,
    Situation,
    decide,
    known_side,
    rules_out,
    usual_plan,
)
from skill.coaching.therapy_session import AREAS, MODALITIES, SIDES, TherapySession, new_session, same_skin
from skill.content import page

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WISH = Plan("cold", 900, 900, None)


def before(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def session(modality: str = "cold", seconds: int = 900, started: float = 5) -> TherapySession:
    """A session that was started so many minutes ago, settled up to now."""
    entry = f"log#{before(started):%Y-%m-%dT%H:%M:%S}Z#ab12cd34"
    return new_session(entry, modality, seconds, "hip", "left", before(started)).settled(NOW)


def known(*sessions: TherapySession) -> Situation:
    """Somebody who has answered the safety question."""
    return Situation(NOW, True, sessions)


# ---- One gate at a time


def test_a_clear_wish_of_a_known_person_starts_as_it_was_said() -> None:
    assert decide(WISH, known()) == Decision("start", WISH)


def test_the_safety_question_comes_before_the_first_session() -> None:
    decision = decide(WISH, Situation(NOW))
    assert (decision.action, decision.gate) == ("ask_safety", "safety")
    assert decide(decision.plan.agree("safety"), Situation(NOW)).action == "start"


@pytest.mark.parametrize(("modality", "reason"), [(None, "missing"), ("both", "both"), ("conflict", "conflict")])
def test_heat_or_cold_is_asked_for_when_it_is_not_clear(modality: str | None, reason: str) -> None:
    assert decide(replace(WISH, modality=modality), known()) == Decision(
        "ask_modality", replace(WISH, modality=modality), reason
    )


@pytest.mark.parametrize("area", ["knee", "face", "unknown", "hip "])
def test_a_place_that_the_article_does_not_cover_is_turned_down(area: str) -> None:
    decision = decide(replace(WISH, area=area), known())
    assert (decision.action, decision.reason, decision.gate) == ("decline", "area", None)


@pytest.mark.parametrize("reason", REASONS)
def test_a_length_that_was_not_clear_needs_a_yes(reason: str) -> None:
    decision = decide(replace(WISH, reason=reason), known())
    assert (decision.action, decision.reason, decision.gate) == ("confirm", reason, "amount")
    assert decide(decision.plan.agree("amount"), known()).action == "start"


def test_without_a_length_the_last_one_is_offered() -> None:
    wish = Plan("cold")
    assert decide(wish, known()).plan.seconds == USUAL
    assert decide(wish, known(session("heat", 600, 300))).plan.seconds == USUAL
    assert decide(wish, known(session("cold", 720, 300))).plan.seconds == 720


def test_a_second_session_replaces_the_first_only_after_a_yes() -> None:
    situation = known(session("heat"))
    decision = decide(WISH, situation)
    assert (decision.action, decision.reason, decision.gate) == ("confirm", "replace", "replace")
    assert decide(decision.plan.agree("replace"), situation) == Decision("start", WISH.agree("replace"))


def test_the_same_again_while_it_runs_stays_within_twenty_minutes_in_all() -> None:
    # GIVEN eight minutes of cold
    situation = known(session("cold", started=8))
    # THEN at most twelve are offered anew
    assert decide(replace(WISH, seconds=LONGEST), situation).plan.seconds == 720
    # AND none when there is no room for another ten, also when it was replaced before
    replaced = session("cold", started=12).end("replaced", before(3))
    assert decide(WISH, known(session("cold", 660, 3), replaced)).reason == "too_soon"
    assert decide(WISH, known(session("cold", started=11))).reason == "too_soon"


@pytest.mark.parametrize(("minutes_since", "action"), [(0, "decline"), (59, "decline"), (60, "start"), (600, "start")])
def test_the_same_again_within_the_hour_is_too_soon(minutes_since: int, action: str) -> None:
    situation = known(session("cold", 900, 15 + minutes_since))
    decision = decide(WISH, situation)
    # What the log has seen through to its end is not asked about, and nobody can agree to it.
    assert (decision.action, decision.gate) == (action, None)
    assert decide(WISH.agree("too_soon"), situation).action == action


def test_when_nobody_knows_how_long_the_last_one_was_the_person_is_asked_and_gets_the_shortest() -> None:
    # GIVEN a session whose timer was found gone after thirteen minutes
    situation = known(session("cold", started=15).end("elsewhere", before(2)))
    decision = decide(WISH, situation)
    assert (decision.action, decision.reason, decision.gate) == ("decline", "too_soon", "too_soon")
    # THEN a yes to "was it cut short?" starts ten minutes
    started = decide(decision.plan.agree("too_soon"), situation)
    assert (started.action, started.plan.seconds) == ("start", SHORTEST)


def test_left_and_right_are_not_the_same_skin() -> None:
    left = known(session("cold", 900, 20))
    assert decide(replace(WISH, side="right"), left).action == "start"
    for side in ("left", "both", None):
        assert decide(replace(WISH, side=side), left).reason == "too_soon"


def test_a_session_of_the_other_kind_in_between_is_no_way_around_the_hour() -> None:
    situation = known(session("heat", started=3), session("cold", 900, 20))
    assert decide(WISH, situation).reason == "too_soon"


def test_the_groin_starts_like_any_other_place() -> None:
    assert decide(replace(WISH, area="groin"), known()).action == "start"


def test_a_place_that_is_not_clear_is_asked_about() -> None:
    assert decide(replace(WISH, area="unclear"), known()).action == "ask_area"


def test_the_other_kind_within_the_hour_is_fine() -> None:
    assert decide(WISH, known(session("heat", 1200, 21))).action == "start"


def test_a_session_that_was_cut_short_leaves_room_for_the_rest() -> None:
    # GIVEN five minutes of cold, stopped two minutes ago
    short = session("cold", 900, 7).end("stopped", before(2))
    # THEN fifteen more are fine, and of twenty fifteen are offered
    assert decide(WISH, known(short)).action == "start"
    decision = decide(replace(WISH, seconds=LONGEST), known(short))
    assert (decision.action, decision.reason, decision.plan.seconds) == ("confirm", "too_soon", 900)
    assert decide(decision.plan.agree("too_soon"), known(short)) == Decision("start", decision.plan.agree("too_soon"))


def test_several_short_sessions_count_together() -> None:
    # GIVEN ten minutes of cold twice within the hour
    twice = [session("cold", 600, 11), session("cold", 600, 22)]
    # THEN a third is too soon, although the last one alone would leave room for it
    assert decide(replace(WISH, seconds=600), known(twice[0])).action == "start"
    assert decide(replace(WISH, seconds=600), known(*twice)).reason == "too_soon"


def test_cautions_come_before_everything_else_and_nobody_can_agree_to_them() -> None:
    plan = Plan("heat", 900, 900, "over_limit", "knee", caution="swelling", agreed=GATES)
    assert decide(plan, Situation(NOW)) == Decision("decline", plan, "swelling")
    assert decide(replace(plan, modality="cold"), Situation(NOW)).reason == "area"


def test_the_gates_stand_in_their_order() -> None:
    # GIVEN a plan that every gate has something to say to
    situation = Situation(NOW, False, (session("heat"),))
    plan = Plan(None, None, None, "missing", "knee", caution="numb")
    assert decide(plan, situation).reason == "numb"
    plan = replace(plan, caution=None)
    assert decide(plan, situation).reason == "area"
    plan = replace(plan, area="hip")
    assert decide(plan, situation).action == "ask_modality"
    plan = replace(plan, modality="cold")
    for gate in ("amount", "replace", "safety"):
        decision = decide(plan, situation)
        assert decision.gate == gate
        plan = decision.plan.agree(gate)
    assert decide(plan, situation).action == "start"


@pytest.mark.parametrize(
    ("caution", "modality", "ruled_out"),
    [
        ("numb", "heat", True),
        ("numb", "cold", True),
        ("swelling", "heat", True),
        ("swelling", "cold", False),
        ("swelling", None, True),
        ("raynauds", "heat", False),
        ("noted", "heat", False),
        ("noted", None, False),
        ("never heard of", "heat", True),
        ("never heard of", None, True),
    ],
)
def test_a_caution_rules_out_what_its_entry_says_and_an_unknown_one_everything(
    caution: str, modality: str | None, ruled_out: bool
) -> None:
    assert rules_out(caution, modality) is ruled_out


def test_the_usual_is_the_last_session_once_more_and_needs_a_yes() -> None:
    assert usual_plan(known()) is None
    plan = usual_plan(known(session("heat", 1200, 300), session("cold", 600, 900)))
    assert plan == Plan("heat", 1200, None, "usual", "hip", "left")


def test_a_usual_length_that_was_shortened_is_offered_within_bounds() -> None:
    shortened = session("cold", 600, 300).lengthened(-300)
    assert known(shortened).usual_seconds("cold") == SHORTEST


def test_a_side_is_one_of_three_or_none() -> None:
    assert [known_side(side) for side in ("left", "both", "inside", None)] == ["left", "both", None, None]


# ---- For any plan and situation

plans = st.builds(
    Plan,
    modality=st.sampled_from([None, "heat", "cold", "both", "conflict"]),
    seconds=st.none() | st.integers(SHORTEST, LONGEST),
    asked_seconds=st.none() | st.integers(-(10**7), 10**7),
    reason=st.none() | st.sampled_from(REASONS),
    area=st.none() | st.sampled_from((*AREAS, "knee", "unknown", "unclear")),
    side=st.none() | st.sampled_from(SIDES),
    then=st.none() | st.sampled_from(["heat", "cold", "both"]),
    caution=st.none() | st.sampled_from(sorted(page("cautions"))),
    agreed=st.lists(st.sampled_from(GATES), max_size=6).map(tuple),
)
past_sessions = st.builds(
    session,
    modality=st.sampled_from(MODALITIES),
    seconds=st.integers(SHORTEST, LONGEST),
    started=st.integers(0, 200).map(float),
)
paused_sessions = past_sessions.map(lambda s: s.pause(s.started_at + timedelta(seconds=30)) if s.is_live else s)
stopped_sessions = st.tuples(past_sessions, st.sampled_from(["stopped", "replaced", "elsewhere"])).map(
    lambda drawn: drawn[0].end(drawn[1], min(NOW, drawn[0].started_at + timedelta(minutes=3)))
)
situations = st.builds(
    Situation,
    now=st.just(NOW),
    safety_answered=st.booleans(),
    sessions=st.lists(past_sessions | paused_sessions | stopped_sessions, max_size=4).map(
        lambda found: tuple(sorted(found, key=lambda s: s.started_at, reverse=True))
    ),
)


@given(plans, situations)
def test_what_starts_is_safe(plan: Plan, situation: Situation) -> None:
    decision = decide(plan, situation)
    if decision.action != "start":
        return
    started = decision.plan
    assert started.modality in MODALITIES
    assert started.seconds is not None
    assert SHORTEST <= started.seconds <= LONGEST
    assert started.area is None or started.area in AREAS
    assert started.seconds <= LONGEST
    assert not (started.caution and rules_out(started.caution, started.modality))
    assert situation.safety_answered or "safety" in started.agreed
    assert situation.running is None or "replace" in started.agreed
    assert started.reason is None or "amount" in started.agreed
    assert new_session("log#x", started.modality, started.seconds, started.area, started.side, NOW)


@given(plans, situations)
def test_heat_or_cold_never_goes_on_for_more_than_twenty_minutes_unless_nobody_knows_how_long_it_was(
    plan: Plan, situation: Situation
) -> None:
    decision = decide(plan, situation)
    if decision.action != "start":
        return
    same = [s for s in situation.sessions if s.modality == plan.modality and same_skin(s.side, plan.side)]
    recent = [s for s in same if s.ended_at and (NOW - s.ended_at).total_seconds() < REST_SECONDS]
    had = sum(s.done(NOW) for s in recent if s.outcome != "elsewhere")
    running = situation.running
    if running in same:
        assert running is not None
        had += running.done(NOW)
    if any(s.outcome == "elsewhere" for s in recent) and "too_soon" in plan.agreed:
        return
    assert had + (decision.plan.seconds or 0) <= LONGEST


@given(plans, situations)
def test_somebody_who_only_ever_says_yes_comes_to_an_end(plan: Plan, situation: Situation) -> None:
    for _ in range(6):
        decision = decide(plan, situation)
        if decision.gate is None:
            assert decision.action in ("start", "decline", "ask_modality", "ask_area")
            return
        assert decision.gate not in decision.plan.agreed
        plan = decision.plan.agree(decision.gate)
    pytest.fail("six times yes, and still asked")


@given(plans, situations)
def test_a_decision_is_the_same_every_time(plan: Plan, situation: Situation) -> None:
    decision = decide(plan, situation)
    assert decision == decide(plan, situation)
    assert decision.action in ("start", "confirm", "ask_area", "ask_modality", "ask_safety", "decline")
    assert decision.gate is None or decision.gate in GATES


# ---- On its way through a conversation


@given(plans)
def test_a_plan_comes_back_from_json_as_it_was(plan: Plan) -> None:
    assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan


@given(plans)
def test_a_plan_fits_into_the_token_of_a_permission_question(plan: Plan) -> None:
    assert len(json.dumps(plan.as_json())) <= 1024 - 2


@pytest.mark.parametrize(
    "change",
    [
        {"seconds": 599},
        {"seconds": 1201},
        {"seconds": -900},
        {"seconds": "900"},
        {"seconds": True},
        {"seconds": 900.0},
        {"asked_seconds": "long"},
        {"agreed": "safety"},
        {"agreed": ["safety", "everything"]},
        {"agreed": [["safety"]]},
        {"modality": "lukewarm"},
        {"modality": 7},
        {"reason": "reprompt"},
        {"side": "inside"},
        {"then": "<speak>"},
        {"caution": "none at all"},
        {"area": "x" * 40},
        {"area": ["hip"]},
        {"area": "My knee"},
        {"area": "<audio>"},
    ],
    ids=str,
)
def test_a_plan_that_was_not_ours_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a plan's"):
        Plan.from_json(WISH.as_json() | change)


def test_an_empty_plan_is_an_empty_plan() -> None:
    assert Plan.from_json({}) == Plan(reason=None)
