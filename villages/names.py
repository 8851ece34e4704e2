"""What a village is called on a day: the present name, or the one it had then (R1: old logs keep theirs)."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from villages.models import FormerName, Village
from villages.models.dated import day_before
from villages.roster import hold_village
from xinjin.audit.trail import save_recorded
from xinjin.races import one_winner

NAMED = ("name", "official_name", "code")


def name_on(village: Village, day: date) -> str:
    """The name that `village` bore on `day`; one query."""
    former = village.former_names.on(day).values_list("name", flat=True).first()
    return village.name if former is None else former


def called_formerly(text: str) -> Q:
    """Villages with a former name, code, pinyin or initials like `text`."""
    lower = text.lower().replace(" ", "")
    names = FormerName.objects.filter(
        Q(name__icontains=text)
        | Q(official_name__icontains=text)
        | Q(code__startswith=text)
        | Q(pinyin__contains=lower)
        | Q(initials__startswith=lower),
        village=OuterRef("pk"),
    )
    return Q(Exists(names))


def by_code(villages: QuerySet[Village], code: str) -> Village | None:
    """The one of `villages` that has, or else last had, this code."""
    known = villages.filter(code=code).first()
    if known is None:
        former = FormerName.objects.filter(code=code, village__in=villages).order_by("-end_on", "-pk").first()
        known = former.village if former is not None else None
    return known


def since(village: Village) -> date:
    """The first day of the present name."""
    last = village.former_names.order_by("-end_on").values_list("end_on", flat=True).first()
    return village.valid_from if last is None else last + timedelta(days=1)


def rename_village(*, by: Any, village: Village, day: date, name: str, official_name: str, code: str) -> Village:
    """Gives the village another name or code from `day` on; what it was called until then is kept with its days.

    Raises ValidationError when nothing changes, `day` is still to come, or not after the day of its last renaming.
    """
    with one_winner():
        hold_village(village.pk)
        stored = Village.objects.get(pk=village.pk)
        former = FormerName(
            village=stored,
            start_on=since(stored),
            end_on=day_before(day),
            **{field: getattr(stored, field) for field in NAMED},
        )
        for field, value in zip(NAMED, (name, official_name, code), strict=True):
            setattr(stored, field, value.strip())
        _check(former, stored, day)
        save_recorded(stored, by=by, action="rename", detail={"day": day})
        save_recorded(former, by=by)
    return stored


def _check(former: FormerName, village: Village, day: date) -> None:
    if all(getattr(former, field) == getattr(village, field) for field in NAMED):
        raise ValidationError({"name": _("Neither name nor code changes.")})
    if day > timezone.localdate():
        raise ValidationError({"day": _("This day is still to come: rename the village on the day itself.")})
    if day <= former.start_on:
        raise ValidationError(
            {"day": _("The village bears its present name only since %(day)s.") % {"day": former.start_on}}
        )
    if village.valid_to is not None and day > village.valid_to:
        raise ValidationError({"day": _("The village ends earlier than this.")})
