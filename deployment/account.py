"""The AWS account that something is deployed to: signing in, the bucket for the bundle, and errors in plain words."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boto3.session import Session
from botocore import exceptions


class DeployError(Exception):
    """Something stands in the way. The text is one line: what is wrong, and what to do about it."""


@dataclass(frozen=True)
class Account:
    """An AWS account in one region.

    Attributes:
        number: the account's twelve digits.
        region: the AWS region.
        session: boto3's session with the credentials.
        endpoint: where all services are, when that isn't AWS.
    """

    number: str
    region: str
    session: Session
    endpoint: str | None = None

    def client(self, service: Any) -> Any:
        """boto3's client for a service."""
        return self.session.client(service, endpoint_url=self.endpoint)


def sign_in(region: str | None, profile: str | None, endpoint: str | None = None) -> Account:
    """Find out who we are at AWS.

    Args:
        region: the AWS region; None for what the environment or the profile says.
        profile: a profile of the AWS configuration; None for the usual one.
        endpoint: where all services are, when that isn't AWS.

    Raises:
        DeployError: without a region, or without credentials that AWS accepts.
    """
    try:
        session = Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION"))
        if session.region_name is None:
            raise DeployError("no AWS region: name one with --region eu-west-1, or set AWS_REGION")
        identity = session.client("sts", endpoint_url=endpoint).get_caller_identity()
    except (exceptions.BotoCoreError, exceptions.ClientError) as error:
        raise DeployError(plain_words(error)) from None
    return Account(identity["Account"], session.region_name, session, endpoint)


def plain_words(error: Exception) -> str:
    """What boto3's error means to whoever wants to deploy, in one line."""
    match error:
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return (
                "no AWS credentials: run `aws configure`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                "or name a profile with --profile"
            )
        case exceptions.SSOError() | exceptions.TokenRetrievalError():
            return "the sign-in at AWS has run out: run `aws sso login`, then try again"
        case exceptions.ConnectionError() | exceptions.HTTPClientError():
            return f"AWS cannot be reached ({type(error).__name__}): check the region's name and the network"
        case exceptions.ClientError():
            return _refusal(error)
    return " ".join(str(error).split())


def _refusal(error: exceptions.ClientError) -> str:
    code = error.response.get("Error", {}).get("Code", "Unknown")
    message = " ".join(error.response.get("Error", {}).get("Message", "").split())
    if code in ("ExpiredToken", "ExpiredTokenException", "RequestExpired"):
        return "the AWS credentials have run out: sign in again, then try again"
    if code in ("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"):
        return f"AWS does not know these credentials ({code}): check them, or sign in again"
    if code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"):
        return f"these AWS credentials may not do {error.operation_name}: {message or 'access denied'}"
    return f"AWS refused {error.operation_name}: {message or code}"


def usual_bucket(account: Account) -> str:
    """The bucket that is made for bundles when none is named: one for each account and region."""
    return f"hip-coach-code-{account.number}-{account.region}"


def ensure_bucket(account: Account, bucket: str) -> bool:
    """Make the bucket unless it is there; private in any case when made here. True when it was made.

    Raises:
        DeployError: when it belongs to another account.
        botocore.exceptions.ClientError: when AWS refuses for another reason.
    """
    s3 = account.client("s3")
    try:
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account.number)
        return False
    except exceptions.ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        if code == "403":
            raise DeployError(f"the bucket {bucket} is not yours to use: name another with --bucket") from None
        if code not in ("404", "NoSuchBucket"):
            raise
    # S3 does not take the name of its first region.
    where = {} if account.region == "us-east-1" else {"LocationConstraint": account.region}
    s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": where} if where else {}))
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
    return True


def upload(account: Account, bucket: str, key: str, bundle: Path) -> bool:
    """Put the bundle into the bucket unless it is there. True when it was put there.

    Raises:
        botocore.exceptions.ClientError: when AWS refuses.
    """
    s3 = account.client("s3")
    try:
        s3.head_object(Bucket=bucket, Key=key, ExpectedBucketOwner=account.number)
        return False
    except exceptions.ClientError as error:
        if error.response.get("Error", {}).get("Code") not in ("404", "NoSuchKey"):
            raise
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=bundle.read_bytes(),
        ChecksumAlgorithm="SHA256",
        ExpectedBucketOwner=account.number,
    )
    return True


def remove_bundles(account: Account, bucket: str, prefix: str) -> int:
    """Remove the bundles under a prefix, and the bucket too when it is the usual one and nothing else is in it.

    Returns how many bundles were removed.
    """
    s3 = account.client("s3")
    removed = 0
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                s3.delete_object(Bucket=bucket, Key=item["Key"])
                removed += 1
        if bucket == usual_bucket(account) and not s3.list_objects_v2(Bucket=bucket, MaxKeys=1).get("KeyCount"):
            s3.delete_bucket(Bucket=bucket)
    except exceptions.ClientError as error:
        if error.response.get("Error", {}).get("Code") != "NoSuchBucket":
            raise
    return removed
