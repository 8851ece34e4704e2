"""The weeks that nobody has reported yet, on the officer's day: silence is shown as missing (R7)."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from patrols.choices import NoticeRecipient
from patrols.models import DisputeNotice
from patrols.week import register_panel
from villages.models import Officer, Village
from villages.models.dated import present
from xinjin.periods import Week
from xinjin.workdays.calendar import workdays


def notices_due(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """His villages whose last week was not handed to both committees or not reported to the station."""
    week = Week.of(timezone.localdate()).previous()
    held = Q(assignments__officer=officer, assignments__start_on__lte=week.end) & present("assignments__")
    villages = list(Village.objects.filter(held, valid_from__lte=week.end).order_by("code").distinct())
    if not villages or not workdays(week):
        return None
    rows = DisputeNotice.objects.filter(village__in=villages, starts_on=week.start)
    handed = set(rows.values_list("village", "recipient"))
    missing = [
        {
            "village": village,
            "lacking": [each for each in NoticeRecipient if (village.pk, each.value) not in handed],
        }
        for village in villages
    ]
    missing = [row for row in missing if row["lacking"]]
    if not missing:
        return None
    return {"template": "patrols/_disputes_panel.html", "context": {"week": week, "rows": missing}}


register_panel(notices_due, is_wide=True)
