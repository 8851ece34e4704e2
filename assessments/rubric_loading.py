"""Loading a rubric from its TOML file (domain.md §1.2). A rubric that a month has used is frozen and never changes."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.metrics import FACTS
from assessments.models import GradeBand, Rubric, RubricItem
from villages.choices import OfficerKind
from xinjin.audit.trail import record

RUBRICS = Path(__file__).with_name("rubrics")
ITEM_KEYS = {"code", "title", "rule", "kind", "metric", "method", "maximum", "parameters", "variants"}


def read(path: Path) -> dict[str, Any]:
    """The rubric of a file as plain data. Raises ValidationError with every mistake found in it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValidationError(f"{path.name}: {error}") from error
    problems = problems_of(data)
    if problems:
        raise ValidationError([f"{path.name}: {problem}" for problem in problems])
    return data


def problems_of(data: dict[str, Any]) -> list[str]:
    """Everything that is wrong with the data of a rubric."""
    missing = [key for key in ("code", "title", "start_on", "items", "bands") if key not in data]
    if missing:
        return [f"lacks {', '.join(missing)}"]
    if not isinstance(data["start_on"], date):
        return ["start_on is no date"]
    codes = [item.get("code") for item in data["items"]]
    problems = ["two items have the same code"] if len(set(codes)) != len(codes) else []
    for item in data["items"]:
        problems += _problems_of_item(item)
    return problems


def _problems_of_item(item: dict[str, Any]) -> list[str]:
    code = item.get("code", "?")
    missing = {"code", "title", "rule", "metric", "method", "maximum"} - item.keys()
    if missing or item.keys() - ITEM_KEYS:
        return [f"{code}: missing {sorted(missing)}, unknown {sorted(item.keys() - ITEM_KEYS)}"]
    problems = [] if item["metric"] in FACTS else [f"{code}: unknown fact {item['metric']!r}"]
    strangers = set(item.get("variants", {})) - set(OfficerKind.values)
    if strangers:
        problems.append(f"{code}: variants for unknown kinds {sorted(strangers)}")
    basic = scoring.Item(
        code=code,
        maximum=Decimal(str(item["maximum"])),
        metric=item["metric"],
        method=item["method"],
        kind=item.get("kind", scoring.SCORED),
        parameters=item.get("parameters", {}),
        variants=item.get("variants", {}),
    )
    for kind in (None, *item.get("variants", {})):
        problems += scoring.problems_of(basic.varied(kind) if kind else basic)
    return list(dict.fromkeys(problems))


@transaction.atomic
def load_rubric(*, by: Any, path: Path) -> tuple[Rubric, bool]:
    """Stores the rubric of a file; returns it and whether anything changed.

    A rubric without an end that holds when the new one begins ends on the day before. Raises ValidationError for a
    file with mistakes, for a change of a frozen rubric, and when another rubric begins later.
    """
    data = read(path)
    rubric = Rubric.objects.select_for_update(of=("self",)).filter(code=data["code"]).first()
    if rubric is not None and _as_data(rubric) == _normal(data):
        return rubric, False
    if rubric is not None and rubric.frozen_at is not None:
        raise ValidationError(
            _("The rubric %(code)s has been used and is frozen. Save the change under a new code with a later date.")
            % {"code": rubric.code}
        )
    rubric = rubric or Rubric(code=data["code"])
    rubric.title, rubric.start_on, rubric.end_on = data["title"], data["start_on"], data.get("end_on")
    _end_the_one_before(by, rubric)
    rubric.full_clean()
    rubric.save()
    _write_parts(rubric, data)
    record(by, "load", rubric, {"file": path.name, "items": len(data["items"])})
    return rubric, True


def _end_the_one_before(by: Any, rubric: Rubric) -> None:
    before = (
        Rubric.objects.select_for_update(of=("self",))
        .filter(end_on=None, start_on__lt=rubric.start_on)
        .exclude(pk=rubric.pk)
        .first()
    )
    if before is not None:
        before.end_on = rubric.start_on - timedelta(days=1)
        before.full_clean()
        before.save()
        record(by, "end", before, {"changes": {"end_on": [None, before.end_on]}})


def _write_parts(rubric: Rubric, data: dict[str, Any]) -> None:
    rubric.items.all().delete()
    rubric.bands.all().delete()
    for position, item in enumerate(_normal(data)["items"]):
        row = RubricItem(rubric=rubric, position=position, **{**item, "maximum": Decimal(item["maximum"])})
        row.full_clean()
        row.save()
    for band in _normal(data)["bands"]:
        stored = GradeBand(rubric=rubric, **{**band, "minimum": Decimal(band["minimum"])})
        stored.full_clean()
        stored.save()


def _normal(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": data["code"],
        "title": data["title"],
        "start_on": data["start_on"],
        "items": [
            {
                "code": item["code"],
                "title": item["title"],
                "rule": item["rule"],
                "kind": item.get("kind", scoring.SCORED),
                "metric": item["metric"],
                "method": item["method"],
                "maximum": _number(item["maximum"]),
                "parameters": _plain(item.get("parameters", {})),
                "variants": _plain(item.get("variants", {})),
            }
            for item in data["items"]
        ],
        "bands": [
            {"code": band["code"], "label": band["label"], "minimum": _number(band["minimum"])}
            for band in sorted(data["bands"], key=lambda band: -Decimal(str(band["minimum"])))
        ],
    }


def _as_data(rubric: Rubric) -> dict[str, Any]:
    names = ("code", "title", "rule", "kind", "metric", "method", "maximum", "parameters", "variants")
    return _normal(
        {
            "code": rubric.code,
            "title": rubric.title,
            "start_on": rubric.start_on,
            "items": [
                {name: getattr(item, name) for name in names} for item in rubric.items.order_by("position", "id")
            ],
            "bands": [
                {"code": band.code, "label": band.label, "minimum": band.minimum} for band in GradeBand.of(rubric)
            ],
        }
    )


def _number(value: Any) -> str:
    return f"{Decimal(str(value)):.2f}"


def _plain(value: Any) -> Any:
    """Numbers with a fraction as text, as JSON keeps them exactly."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return str(value) if isinstance(value, Decimal) else value
