"""The weekly notice of disputes as a paper: the same paragraphs and tables on the page, in print and in the PDF."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinjin import periods
from xinjin.periods import Week
from xinjin.reporting import NOT_APPLICABLE, Column, Heading, Kind, Report, ReportTable


def notice_report(content: dict[str, Any], *, issued_on: date) -> Report:
    """The paper for both committees of the village; everything on it comes from `content`."""
    week = periods.parse_as(Week, content["week"])
    masked = any(row["parties"] for key in ("found", "resolved", "open") for row in content[key])
    place = {"village": content["village"]}
    return Report(
        title=_("Disputes of %(village)s in the week from %(start)s to %(end)s")
        % {**place, "start": _day(week.start), "end": _day(week.end)},
        addressees=committees_of(content["village"], is_community=content["is_community"]),
        body=_body(content),
        issuer=content["station"],
        issued_on=issued_on,
        is_letter=True,
        notes=[_("Residents are masked; who has to act asks the owner of the case.")] if masked else [],
    )


def committees_of(village: str, *, is_community: bool) -> tuple[str, str]:
    """What the village's two committees are called."""
    place = {"village": village}
    if is_community:
        return _("Party branch of %(village)s") % place, _("Residents' committee of %(village)s") % place
    return _("Party branch of %(village)s") % place, _("Village committee of %(village)s") % place


def _day(day: date) -> str:
    return _("%(month)s/%(day)s") % {"month": day.month, "day": day.day}


def _body(content: dict[str, Any]) -> list[Any]:
    officer = content["officer"]
    body: list[Any] = [_summary(content), Heading(_("Screening")), *_screenings(content["screenings"])]
    for key, title, last in (
        ("found", _("Found this week"), "due"),
        ("resolved", _("Resolved this week"), "resolved"),
        ("open", _("Open at the end of the week"), "due"),
    ):
        if content[key]:
            body += [Heading(f"{title}（{len(content[key])}）"), _table(content[key], last)]
        else:
            body.append(Heading(f"{title}：", run_in=_("None.")))
    if content["open"]:
        body.append(_("We ask both committees to work on the open matters with us and to tell us of any change."))
    if officer:
        body.append(_("Officer responsible: %(name)s %(phone)s") % officer)
    return body


def _summary(content: dict[str, Any]) -> str:
    counts: dict[str, Any] = {key: len(content[key]) for key in ("found", "resolved", "open")}
    counts["leads"] = sum(1 for row in content["found"] if row.get("is_lead"))
    counts["late"] = sum(1 for row in content["open"] if row["is_late"])
    if content["until"] < periods.parse_as(Week, content["week"]).end.isoformat():
        lead = _("Disputes and leads of this week, up to %(until)s:") % content
    else:
        lead = _("Disputes and leads of this week:")
    found = _("found %(found)s (of these leads %(leads)s)") if counts["leads"] else _("found %(found)s")
    figures = _(", resolved %(resolved)s, still open %(open)s, of these past their day %(late)s.")
    return f"{lead}{found % counts}{figures % counts}"


def _screenings(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return [_("No screening is on record for this week.")]
    return [
        _("%(on)s, %(who)s: nothing found.") % row if row["nothing_found"] else _("%(on)s, %(who)s: %(note)s") % row
        for row in rows
    ]


def _table(rows: list[dict[str, Any]], last: str) -> ReportTable:
    ending = {
        "due": Column("due", gettext_lazy("To be resolved by"), Kind.TEXT, width=5.5),
        "resolved": Column("resolved", gettext_lazy("Resolved"), Kind.TEXT, width=5.5),
    }[last]
    return ReportTable(
        title="",  # its heading says it
        columns=[
            Column("number", gettext_lazy("Number"), width=9.5, link="url"),
            Column("level", gettext_lazy("Level"), width=2.5),
            Column("title", gettext_lazy("What it is about"), width=8.5),
            Column("parties", gettext_lazy("Parties"), width=8),
            Column("owner", gettext_lazy("Owner"), width=3),
            ending,
        ],
        rows=[_line(row) for row in rows],
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    due = row["due_on"] or row["state"] or NOT_APPLICABLE  # none while it is paused or with another body
    if row.get("is_merged"):
        due = row["state"]
    again = _("open again") if row.get("is_open_again") else ""
    return {
        "number": row["number"],
        "level": row["level"],
        "title": row["title"],
        "parties": "；".join(row["parties"]) or None,
        "owner": row["owner"] or None,
        "due": "".join((due, "（", _("past its day"), "）")) if row["is_late"] else due,
        "resolved": " ".join(part for part in (row["resolved_on"], row["resolver"], again) if part),
        "url": reverse("case_detail", args=[row["id"]]),
    }
