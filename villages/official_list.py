"""The real Xinjin as it is published: 8 townships and streets, 81 villages and communities; and a station for each.

Only Huayuan's station is known by name from a source; the others are named after their township until the bureau says
otherwise. What the bureau has renamed or moved since stays as it is: a second run restores official facts only.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from villages.choices import UnitKind, VillageKind
from villages.models import FormerName, Township, Unit, Village
from villages.pinyin import spell
from xinjin.accounts.models import User
from xinjin.audit.trail import changes, record_many

LIST = Path(__file__).with_name("data") / "xinjin_villages.csv"
# The last redrawing of villages (新津府函〔2020〕93、95号).
VALID_FROM = date(2020, 6, 1)
OTHER_UNITS = (
    ("security", "治安管理大队", UnitKind.BUSINESS_UNIT),
    ("criminal", "刑事侦查大队", UnitKind.BUSINESS_UNIT),
    ("traffic", "交通警察大队", UnitKind.BUSINESS_UNIT),
    ("narcotics", "禁毒大队", UnitKind.BUSINESS_UNIT),
    ("economic", "经济犯罪侦查大队", UnitKind.BUSINESS_UNIT),
    ("cyber", "网络安全保卫大队", UnitKind.BUSINESS_UNIT),
    ("legal", "法制大队", UnitKind.BUSINESS_UNIT),
    ("immigration", "出入境管理大队", UnitKind.BUSINESS_UNIT),
    ("brigade", "社区警务大队", UnitKind.BRIGADE),
    ("inspectorate", "督察大队", UnitKind.INSPECTORATE),
    ("command-centre", "情指中心", UnitKind.COMMAND_CENTRE),
    ("bureau-leadership", "局领导", UnitKind.BUREAU_LEADERSHIP),
)

# Rows as they are published, each with the names of the fields that a later run restores.
Official = list[tuple[Any, tuple[str, ...]]]


@dataclass(frozen=True)
class Loaded:
    """How many rows a run added and changed."""

    added: int
    changed: int


@cache
def official_rows() -> tuple[dict[str, str], ...]:
    """The published list, one row a village."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _short(township: str) -> str:
    return township.removesuffix("街道").removesuffix("镇")


def _townships() -> dict[str, str]:
    return {row["township_code"]: row["township"] for row in official_rows()}


@transaction.atomic
def load_official(*, by: User | None) -> Loaded:
    """Adds what is missing and restores official facts by code; a run without differences writes nothing."""
    added: list[Any] = _add_missing(Unit, _units())
    townships = {township.code: township for township in Township.objects.all()}
    official: Official = [(Township(code=code, name=name), ("name",)) for code, name in _townships().items()]
    results = [_merge(Township, townships, official, by)]
    townships = {township.code: township for township in Township.objects.all()}
    stations = {unit.code: unit for unit in Unit.objects.filter(kind=UnitKind.STATION)}
    facts = ("official_name", "name", "kind", "township_id", "pinyin", "initials")
    villages = {village.code: village for village in Village.objects.all()}
    renamed = set(FormerName.objects.values_list("code", flat=True))
    listed: Official = [(row, facts) for row in _villages(townships, stations) if row.code not in renamed]
    results.append(_merge(Village, villages, listed, by))
    record_many(by, "add", [(unit, None) for unit in added])
    return Loaded(len(added) + sum(r.added for r in results), sum(r.changed for r in results))


def _units() -> Iterable[Unit]:
    for position, (code, name) in enumerate(_townships().items(), start=1):
        yield Unit(code=station_code(code), name=f"{_short(name)}派出所", kind=UnitKind.STATION, position=position)
    for position, (code, name, kind) in enumerate(OTHER_UNITS, start=101):
        yield Unit(code=code, name=name, kind=kind, position=position)


def station_code(township_code: str) -> str:
    """The code of the station that starts with a township's villages."""
    return f"station-{township_code}"


def _villages(townships: dict[str, Township], stations: dict[str, Unit]) -> Iterable[Village]:
    for row in official_rows():
        pinyin, initials = spell(row["short_name"])
        yield Village(
            code=row["code"],
            name=row["short_name"],
            official_name=row["official_name"],
            kind=VillageKind(row["kind"]),
            township=townships[row["township_code"]],
            station=stations[station_code(row["township_code"])],
            valid_from=VALID_FROM,
            pinyin=pinyin,
            initials=initials,
        )


def _add_missing(model: Any, rows: Iterable[Any]) -> list[Any]:
    known = set(model.objects.values_list("code", flat=True))
    return model.objects.bulk_create(row for row in rows if row.code not in known)


def _merge(model: Any, stored: dict[str, Any], official: list[tuple[Any, tuple[str, ...]]], by: User | None) -> Loaded:
    """Adds official rows whose code is not stored, and restores the named fields of the others."""
    new: list[Any] = []
    changed: list[tuple[Any, dict | None]] = []
    for row, facts in official:
        present = stored.get(row.code)
        if present is None:
            new.append(row)
            continue
        before = model(**{f.attname: getattr(present, f.attname) for f in model._meta.concrete_fields})
        for name in facts:
            setattr(present, name, getattr(row, name))
        if difference := changes(before, present):
            changed.append((present, {"changes": difference}))
    model.objects.bulk_create(new)
    if changed:
        names = {name.removesuffix("_id") for _, facts in official for name in facts}
        model.objects.bulk_update([row for row, _ in changed], sorted(names))
    record_many(by, "add", [(row, None) for row in new])
    record_many(by, "change", changed)
    return Loaded(len(new), len(changed))
