"""The conversation: one module for each thing a person can ask for. `handler_for` says who answers what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from skill.coaching.understanding.labels import ANSWER, HEAT_OR_COLD, OUT_OF_SCOPE, RED_FLAG, entry_of
from skill.content import page
from skill.handlers import (
    answers,
    free_text,
    history,
    open_choices,
    pain_scores,
    permission,
    privacy,
    questions,
    red_flags,
    reminder_list,
    reminders,
    standard,
    stretch_controls,
    stretch_heard,
    stretch_safety,
    stretch_start,
    therapy_running,
    therapy_start,
)
from skill.handlers.turn import Reply, Turn

Handler = Callable[[Turn], Reply]

INTENTS: Mapping[str, Handler] = {
    "StartTherapyIntent": therapy_start.start_therapy,
    "UsualTherapyIntent": therapy_start.usual_therapy,
    "TherapyCautionIntent": therapy_start.therapy_caution,
    "TimeLeftIntent": therapy_running.time_left,
    "PauseTherapyIntent": therapy_running.pause,
    "ResumeTherapyIntent": therapy_running.resume,
    "StopTherapyIntent": therapy_running.stop,
    "ExtendTherapyIntent": therapy_running.extend,
    "ShortenTherapyIntent": therapy_running.shorten,
    "AmountIntent": answers.amount,
    "AgreeIntent": answers.yes,
    "DeclineIntent": answers.no,
    "UnsureIntent": answers.unsure,
    "NoProblemsIntent": answers.no_problems,
    "FeelingIntent": open_choices.feeling,
    "TellMoreIntent": questions.more,
    "SourceIntent": questions.source,
    "WhatElseIntent": questions.what_else,
    "RepeatAnswerIntent": standard.repeat,
    "HowToUseIntent": standard.help_,
    "ReminderIntent": reminders.set_reminder,
    "ReminderTimeIntent": reminders.reminder_time,
    "ReminderListIntent": reminder_list.list_reminders,
    "ReminderCancelIntent": reminder_list.cancel_reminder,
    "GoodbyeIntent": standard.goodbye,
    "HistoryIntent": history.history,
    "HistoryLastIntent": history.last,
    "HistoryCountIntent": history.count,
    "PrivacyIntent": privacy.privacy,
    "DeleteDataIntent": privacy.ask_delete,
    "StretchStartIntent": stretch_safety.start,
    "StretchListIntent": stretch_start.list_stretches,
    "ReplacedHipIntent": stretch_safety.replaced_hip,
    "StretchNextIntent": stretch_controls.next_step,
    "StretchSkipIntent": stretch_controls.skip_step,
    "StretchRepeatIntent": stretch_controls.repeat_step,
    "StretchPreviousIntent": stretch_controls.previous_step,
    "StretchPauseIntent": stretch_controls.pause_stretch,
    "StretchResumeIntent": stretch_controls.resume_stretch,
    "StretchStopIntent": stretch_controls.stop_stretch,
    "StretchStartOverIntent": stretch_controls.start_over_again,
    "StretchEasierIntent": stretch_controls.easier_step,
    "StretchSlowerIntent": stretch_controls.slower_step,
    "StretchFasterIntent": stretch_controls.faster_step,
    "StretchMoreDetailIntent": stretch_controls.more_detail_of_step,
    "StretchShorterWordsIntent": stretch_controls.fewer_words,
    "StretchOneSideIntent": stretch_controls.one_side_only,
    "StretchHowManyIntent": stretch_controls.how_many,
    "StretchHurtsIntent": stretch_controls.that_hurts,
    "AMAZON.NextIntent": stretch_controls.next_or_skip,
    "AMAZON.PreviousIntent": stretch_controls.previous_step,
    "AMAZON.StartOverIntent": stretch_controls.start_over_again,
    "AMAZON.YesIntent": answers.yes,
    "AMAZON.NoIntent": answers.no,
    "AMAZON.PauseIntent": therapy_running.pause,
    "AMAZON.ResumeIntent": therapy_running.resume,
    "AMAZON.HelpIntent": standard.help_,
    "AMAZON.StopIntent": standard.stop,
    "AMAZON.CancelIntent": standard.goodbye,
    "AMAZON.RepeatIntent": standard.repeat,
    "AMAZON.FallbackIntent": standard.fallback,
    "AMAZON.NavigateHomeIntent": standard.goodbye,
}
"""The intents that are written by hand in the interaction model, by name."""

HEARD_BY_THE_SKILL: Mapping[str, Handler] = {
    "LogPainIntent": pain_scores.pain_not_kept,
    free_text.UNKNOWN_QUESTION: free_text.unknown_question,
}
"""What only the skill's own understanding can bring here; Alexa's model has no intents for it."""

FREE_TEXT = re.compile(f"Free(Question|Words[A-Z])Intent|{free_text.THAT_ONE_INTENT}")
"""The intents that catch whatever Alexa could not place, or what only the talk before gives a meaning."""

ENTRIES: Mapping[str, tuple[str, Callable[[Turn, str], Reply]]] = {
    ANSWER: ("answers", questions.answer),
    HEAT_OR_COLD: ("heat_or_cold", questions.heat_or_cold),
    OUT_OF_SCOPE: ("out_of_scope", questions.out_of_scope),
    RED_FLAG: ("red_flags", red_flags.red_flag),
}
"""For each kind of content, its page and its handler: every entry has an intent of its own."""

REQUESTS: Mapping[str, Handler] = {
    "LaunchRequest": standard.launch,
    "Connections.Response": permission.connections_response,
    "SessionEndedRequest": standard.acknowledge,
    "AlexaSkillEvent.SkillDisabled": privacy.skill_disabled,
}
"""Every other request that the skill answers, by type."""

AFTER_RED_FLAG = frozenset(
    """AgreeIntent DeclineIntent UnsureIntent NoProblemsIntent AmountIntent RepeatAnswerIntent HowToUseIntent
    TellMoreIntent AMAZON.YesIntent AMAZON.NoIntent AMAZON.HelpIntent AMAZON.RepeatIntent
    AMAZON.FallbackIntent SourceIntent WhatElseIntent
    AMAZON.NextIntent AMAZON.PreviousIntent AMAZON.StartOverIntent
    StretchNextIntent StretchSkipIntent StretchRepeatIntent StretchPreviousIntent StretchResumeIntent
    StretchEasierIntent StretchSlowerIntent StretchFasterIntent StretchMoreDetailIntent StretchShorterWordsIntent
    StretchOneSideIntent StretchHowManyIntent""".split()
)
"""What, after a red flag, brings the safety message once more and nothing else. So does all that is out of scope."""

STARTS = frozenset(
    """StartTherapyIntent UsualTherapyIntent ResumeTherapyIntent ExtendTherapyIntent AMAZON.ResumeIntent
    StretchStartIntent""".split()
)
"""What would start something: not in the same talk as an emergency."""

GOODBYES = frozenset({"GoodbyeIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"})


def respond(turn: Turn) -> Reply:
    """Answer one turn: red flags in free text first, then the handler of the intent."""
    if turn.state.red_flag and _brings_it_again(turn):
        return red_flags.still_there(turn)
    if turn.state.red_flag and turn.intent in GOODBYES:
        return red_flags.goodbye(turn)
    flag = red_flags.flag_of_caution(turn)
    if flag:
        return red_flags.red_flag(turn, flag)
    handler = stretch_heard.by_the_words(turn) or stretch_controls.in_a_stretch(turn)
    if handler is None:
        chosen = (
            open_choices.answer_to_open_choice(turn)
            or stretch_safety.side_of_hip(turn)
            or stretch_start.answer_which(turn)
        )
        if chosen is not None:
            return chosen
        handler = handler_for(turn.intent)
    reply = stretch_safety.remember_hip(turn, handler(turn))
    return stretch_controls.back_to_step(turn, reply)


def handler_for(intent_or_request: str) -> Handler:
    """The handler for an intent or a request type. An intent of which this skill knows nothing is not understood."""
    if FREE_TEXT.fullmatch(intent_or_request):
        return partial(free_text.free_text, respond=respond)
    return (
        INTENTS.get(intent_or_request)
        or REQUESTS.get(intent_or_request)
        or HEARD_BY_THE_SKILL.get(intent_or_request)
        or _handler_of_entry(intent_or_request)
        or standard.fallback
    )


def is_known(intent: str) -> bool:
    """Whether an intent is one of this skill's; names of others come from outside and are not repeated anywhere."""
    return intent in INTENTS or FREE_TEXT.fullmatch(intent) is not None or _handler_of_entry(intent) is not None


def _brings_it_again(turn: Turn) -> bool:
    """Whether, after a red flag, what to do is said once more instead of an answer."""
    if turn.intent in STARTS:
        return red_flags.is_emergency(turn.state.red_flag)
    return turn.intent in AFTER_RED_FLAG or _is_out_of_scope(turn.intent)


def _is_out_of_scope(intent: str) -> bool:
    entry = entry_of(intent)
    return entry is not None and entry[0] == OUT_OF_SCOPE


def _handler_of_entry(intent: str) -> Handler | None:
    entry = entry_of(intent)
    if entry is None:
        return None
    kind, name = entry
    page_name, answer = ENTRIES[kind]
    if name not in page(page_name):
        return None
    return lambda turn: answer(turn, name)
