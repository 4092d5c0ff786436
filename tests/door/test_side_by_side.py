"""Several requests at a time: nobody waits for somebody else, and one skill answers one request at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient

from door.application import create_app
from tests.door.signing import body


def client_of(*skills: Any) -> FlaskClient:
    return create_app(skills, skill_id=None, certificates=None).test_client()


def ask(client: FlaskClient, request_id: str) -> Any:
    data = body(requestId=request_id)
    return client.post("/", data=data, headers={"Content-Type": "application/json"}).get_json()


class Named:
    """A skill that answers with its name; not before it may, when it is told to wait."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.at_once = 0
        self.most_at_once = 0

    def __call__(self, event: Mapping[str, Any]) -> dict[str, Any]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.asked.set()
        assert self.may_answer.wait(60)
        self.at_once -= 1
        return {"name": self.name}


def test_a_request_that_comes_again_meets_the_same_skill() -> None:
    client = client_of(*(Named(str(number)) for number in range(8)))
    for request_id in ("one", "two", "", "three", "\ud800"):
        assert len({json.dumps(ask(client, request_id)) for _ in range(3)}) == 1


def test_a_slow_answer_holds_up_nobody_else_but_its_own_skill_takes_its_turn() -> None:
    skills = {"a": Named("a"), "b": Named("b")}
    client = client_of(*skills.values())
    # Which ids go to which skill: as many as are needed to have one for each, and a second for the first.
    ids: dict[str, list[str]] = {"a": [], "b": []}
    for number in range(64):
        ids[ask(client, str(number))["name"]].append(str(number))
    slow = skills["a"]
    slow.may_answer.clear()
    slow.asked.clear()
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda chosen=chosen: answers.append(ask(client, chosen))) for chosen in ids["a"][:3]
    ]
    for thread in threads:
        thread.start()
    assert slow.asked.wait(60)
    assert ask(client, ids["b"][0]) == {"name": "b"}
    assert answers == []
    slow.may_answer.set()
    for thread in threads:
        thread.join()
    assert answers == [{"name": "a"}] * 3
    assert slow.most_at_once == 1
