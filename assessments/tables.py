"""Downloads as data: the month's table, and the bulletin as an official notice made from its sealed snapshot alone."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.choices import BulletinState, Remark
from assessments.models import AssessmentMonth, Bulletin, RubricItem
from assessments.presentation import ShownCard
from assessments.quarterly import STATIONS
from villages.choices import OfficerKind
from xinjin import periods
from xinjin.reporting import Column, Heading, Kind, Report, ReportTable

# Official documents are Chinese whatever the reader's language, and so is their punctuation.
LIST_MARK = "、"
KINDS = {kind.value: kind.label for kind in OfficerKind}


def month_table(
    row: AssessmentMonth, cards: Iterable[ShownCard], items: Iterable[RubricItem], *, issued_on: date
) -> ReportTable:
    """A month's people with their points item by item; persons in the order given, never ranked."""
    items = list(items)
    columns = [
        Column("station", gettext_lazy("Station")),
        Column("name", gettext_lazy("Name")),
        Column("number", gettext_lazy("Number")),
        Column("kind", gettext_lazy("Kind")),
        Column("unit", gettext_lazy("Unit")),
        *(Column(item.code, f"{item.code} {item.title}", Kind.SCORE, 3.5) for item in items),
        Column("remark", gettext_lazy("Leader's comment")),
        Column("score", gettext_lazy("Score"), Kind.SCORE),
        Column("grade", gettext_lazy("Grade")),
        Column("state", gettext_lazy("State")),
    ]
    return ReportTable(
        title=_("Assessment of the month %(month)s") % {"month": row.key},
        columns=columns,
        rows=[_month_row(card, items) for card in cards],
        notes=[_("A dash means: does not apply, and is not in the denominator.")],
        issued_on=issued_on,
    )


def _month_row(card: ShownCard, items: Iterable[RubricItem]) -> dict[str, Any]:
    lines = card.by_code
    assessment = card.assessment
    remark = assessment.remark if assessment else ""
    return {
        "station": card.station.name,
        "name": card.officer.name,
        "number": card.officer.number,
        "kind": KINDS.get(card.kind, card.kind),
        "unit": card.unit.name,
        **{item.code: lines[item.code].line.points if item.code in lines else None for item in items},
        "remark": Remark(remark).label if remark in Remark.values else None,
        "score": card.score,
        "grade": card.grade or None,
        "state": assessment.get_state_display() if assessment else None,
    }


def bulletin_report(bulletin: Bulletin) -> Report:
    """The notice (通报) with its tables. Everything in it comes from the snapshot and the seal."""
    data = bulletin.snapshot
    quarter = periods.parse_as(periods.Quarter, data["quarter"])
    is_draft = bulletin.state == BulletinState.DRAFT
    issued_on = date.fromisoformat(data["issued_on"]) if "issued_on" in data else bulletin.drawn_up_at.date()
    # The notices of one quarter differ by their number; a draft says what it is.
    notes = [_("Draft, not issued.")] if is_draft else []
    if data.get("replaces"):
        notes.append(
            _("Replaces %(numbers)s: %(reason)s")
            % {"numbers": LIST_MARK.join(data["replaces"]), "reason": data.get("reason", "")}
        )
    return Report(
        title=_("Notice on the one-village-one-officer assessment of quarter %(number)s of %(year)s")
        % {"number": quarter_words(quarter), "year": quarter.year},
        number=data.get("number", ""),
        addressees=(_("All stations"), _("All business units of the bureau")),
        body=tuple(_body(data, quarter)),
        attachments=tuple(bulletin_tables(data)),
        issued_on=issued_on,
        notes=notes,
        seal=bulletin.sha256[:16],
        cc=(_("Bureau leaders"), _("Inspectorate"), _("Command centre")),
    )


def quarter_words(quarter: periods.Quarter) -> str:
    """The number of the quarter in words: 一, 二, 三, 四."""
    return (_("one"), _("two"), _("three"), _("four"))[quarter.number - 1]


