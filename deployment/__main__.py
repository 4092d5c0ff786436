"""The command line of `make deploy` and `make destroy`: `python -m deployment deploy --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from deployment.account import DeployError, plain_words, sign_in
from deployment.stack import check_names, deploy, destroy

PARAMETERS = {
    "skill_id": "SkillId",
    "memory": "MemorySize",
    "snap_start": "SnapStart",
    "reserved_concurrency": "ReservedConcurrency",
    "log_days": "LogRetentionDays",
    "alarm_email": "AlarmEmail",
    "table": "ExistingTable",
    "secret": "ExistingSecret",
}
"""Which option sets which parameter of the template."""


def main(arguments: Sequence[str] | None = None, ask: Callable[[str], str] = input) -> int:
    """Deploy or destroy. Returns the exit code: 0, or 2 with one line on standard error when it can't be done."""
    options = _parser().parse_args(arguments)
    try:
        (_deploy if options.command == "deploy" else _destroy)(options, ask)
    except DeployError as error:
        problem = str(error)
    except (BotoCoreError, ClientError) as error:
        problem = plain_words(error)
    except KeyboardInterrupt:
        problem = "stopped looking; AWS goes on with what was begun, and its console shows how far it is"
    else:
        return 0
    print(f"hip-coach: {problem}", file=sys.stderr)
    return 2


def _deploy(options: argparse.Namespace, ask: Callable[[str], str]) -> None:
    wanted = {
        parameter: str(getattr(options, option))
        for option, parameter in PARAMETERS.items()
        if getattr(options, option) is not None
    }
    check_names(options.stack, wanted)
    account = sign_in(options.region, options.profile)
    print(f"Deploying {options.stack} to account {account.number} in {account.region}")
    outputs = deploy(account, options.stack, options.bundle, wanted, options.bucket)
    for key, value in outputs.items():
        print(f"{key:14} {value}")
    print("\nIn the Alexa developer console, enter SkillEndpoint as the AWS Lambda ARN of the endpoint.")


def _destroy(options: argparse.Namespace, ask: Callable[[str], str]) -> None:
    check_names(options.stack, {})
    account = sign_in(options.region, options.profile)
    data = "DELETES the session logs of everybody and their secret" if options.delete_data else "keeps the session logs"
    print(f"This removes {options.stack} from account {account.number} in {account.region}, and {data}.")
    try:
        answer = ask(f"Type {options.stack} to go on: ")
    except EOFError:
        answer = ""
    if answer.strip() != options.stack:
        raise DeployError("nothing was removed: the name was not typed")
    destroy(account, options.stack, options.delete_data)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deployment", description="Hip Coach on AWS")
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--stack", default="hip-coach", help="the stack's name (default: %(default)s)")
    where.add_argument("--region", help="the AWS region (default: the profile's)")
    where.add_argument("--profile", help="a profile of your AWS configuration")
    commands = parser.add_subparsers(dest="command", required=True)
    deploying = commands.add_parser("deploy", parents=[where], help="make or update the stack")
    deploying.add_argument("--skill-id", help="the skill's id (the first time)")
    deploying.add_argument("--bundle", type=Path, default=Path("dist/lambda.zip"), help="default: %(default)s")
    deploying.add_argument("--bucket", help="an S3 bucket for bundles (default: one is made)")
    deploying.add_argument("--memory", type=int, help="megabytes for the function")
    deploying.add_argument("--snap-start", choices=("PublishedVersions", "None"), help="start from a snapshot, or not")
    deploying.add_argument("--reserved-concurrency", type=int, help="turns at once, at most; -1 for no limit")
    deploying.add_argument("--log-days", type=int, help="how many days turn records are kept")
    deploying.add_argument("--alarm-email", help="where alarms go; '' for nowhere")
    deploying.add_argument("--table", help="a session log to go on with; '' for the stack's own")
    deploying.add_argument("--secret", help="the ARN of the secret of that log; '' for the stack's own")
    removing = commands.add_parser("destroy", parents=[where], help="remove the stack; asks first")
    removing.add_argument("--delete-data", action="store_true", help="delete the session logs and their secret too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
