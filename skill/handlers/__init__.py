"""The conversation: one module for each thing a person can ask for. `HANDLERS` says which handler answers what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from skill.handlers import answers, permission, standard, therapy_running, therapy_start
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
    "HowToUseIntent": standard.help_,
    "GoodbyeIntent": standard.goodbye,
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
"""Every intent of the interaction model, by name."""

REQUESTS: Mapping[str, Handler] = {
    "LaunchRequest": standard.launch,
    "Connections.Response": permission.connections_response,
    "SessionEndedRequest": standard.acknowledge,
    "AlexaSkillEvent.SkillDisabled": standard.acknowledge,
}
"""Every other request that the skill answers, by type."""


def handler_for(intent_or_request: str) -> Handler:
    """The handler for an intent or a request type. An intent of which this skill knows nothing is not understood."""
    return INTENTS.get(intent_or_request) or REQUESTS.get(intent_or_request) or standard.fallback
