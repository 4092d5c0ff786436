"""Reading and writing what is remembered of a person."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from skill.session_log.connection import ROUND_TRIPS_AT_MOST, Allowance, Connection
from skill.session_log.deletion import Deletion, Forgotten
from skill.session_log.entries import PROFILE, SESSION_KEY, LogEntry, stamp
from skill.session_log.failures import condition_failed
from skill.session_log.outlines import Outlines, outline_of
from skill.session_log.stored_values import SCHEMA, corrupt_revision, entry_of, item_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

KEPT_FOR: Final = timedelta(days=365)
"""How long after its last change an entry is kept."""

Rebase = Callable[[LogEntry, LogEntry | None], LogEntry | None]
"""Makes a change anew on top of what the log holds instead (None: of a later schema, or gone); None lets that stand."""


@dataclass(frozen=True)
class Saved:
    """What became of the entries of one save.

    Attributes:
        written: now in the log.
        repeated: were there already, written by the very same request (Alexa sent it twice).
        stale: not written, for somebody else has written that revision or a newer one.
        held: for each of the stale ones, in their order, what the log holds instead, so that the change can be made
            again on top of it; None where a later Hip Coach wrote it, or nothing is there.
    """

    written: tuple[LogEntry, ...] = ()
    repeated: tuple[LogEntry, ...] = ()
    stale: tuple[LogEntry, ...] = ()
    held: tuple[LogEntry | None, ...] = ()


class SessionLog:
    """Reads and writes entries. One object serves many people and turns; the client is made at the first use and kept.

    Args:
        table_name: the DynamoDB table.
        secret: the key with which user ids are hashed. Another secret means other people: nobody is recognised.
        make_client: makes the DynamoDB client; called once.
        now: the time of day, in UTC; entries expire `KEPT_FOR` after it.
        pause: waits so many seconds, between two tries of a deletion that DynamoDB is too busy for.
    """

    def __init__(
        self,
        table_name: str,
        secret: bytes,
        make_client: Callable[[], DynamoDBClient],
        now: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if not secret:
            raise ValueError(
                "the session log needs a secret: without one, anybody could work out whose entries they are"
            )
        self._table_name = table_name
        self._secret = secret
        self._connection = Connection(make_client)
        self._now = now
        self._pause = pause

    @property
    def round_trips(self) -> int:
        """How many requests went to DynamoDB since the caller last set it to 0."""
        return self._connection.round_trips

    @round_trips.setter
    def round_trips(self, count: int) -> None:
        self._connection.round_trips = count

    def get_ready(self) -> None:
        """Make the client now rather than at the first use; nothing is sent."""
        self._connection.get_ready()

    def person(self, user_id: str) -> str:
        """The partition key for a user: a keyed hash (64 hex digits). The user id itself is never stored."""
        return hmac.new(self._secret, user_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def newest(self, person: str, limit: int = 12) -> list[LogEntry]:
        """The profile, if there is one, then the latest sessions, newest first; `limit` in all, one round trip.

        What has expired, what a later Hip Coach wrote and what is corrupt is left out, within that limit.

        Raises:
            LogUnavailable: when DynamoDB gives no answer.
        """
        answer = self._connection.send(
            lambda client: client.query(
                TableName=self._table_name,
                # Visits sort after the profile and are of no use to a conversation.
                KeyConditionExpression="#person = :person AND #entry <= :profile",
                ExpressionAttributeNames={"#person": "person", "#entry": "entry"},
                ExpressionAttributeValues={":person": {"S": person}, ":profile": {"S": PROFILE}},
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit,
            ),
        )
        moment = self._now().timestamp()
        entries = (entry_of(item, moment) for item in answer["Items"])
        return [entry for entry in entries if entry is not None]

    def everything(self, person: str) -> Iterator[LogEntry]:
        """All that is kept of a person, whole: sessions from the oldest on, the profile, visits. For those on the desk.

        Raises:
            LogUnavailable: when DynamoDB gives no answer.
        """
        moment = self._now().timestamp()
        start: dict[str, Any] = {}
        while True:
            query: dict[str, Any] = {
                "TableName": self._table_name,
                "KeyConditionExpression": "#person = :person",
                "ExpressionAttributeNames": {"#person": "person"},
                "ExpressionAttributeValues": {":person": {"S": person}},
                "ConsistentRead": True,
                **start,
            }
            answer = self._connection.send(lambda client, query=query: client.query(**query))  # type: ignore[misc]
            yield from (entry for item in answer["Items"] if (entry := entry_of(item, moment)))
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def outlines(
        self,
        person: str,
        since: datetime | None,
        until: datetime,
        kinds: Sequence[str],
        fields: Sequence[str],
        limit: int,
    ) -> Outlines:
        """Sessions of these kinds that began from `since` on (None: ever) and before `until`, to the second.

        One round trip whatever there is: only the named fields are sent, and the newest `limit` are looked at.

        Raises:
            LogUnavailable: when DynamoDB gives no answer.
        """
        field_names = {f"#field{number}": name for number, name in enumerate(fields)}
        kind_values: dict[str, Any] = {f":kind{number}": {"S": kind} for number, kind in enumerate(kinds)}
        answer = self._connection.send(
            lambda client: client.query(
                TableName=self._table_name,
                KeyConditionExpression="#person = :person AND #entry BETWEEN :since AND :until",
                FilterExpression=f"#kind IN ({', '.join(kind_values)}) AND #schema <= :schema AND #expires_at > :now",
                ProjectionExpression=", ".join(["#entry", "#kind", *(f"#fields.{name}" for name in field_names)]),
                ExpressionAttributeNames={
                    **{f"#{name}": name for name in ("person", "entry", "kind", "schema", "expires_at", "fields")},
                    **field_names,
                },
                ExpressionAttributeValues={
                    ":person": {"S": person},
                    ":since": {"S": stamp(SESSION_KEY, since) if since else SESSION_KEY},
                    ":until": {"S": stamp(SESSION_KEY, until)},
                    ":schema": {"N": str(SCHEMA)},
                    ":now": {"N": str(int(self._now().timestamp()))},
                    **kind_values,
                },
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit,
            ),
        )
        found = (outline_of(item) for item in answer["Items"])
        return Outlines(tuple(outline for outline in found if outline), "LastEvaluatedKey" not in answer)

    def forget(self, person: str, seconds: float, before: datetime | None = None) -> Forgotten:
        """Delete all that is kept of a person, also what a later Hip Coach wrote; `seconds` is the time it may take.

        Two round trips for up to 25 entries, more for more.

        Args:
            before: spare the profile, and whatever began in that second or later.

        Raises:
            LogUnavailable: when DynamoDB gives no answer; part may be deleted by then.
        """
        return Deletion(self._connection, self._table_name, person, seconds, self._pause).run(before)

    def save(
        self,
        person: str,
        entries: Sequence[LogEntry],
        *,
        at_most: int = ROUND_TRIPS_AT_MOST,
        rebase: Rebase | None = None,
        only_onto_what_is_there: bool = False,
    ) -> Saved:
        """Write the entries, in one round trip, or two when some turn out to be there already.

        Of several revisions of one entry only the newest is written (and reported). What is corrupt is written over,
        for nobody could read it ever again.

        Args:
            at_most: how many round trips there may be, two or less.
            rebase: makes a stale change anew; what it gives is written in the second round trip.
            only_onto_what_is_there: a revision after the first counts as stale where the log holds no earlier one: it
                was deleted meanwhile, and must not come back.

        Raises:
            LogUnavailable: when DynamoDB does not take them. Then none is written, or, after "slow", perhaps all.
        """
        newest: dict[str, LogEntry] = {}
        for entry in entries:
            if entry.entry not in newest or newest[entry.entry].revision < entry.revision:
                newest[entry.entry] = entry
        waiting = list(newest.values())
        repeated: list[LogEntry] = []
        stale: list[tuple[LogEntry, LogEntry | None]] = []
        allowance = Allowance(at_most)
        while waiting:
            in_the_way = self._write(person, waiting, allowance, only_onto_what_is_there)
            if in_the_way is None:
                break
            # The transaction was cancelled as a whole: put aside what is there already, and write the rest.
            rest: list[LogEntry] = []
            for entry, item in zip(waiting, in_the_way, strict=True):
                if item is None:
                    rest.append(entry)
                elif _is_same_change(item, entry):
                    repeated.append(entry)
                else:
                    held = entry_of(item, self._now().timestamp())
                    corrupt = corrupt_revision(item) if held is None else None
                    if corrupt is not None:
                        again: LogEntry | None = replace(entry, revision=corrupt + 1)
                    else:
                        again = rebase(entry, held) if rebase else None
                    if again:
                        rest.append(again)
                    else:
                        stale.append((entry, held))
            waiting = rest
        return Saved(
            tuple(waiting), tuple(repeated), tuple(entry for entry, _ in stale), tuple(held for _, held in stale)
        )

    def _write(
        self, person: str, entries: Sequence[LogEntry], allowance: Allowance, only_onto_what_is_there: bool
    ) -> list[Mapping[str, Any] | None] | None:
        """Write all, or none. None when written, else for each entry the item that stands in its way, if one does."""
        from botocore.exceptions import ClientError

        puts = [
            self._put(person, entry, must_be_there=only_onto_what_is_there and entry.revision > 1) for entry in entries
        ]
        try:
            if len(puts) == 1:
                self._connection.send(lambda client: client.put_item(**puts[0]), allowance)
            else:
                items: Any = [{"Put": put} for put in puts]
                self._connection.send(lambda client: client.transact_write_items(TransactItems=items), allowance)
        except ClientError as error:
            response = cast("Mapping[str, Any]", error.response)
            if len(puts) == 1:
                return [response.get("Item", {})]
            reasons = response.get("CancellationReasons", [])
            return [reason.get("Item", {}) if condition_failed(reason) else None for reason in reasons]
        return None

    def _put(self, person: str, entry: LogEntry, must_be_there: bool) -> PutTypeDef:
        """The write of one entry, on the condition that the log holds no such revision yet."""
        now = self._now()
        older = "#revision < :revision OR #expires_at <= :now"
        return {
            "TableName": self._table_name,
            "Item": item_of(person, entry, int((now + KEPT_FOR).timestamp())),
            # Names are given by placeholders because DynamoDB reserves hundreds of plain words.
            # What has expired may stand there for days more, unseen, and must not be in the way.
            "ConditionExpression": older if must_be_there else f"attribute_not_exists(#revision) OR {older}",
            "ExpressionAttributeNames": {"#revision": "revision", "#expires_at": "expires_at"},
            "ExpressionAttributeValues": {
                ":revision": {"N": str(entry.revision)},
                ":now": {"N": str(int(now.timestamp()))},
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


def _is_same_change(item: Mapping[str, Any], entry: LogEntry) -> bool:
    """Is what stands in the log this very revision, made by the same request?"""
    return item.get("revision") == {"N": str(entry.revision)} and item.get("changed_by") == {"S": entry.changed_by}
