"""Reporting the disputes of a week (R7): one press says that the notice was handed over, and keeps what stood on it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from patrols.cases.notices import station_people
from patrols.choices import NoticeKind, NoticeRecipient
from patrols.ledger.week_of_disputes import substance, week_of_disputes
from patrols.models import DisputeNotice, InboxItem
from villages.models import Village
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.periods import Week
from xinjin.races import one_winner


def deliver_notice(
    *,
    by: Any,
    village: Village,
    week: Week,
    recipient: str,
    delivered_on: date | None = None,
    received_by: str = "",
    anew: bool = False,
) -> DisputeNotice:
    """Notes that the week's notice was handed to both committees, or sent to the station.

    Once for each, and again when the records tell something else since; `anew` for the records as they are now. The
    station finds it in its inbox when there is something to read in it.
    """
    today = timezone.localdate()
    day = delivered_on or today
    if day > today:
        raise ValidationError({"delivered_on": _("The date lies in the future.")})
    with one_winner():
        content = _content(village, week, recipient, today, anew=anew)
        known = editions(village, week).filter(recipient=recipient).last()
        if known is not None and substance(known.content) == substance(content):
            who = known.by.display_name if known.by else ""
            raise Conflict(
                _("This notice has been handed over already."),
                theirs={str(known.get_recipient_display()): f"{known.delivered_on:%Y-%m-%d} {who}"},
            )
        notice = DisputeNotice(
            village=village,
            starts_on=week.start,
            recipient=NoticeRecipient(recipient),
            edition=known.edition + 1 if known else 1,
            delivered_on=day,
            received_by=received_by.strip(),
            content=content,
            by=by,
        )
        notice.full_clean(exclude=["by"])
        notice.save()
        record(by, "deliver", notice, {"recipient": recipient, "week": week.key, "edition": notice.edition})
        if recipient == NoticeRecipient.STATION and (notice.content["found"] or notice.content["open"]):
            _tell_station(by, notice)
    return notice


def editions(village: Village, week: Week) -> QuerySet:
    """What was handed over of the week, the last edition of each recipient last."""
    return DisputeNotice.objects.filter(village=village, starts_on=week.start).order_by("edition", "pk")


def _content(village: Village, week: Week, recipient: str, today: date, *, anew: bool) -> dict[str, Any]:
    """What stands on it: the week's records; the station gets what the committees have already (decision 11)."""
    if recipient == NoticeRecipient.STATION and not anew:
        given = editions(village, week).filter(recipient=NoticeRecipient.COMMITTEES).last()
        if given is not None:
            return given.content
    with translation.override("zh-hans"):
        return week_of_disputes(village, week, today)


def _tell_station(by: Any, notice: DisputeNotice) -> None:
    context = {"name": str(notice), "url": notice.get_absolute_url()}
    InboxItem.objects.bulk_create(
        InboxItem(recipient=person, kind=NoticeKind.DISPUTES, context=context)
        for person in station_people(notice.village.station)
        if by is None or person.user_id != by.pk
    )
