"""What the manifest asks for and promises, held against what the skill's code does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from deployment.certification.check import Findings, SkillPackage, check, entries, names, section, text
from deployment.package import PAGES
from deployment.skill_facts import events, interfaces, scopes

ANSWERS: Final[Mapping[str, bool]] = {
    "usesPersonalInfo": True,
    "usesHealthInfo": False,
    "allowsPurchases": False,
    "containsAds": False,
    "isChildDirected": False,
    "isExportCompliant": True,
}
"""True of this skill: it keeps times of sessions under a hashed user id, and is no service of those bound by HIPAA."""

COUNTRY_OF: Final = {"en-US": "US", "en-GB": "GB", "en-AU": "AU", "en-CA": "CA", "en-IN": "IN"}
"""Emergency numbers go by locale (skill/content/en/emergency_numbers.toml), so each is for one country."""

REGIONS: Final = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1")
"""AWS regions whose functions Alexa calls (host a custom skill as a Lambda function)."""

_FUNCTION: Final = re.compile(
    r"arn:aws:lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):function:[\w-]{1,64}(:[\w$-]+)?"
)
_RESERVED: Final = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$")
"""Names that nobody can have (RFC 2606)."""
_PLACEHOLDER: Final = re.compile(r"NAME OF THE OPERATOR|@example\.(org|com|net)|\[(operator|contact)\]")
_FILL_IN: Final = "fill in infrastructure/skill-package/publisher.toml, then `make package`"
_SCHEMA: Final = "Skill Manifest Schema"


@check("privacy.answers", "The answers about privacy and compliance are true of this skill", _SCHEMA)
def answers(package: SkillPackage) -> Findings:
    """Six questions with yes or no."""
    for name, answer in ANSWERS.items():
        if package.privacy.get(name) is not answer:
            yield f"{name} must be {str(answer).lower()}: mend it in manifest.toml"


@check("privacy.links", "Privacy policy and terms of use are at https addresses of the operator", "Policy Requirements")
def links(package: SkillPackage) -> Findings:
    """A skill that keeps something personal needs a privacy policy, in every locale."""
    locales = section(package.privacy, "locales")
    wrong: dict[str, list[str]] = {}
    for locale in locales:
        for name in ("privacyPolicyUrl", "termsOfUseUrl"):
            problem = _address_fault(text(section(locales, locale), name))
            if problem:
                wrong.setdefault(f"{name} {problem}", []).append(locale)
    for problem, where in wrong.items():
        yield f"{problem} ({', '.join(where)})"


def _address_fault(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{address!r} is no address: {_FILL_IN}"
    if (
        parts.scheme != "https"
        or "." not in host
        or port not in (None, 443)
        or parts.username
        or re.search(r"\s", address)
    ):
        return f"{address!r} is no https address: {_FILL_IN}"
    if _RESERVED.search(host):
        return f"{address!r} is a placeholder: {_FILL_IN}"
    if re.search("alexa|amazon|echo", host):
        return f"{address!r} has one of Amazon's names in its domain: use another domain"
    return None


@check("privacy.pages", "The pages to host name the operator and a contact", "Policy Requirements")
def pages(package: SkillPackage) -> Findings:
    """The two pages that `make package` fills in."""
    for name in PAGES:
        page = package.files.get(f"pages/{name}")
        if page is None:
            yield f"pages/{name} is not there: run `make package`"
        elif found := _PLACEHOLDER.search(page.decode(errors="replace")):
            yield f"pages/{name} still says {found[0]!r}: {_FILL_IN}"


@check("skill.permissions", "The permissions asked for are those that the code uses", "Configure Permissions")
def permissions(package: SkillPackage) -> Findings:
    """One too few and voice consent fails with 400; one too many and a reviewer asks what for."""
    yield from _difference("permission", names(package.manifest, "permissions", "name"), scopes())


@check("skill.interfaces", "The interfaces declared are those whose directives the code sends", _SCHEMA)
def declared_interfaces(package: SkillPackage) -> Findings:
    """A directive of an undeclared interface is an invalid response."""
    yield from _difference("interface", names(package.custom, "interfaces", "type"), interfaces())


def _difference(what: str, asked: set[str], used: Mapping[str, str]) -> Findings:
    for name in sorted(set(used) - asked):
        yield f"{used[name]} uses the {what} {name}, and the manifest doesn't have it: run `make package`"
    for name in sorted(asked - set(used)):
        yield f"the manifest has the {what} {name}, and no code uses it: run `make package`"


@check(
    "skill.events",
    "Skill events go where requests go, SKILL_DISABLED among them, all of them handled",
    "Use Skill Events",
)
def skill_events(package: SkillPackage) -> Findings:
    """Who disables the skill wants to be forgotten."""
    declared = section(package.manifest, "events")
    subscribed = names(declared, "subscriptions", "eventName")
    for name in sorted({"SKILL_DISABLED", *events()} - subscribed):
        yield f"events lacks {name}: run `make package`"
    for name in sorted(subscribed - set(events())):
        yield f"events has {name}, and skill/handlers answers no such request"
    if section(declared, "endpoint") != section(package.custom, "endpoint"):
        yield "events must have the same endpoint as apis.custom: run `make package`"


@check(
    "skill.endpoint",
    "The endpoint is a Lambda function that Alexa can call, or https on port 443",
    "Host a Custom Skill",
)
def endpoint(package: SkillPackage) -> Findings:
    """Also that it is not the one that the sources come with."""
    where = section(package.custom, "endpoint")
    uri, certificate = text(where, "uri"), text(where, "sslCertificateType")
    function = _FUNCTION.fullmatch(uri)
    if function:
        if function["account"] == "0" * 12:
            yield f"the endpoint {uri} is a placeholder: {_FILL_IN} (with --stack it is looked up)"
        if function["region"] not in REGIONS:
            yield f"Alexa calls no functions in {function['region']}: use {', '.join(REGIONS)}"
        if certificate:
            yield "a Lambda function has no sslCertificateType: leave `certificate` empty in publisher.toml"
    elif problem := _address_fault(uri):
        yield f"the endpoint {problem}"
    elif certificate not in ("Trusted", "Wildcard"):
        yield f"sslCertificateType is {certificate!r}; a published skill needs Trusted or Wildcard"


@check("skill.countries", "It is offered only where its emergency numbers are right", "evidence R03")
def countries(package: SkillPackage) -> Findings:
    """A device elsewhere would name the emergency number of another country."""
    allowed = {COUNTRY_OF[locale] for locale in package.shown if locale in COUNTRY_OF}
    if package.publishing.get("isAvailableWorldwide") is not False:
        yield "isAvailableWorldwide must be false: emergency numbers are known for some countries only"
    offered = entries(package.publishing, "distributionCountries")
    if not offered:
        yield "distributionCountries is empty: name the countries in manifest.toml"
    for country in offered:
        if country not in allowed:
            yield f"there is no locale with the emergency numbers of {country}: take it out of manifest.toml"


@check(
    "skill.distribution",
    "It is public, published by hand, with instructions for the testers",
    "Submit Skills for Certification",
)
def distribution(package: SkillPackage) -> Findings:
    """Testers need to know that there is no account, and which phrases set timers."""
    if package.publishing.get("distributionMode") != "PUBLIC":
        yield "distributionMode must be PUBLIC"
    if section(package.publishing, "automaticDistribution").get("isActive") is not False:
        yield "automaticDistribution must be off: copies in other locales would have the wrong emergency numbers"
    instructions = text(package.publishing, "testingInstructions")
    for topic in ("account", "timers", "open hip coach"):
        if topic not in instructions.lower():
            yield f"the testing instructions don't mention {topic!r}"
