"""Amazon's management API for skills, as far as `ask deploy` needs it: tokens, uploads, imports and enabling.

It takes a package as Amazon would at least: a zip with a manifest at its top and one interaction model for each of the
manifest's locales. What it is sent can be looked at afterwards.
"""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

TOKEN: Final = "access-token-of-the-test"
REFRESH: Final = "refresh-token-of-the-test"
VENDOR: Final = "M0TEST0VENDOR"
SKILL: Final = "amzn1.ask.skill.0a1b2c3d-0000-4000-8000-0123456789ab"
"""The skill that an import without one makes."""

_MODEL = re.compile(r"interactionModels/custom/([a-z]{2}-[A-Z]{2})\.json")


@dataclass
class Import:
    """One package on its way in."""

    skill_id: str
    errors: list[str]
    asked: int = 0
    """How often its status was asked for: the first time it is still being built."""


@dataclass
class ManagementApi:
    """The server. Use it as a context: it listens on this machine from then on, at `url`."""

    refuses: str | None = None
    """What is wrong with every package, for trying out refusals."""
    calls: list[str] = field(default_factory=list)
    """Method and path of each request."""
    uploads: list[bytes] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    enabled: set[str] = field(default_factory=set)

    def __enter__(self) -> ManagementApi:
        api = self

        class Handler(_Handler):
            world = api

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def package(self) -> dict[str, bytes]:
        """The files of the latest upload."""
        with zipfile.ZipFile(io.BytesIO(self.uploads[-1])) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}

    def answer(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers of the answer to one request."""
        self.calls.append(f"{method} {path}")
        if (method, path) == ("POST", "/auth/o2/token"):
            return self._token(body)
        if method == "PUT" and path.startswith("/upload/"):
            self.uploads.append(body)
            return 200, None, {}
        if headers.get("authorization") != TOKEN:
            return 401, {"message": "Token is invalid/expired"}, {}
        if (method, path) == ("POST", "/v1/skills/uploads"):
            upload = f"{self.url}/upload/{len(self.uploads)}"
            return 201, {"uploadUrl": upload, "expiresAt": "2099-01-01T00:00:00.000Z"}, {}
        if found := re.fullmatch(r"/v1/skills/(?:([\w.-]+)/)?imports", path):
            return self._start_import(found[1], json.loads(body)) if method == "POST" else (405, None, {})
        if found := re.fullmatch(r"/v1/skills/imports/(\d+)", path):
            return 200, self._status(self.imports[int(found[1])]), {}
        if found := re.fullmatch(r"/v1/skills/([\w.-]+)/stages/development/enablement", path):
            return self._enablement(method, found[1])
        return 404, {"message": f"there is no {method} {path}"}, {}

    def _token(self, body: bytes) -> tuple[int, Any, dict[str, str]]:
        if REFRESH.encode() not in body:
            return 400, {"error": "invalid_grant"}, {}
        token = {"access_token": TOKEN, "refresh_token": REFRESH, "expires_in": 3600, "token_type": "bearer"}
        return 200, token, {}

    def _start_import(self, skill_id: str | None, body: Mapping[str, str]) -> tuple[int, Any, dict[str, str]]:
        if skill_id is None and body.get("vendorId") != VENDOR:
            return 400, {"message": "vendorId is not yours"}, {}
        if body.get("location") != f"{self.url}/upload/{len(self.uploads) - 1}":
            return 400, {"message": "location is no upload"}, {}
        self.imports.append(Import(skill_id or SKILL, [self.refuses] if self.refuses else self._faults()))
        return 202, None, {"Location": f"/v1/skills/imports/{len(self.imports) - 1}"}

    def _faults(self) -> list[str]:
        files = self.package()
        if "skill.json" not in files:
            return ["skill.json is missing"]
        wanted = set(json.loads(files["skill.json"])["manifest"]["publishingInformation"]["locales"])
        models = {found[1] for name in files if (found := _MODEL.fullmatch(name))}
        return [f"there is no interaction model for {locale}" for locale in sorted(wanted - models)]

    def _status(self, package: Import) -> dict[str, Any]:
        package.asked += 1
        if package.asked == 1:
            return {"status": "IN_PROGRESS", "skill": {"skillId": package.skill_id, "resources": []}}
        status = "FAILED" if package.errors else "SUCCEEDED"
        return {
            "status": status,
            "errors": [{"message": error} for error in package.errors],
            "skill": {"skillId": package.skill_id, "resources": [{"name": "Manifest", "status": status}]},
        }

    def _enablement(self, method: str, skill_id: str) -> tuple[int, Any, dict[str, str]]:
        if method == "PUT":
            self.enabled.add(skill_id)
        return (204, None, {}) if skill_id in self.enabled else (404, {"message": "not enabled"}, {})


class _Handler(BaseHTTPRequestHandler):
    """HTTP around `ManagementApi.answer`."""

    world: ManagementApi

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, data, more = self.world.answer(self.command, urlsplit(self.path).path, body, headers)
        content = b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        for name, value in {**more, "Content-Type": "application/json", "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_HEAD = _serve  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""
