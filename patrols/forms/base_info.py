"""The forms of base-info changes: no identity numbers, and nothing that the visit holds already."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.base_info import ChangeEntry
from patrols.base_info_checks import MOST_AT_ONCE
from patrols.choices import BaseInfoAction, BaseInfoSubject
from patrols.forms.fields import Day
from patrols.forms.rows import length
from patrols.models import BaseInfoChange, BaseInfoCheck, Visit
from villages.models import Village
from xinjin import periods


class ChangeForm(forms.Form):
    """What was found. From a visit, place and date are the visit's."""

    village = forms.ModelChoiceField(Village.objects.none(), label=_("Village"), to_field_name="code", empty_label=None)
    found_on = Day(label=_("Found on"))
    subject = forms.ChoiceField(label=_("Subject"), choices=BaseInfoSubject.choices)
    action = forms.ChoiceField(label=_("Kind of change"), choices=BaseInfoAction.choices)
    address = forms.CharField(
        label=_("Address"),
        max_length=length(BaseInfoChange, "address"),
        help_text=_("Within the village, such as 3组12号."),
    )
    what = forms.CharField(
        label=_("What has changed"), max_length=length(BaseInfoChange, "what"), help_text=_("No identity numbers.")
    )

    def __init__(self, *args: Any, user: Any, visit: Visit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.fields["found_on"].initial = timezone.localdate
        if visit is not None:
            del self.fields["village"], self.fields["found_on"]
            return
        own = Village.objects.filter(pk__in=Village.objects.allowed(user, "unmask").values("pk"))
        self.fields["village"].queryset = own.order_by("code")  # type: ignore[attr-defined]

    def entry(self) -> ChangeEntry:
        """The change as a value."""
        data = dict(self.cleaned_data)
        if self.visit is not None:
            data |= {"village": self.visit.village, "found_on": self.visit.visited_on, "source_visit": self.visit}
        return ChangeEntry(**data)


class CheckForm(forms.Form):
    """It is so, or it is not, with what was found instead."""

    is_so = forms.TypedChoiceField(
        label=_("State"), choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes"
    )
    remark = forms.CharField(label=_("Remark"), max_length=length(BaseInfoChange, "remark"), required=False)


class ForwardForm(forms.Form):
    """Ticked changes and the receipt of the master database."""

    changes = forms.ModelMultipleChoiceField(
        BaseInfoChange.objects.none(),
        label=_("Base-info changes"),
        error_messages={"required": _("Tick at least one verified change.")},
    )
    receipt = forms.CharField(label=_("Receipt"), max_length=length(BaseInfoChange, "receipt"))
    forwarded_on = Day(label=_("Forwarded on"), required=False)

    def __init__(self, *args: Any, changes: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forwarded_on"].initial = timezone.localdate
        if changes is not None:
            self.fields["changes"].queryset = changes  # type: ignore[attr-defined]


class PeriodField(forms.CharField):
    """The key of a period, such as 2026-Q1."""

    def clean(self, value: Any) -> Any:
        """The period."""
        key = super().clean(value)
        try:
            return periods.parse(key)
        except periods.PeriodError as error:
            raise forms.ValidationError(_("This is no period; write 2026-03 or 2026-Q1.")) from error


class DrawForm(forms.Form):
    """Of which period how many are drawn."""

    period = PeriodField(label=_("Forwarded in"), max_length=8)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_AT_ONCE, initial=10)


class JudgeCheckForm(forms.Form):
    """Accurate, or what was found instead."""

    outcome = forms.ChoiceField(label=_("Result"), choices=[("accurate", ""), ("wrong", "")])
    reason = forms.CharField(
        label=_("What was found instead"), max_length=length(BaseInfoCheck, "reason"), required=False
    )