def _body(data: Mapping[str, Any], quarter: periods.Quarter) -> Iterable[Any]:
    yield _(
        "In quarter %(number)s of %(year)s the months %(months)s were assessed by the rubric %(rubric)s: "
        "%(officers)s police officers and %(auxiliaries)s auxiliaries. The results are as follows."
    ) % {
        "number": quarter_words(quarter),
        "year": quarter.year,
        "months": LIST_MARK.join(data["months"]),
        "rubric": LIST_MARK.join(data["rubrics"]),
        "officers": data["officers"],
        "auxiliaries": data["auxiliaries"],
    }
    yield Heading(_("Overall"))
    yield _("The average score is %(average)s; %(share)s of the people reached the standard.") % {
        "average": data["average"] or "—",
        "share": percent(data["qualified"]),
    }
    shares = [f"{item['title']} {percent(item['share'])}" for item in data["items"]]
    if shares:
        yield _("Done of what was owed: %(items)s.") % {"items": LIST_MARK.join(shares)}
    yield Heading(_("Units"))
    yield from (_series_words(series) for series in data["series"] if series["units"])
    yield Heading(_("Commended"))
    yield _names(data["commended"]) or _("Nobody is named this quarter.")
    yield Heading(_("Problems"))
    yield (
        _("%(count)s people failed at least one month; see the attached table.") % {"count": len(data["problems"])}
        if data["problems"]
        else _("Nobody failed a month.")
    )


def _series_words(series: Mapping[str, Any]) -> str:
    best = [unit for unit in series["units"] if unit["rank"] == 1]
    return _("%(series)s: %(units)s ranks first with %(score)s points.") % {
        "series": series_title(series["key"]),
        "units": LIST_MARK.join(unit["unit"] for unit in best) or "—",
        "score": best[0]["score"] if best else "—",
    }


def _names(people: Iterable[Mapping[str, Any]]) -> str:
    named = LIST_MARK.join(f"{person['name']}（{person['unit']}）" for person in people)
    return _("Excellent in every month: %(people)s.") % {"people": named} if named else ""


def series_title(key: str) -> str:
    """The name of a series of units."""
    return _("Stations") if key == STATIONS else _("Business units")


def percent(share: str | None) -> str:
    """A fraction of the snapshot as a percentage."""
    return "—" if share is None else f"{(Decimal(share) * 100).normalize():f}%"


def bulletin_tables(data: Mapping[str, Any]) -> list[ReportTable]:
    """The tables of a snapshot: units in two series, then the people named, with those that have rows."""
    tables = [_units_table(series, data) for series in data["series"] if series["units"]]
    if data["commended"]:
        tables.append(_people_table(_("People commended"), data["commended"]))
    if data["problems"]:
        tables.append(_people_table(_("People who failed a month"), data["problems"], failed=True))
    return tables


def _units_table(series: Mapping[str, Any], data: Mapping[str, Any]) -> ReportTable:
    columns = (
        Column("rank", gettext_lazy("Rank"), Kind.INTEGER, 3),
        Column("unit", gettext_lazy("Unit"), Kind.TEXT, 11),
        Column("people", gettext_lazy("People"), Kind.INTEGER, 4),
        Column("average", gettext_lazy("Average score"), Kind.SCORE, 5),
        Column("reports", gettext_lazy("Reports on time"), Kind.PERCENT, 6),
        Column("qualified", gettext_lazy("Up to standard"), Kind.PERCENT, 6),
        Column("score", gettext_lazy("Unit score"), Kind.SCORE, 5),
    )
    numbers = ("average", "reports", "qualified", "score")
    weights = data["weights"]
    return ReportTable(
        title=_("Unit scores: %(series)s") % {"series": series_title(series["key"])},
        columns=columns,
        rows=[
            {**unit, **{key: None if unit[key] is None else Decimal(unit[key]) for key in numbers}}
            for unit in series["units"]
        ],
        notes=(
            _("Unit score: average score of its people %(people)s%%, reports on time %(reports)s%%, brought to 100.")
            % {"people": weights["people"], "reports": weights["reports"]},
            _("A dash means: does not apply, and is not in the denominator."),
        ),
    )


def _people_table(title: str, people: Iterable[Mapping[str, Any]], *, failed: bool = False) -> ReportTable:
    columns = [
        Column("no", gettext_lazy("No."), Kind.INTEGER, 3),
        Column("unit", gettext_lazy("Unit"), Kind.TEXT, 10),
        Column("name", gettext_lazy("Name"), Kind.TEXT, 5),
        Column("kind", gettext_lazy("Kind"), Kind.TEXT, 8),
        Column("average", gettext_lazy("Average score"), Kind.SCORE, 5),
    ]
    if failed:
        columns.append(Column("failed", gettext_lazy("Failed months"), Kind.TEXT, 12))
    return ReportTable(
        title=title,
        columns=columns,
        rows=[
            {
                "no": at,
                "unit": person["unit"],
                "name": person["name"],
                "kind": KINDS.get(person["kind"], person["kind"]),
                "average": None if person["average"] is None else Decimal(person["average"]),
                "failed": LIST_MARK.join(f"{part['month']}（{part['score']}）" for part in person.get("failed", ()))
                or None,
            }
            for at, person in enumerate(people, start=1)
        ],
    )
