"""The record of a turn: one JSON line for operators, from which CloudWatch also makes metrics.

On Lambda a line that says in `_aws` which of its members are metrics becomes metrics by itself, without a call (the
"embedded metric format" of the CloudWatch user guide). Every metric has one dimension only, the function's name: each
further value of a dimension would be paid for as a metric of its own. What else is asked, the records answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

TurnRecord: TypeAlias = Mapping[str, Any]
"""One turn as operators see it, with nothing personal: request, intent, outcome, details, ms, db_calls, log_error (why
DynamoDB failed, or None), locale."""

NAMESPACE: Final = "HipCoach"
DIMENSION: Final = "function"
METRICS: Final[Mapping[str, str]] = {
    "turns": "Count",
    "unavailable": "Count",
    "red_flags": "Count",
    "log_failures": "Count",
    "ms": "Milliseconds",
    "db_calls": "Count",
}
"""The metrics and their units, as the alarms and the dashboard know them. `ms` and `db_calls` stand in every record."""


def with_metrics(record: TurnRecord, function: str, moment: datetime) -> TurnRecord:
    """The record with its metrics.

    Args:
        record: the record of a turn.
        function: the name of the Lambda function.
        moment: when the turn was.
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items()],
    }
    return {
        **record,
        DIMENSION: function,
        "turns": 1,
        "unavailable": int(record["outcome"] == "unavailable"),
        "red_flags": int(record["outcome"] == "red_flag"),
        "log_failures": int(record["log_error"] is not None),
        "_aws": {"Timestamp": int(moment.timestamp() * 1000), "CloudWatchMetrics": [directive]},
    }


def print_record(record: TurnRecord) -> None:
    """Write a record as one line of JSON to standard output, where Lambda collects it."""
    print(json.dumps(record), flush=True)  # noqa: T201 - this is the log


def recorder(function: str | None, clock: Callable[[], datetime]) -> Callable[[TurnRecord], None]:
    """What takes the record of each turn: printed, with metrics where it runs as a Lambda function.

    Args:
        function: the name of the Lambda function; None elsewhere.
        clock: the present moment in UTC.
    """
    if function is None:
        return print_record
    return lambda record: print_record(with_metrics(record, function, clock()))
