"""A bundle for the tests: for the Python that runs them, made once for each process, unpacked."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from deployment.bundle import Bundle, build
from deployment.lambda_runtime import copy_client

THIS_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
"""The minor version of the Python that runs the tests, such as "3.11"."""


@cache
def bundle() -> Bundle:
    """The bundle, with bytecode for this Python."""
    return build(_folder() / "lambda.zip", THIS_PYTHON, Path(sys.executable))


@cache
def unpacked() -> Path:
    """The bundle as Lambda unpacks it."""
    folder = _folder() / "task"
    with zipfile.ZipFile(bundle().path) as archive:
        archive.extractall(folder)
    return folder


@cache
def client() -> Path:
    """The runtime interface client, alone."""
    folder = _folder() / "client"
    copy_client(folder)
    return folder


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hip-coach-bundle-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
