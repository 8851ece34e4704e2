"""The forms of the weekly briefing: they only parse, the verbs judge."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.briefings import Giving
from patrols.choices import BriefingWay
from patrols.forms.cases import Day
from patrols.forms.rows import length
from patrols.models import Briefing
from patrols.models.briefing import nobody_named
from villages.models import Assignment, Officer, Village
from xinjin.periods import Week


class TextForm(forms.Form):
    """The text, and which one the writer has seen."""

    text = forms.CharField(
        label=_("Text of the briefing"),
        max_length=length(Briefing, "text"),
        validators=[nobody_named],
        widget=forms.Textarea(attrs={"rows": 12, "data-briefing-text": ""}),
    )
    # Empty or 0: nothing was stored yet.
    revision = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0

    def clean_text(self) -> str:
        """Lines end alike, whichever way the page was sent."""
        return self.cleaned_data["text"].replace("\r\n", "\n")


def _named(person: Officer) -> str:
    return f"{person.name}（{person.get_kind_display()}）"


class GivingForm(forms.Form):
    """How the village heard it."""

    given_on = Day(label=_("Given on"))
    ways = forms.MultipleChoiceField(
        label=_("How"),
        choices=BriefingWay.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say how it was given.")},
    )
    givers = forms.ModelMultipleChoiceField(
        Officer.objects.none(),
        label=_("By whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say who gave it.")},
    )
    audience = forms.CharField(
        label=_("To whom"),
        max_length=length(Briefing, "audience"),
        required=False,
        validators=[nobody_named],
        widget=forms.TextInput(attrs={"placeholder": _("such as: all residents, shopkeepers")}),
    )
    people_count = forms.IntegerField(
        label=_("People reached"),
        required=False,
        min_value=1,
        max_value=99_999,
        help_text=_("About how many; may stay empty."),
    )

    def __init__(self, *args: Any, village: Village, week: Week, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Assignment.objects.during(week).filter(village=village)
        people = Officer.objects.filter(pk__in=held.values("officer")).order_by("pinyin", "number")
        self.people = list(people)
        self.fields["givers"].queryset = people  # type: ignore[attr-defined]
        self.fields["givers"].choices = [(person.pk, _named(person)) for person in self.people]  # type: ignore[attr-defined]
        self.initial.setdefault("given_on", min(timezone.localdate(), week.end))
        self.initial.setdefault("givers", [person.pk for person in self.people if person.user_id == user.pk])

    def giving(self) -> Giving:
        """How it was given, as a value."""
        data = self.cleaned_data
        return Giving(
            given_on=data["given_on"],
            ways=tuple(way for way in BriefingWay.values if way in data["ways"]),
            givers=list(data["givers"]),
            audience=data["audience"],
            people_count=data["people_count"],
        )


class TakeBackForm(forms.Form):
    """Why it was not given after all."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput())
