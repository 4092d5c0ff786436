"""Whether the files are there and have the shape that Alexa's management API takes."""

from __future__ import annotations

from typing import Final

from deployment.certification import strict_schema
from deployment.certification.check import Findings, SkillPackage, check, section
from deployment.package import MANIFEST, MODEL, PACKAGE, RESOURCES

_SCHEMA: Final = "Skill Manifest Schema; Interaction Model Schema (Amazon's library ask-smapi-model)"

REQUIRED: Final[dict[str, type]] = {
    "manifestVersion": str,
    "publishingInformation.category": str,
    "publishingInformation.distributionMode": str,
    "publishingInformation.isAvailableWorldwide": bool,
    "publishingInformation.distributionCountries": list,
    "publishingInformation.automaticDistribution.isActive": bool,
    "publishingInformation.testingInstructions": str,
    "publishingInformation.locales": dict,
    "privacyAndCompliance.usesPersonalInfo": bool,
    "privacyAndCompliance.usesHealthInfo": bool,
    "privacyAndCompliance.allowsPurchases": bool,
    "privacyAndCompliance.containsAds": bool,
    "privacyAndCompliance.isChildDirected": bool,
    "privacyAndCompliance.isExportCompliant": bool,
    "privacyAndCompliance.locales": dict,
    "permissions": list,
    "apis.custom.endpoint.uri": str,
    "apis.custom.interfaces": list,
    "events.endpoint.uri": str,
    "events.subscriptions": list,
}
"""What the manifest must say, whether or not the management API would take it without."""

REQUIRED_IN_LOCALE: Final[dict[str, dict[str, type]]] = {
    "publishingInformation": {
        **dict.fromkeys(("name", "summary", "description", "smallIconUri", "largeIconUri"), str),
        "examplePhrases": list,
        "keywords": list,
    },
    "privacyAndCompliance": {"privacyPolicyUrl": str, "termsOfUseUrl": str},
}


@check("shape.resources", "ask-resources.json names the skill package", "ASK CLI v2, project structure")
def resources(package: SkillPackage) -> Findings:
    """`ask deploy` finds the package through this file."""
    data = package.json(RESOURCES)
    source = section(data, "profiles", "default", "skillMetadata").get("src")
    if source != f"./{PACKAGE}":
        yield f"{RESOURCES} must name ./{PACKAGE} as the default profile's skillMetadata.src: run `make package`"
    if section(data).get("askcliResourcesVersion") != "2020-03-31":
        yield f"{RESOURCES} must have askcliResourcesVersion 2020-03-31: run `make package`"


@check("shape.manifest", "The manifest is as Alexa's management API takes it", _SCHEMA)
def manifest(package: SkillPackage) -> Findings:
    """Names, types and values of enumerations."""
    data = package.json(MANIFEST)
    if data is None:
        yield f"{MANIFEST} is not there, or not JSON: run `make package`"
        return
    yield from strict_schema.faults(data, strict_schema.MANIFEST, MANIFEST)


@check("shape.complete", "The manifest says all that it must", "Skill Manifest Schema")
def complete(package: SkillPackage) -> Findings:
    """Nothing is missing, in any locale."""
    for path, kind in REQUIRED.items():
        *sections, last = path.split(".")
        yield from _missing(section(package.manifest, *sections), last, kind, path)
    for part, wanted in REQUIRED_IN_LOCALE.items():
        locales = section(package.manifest, part, "locales")
        for locale in locales:
            for name, kind in wanted.items():
                yield from _missing(section(locales, locale), name, kind, f"{part}.locales.{locale}.{name}")


def _missing(holder: dict[str, object], name: str, kind: type, path: str) -> Findings:
    value = holder.get(name)
    if not isinstance(value, kind) or value == "":
        yield f"{path} is missing: add it in infrastructure/skill-package, then `make package`"


@check("shape.models", "The interaction models are as Alexa's management API takes them", _SCHEMA)
def models(package: SkillPackage) -> Findings:
    """Names, types and values of enumerations."""
    if not package.models:
        yield f"there is no interaction model in {PACKAGE}/interactionModels/custom: run `make package`"
    for locale in package.models:
        place = MODEL.format(locale=locale)
        data = package.json(place)
        if not section(data, "interactionModel", "languageModel"):
            yield f"{place} is no interaction model: run `make package`"
        elif locale in package.distinct_models:
            yield from strict_schema.faults(data, strict_schema.MODEL, place)
