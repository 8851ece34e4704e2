"""The forms of council meetings: they only parse; the verbs judge. Fields stand in the order of the meeting."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from patrols.choices import CouncilRole, MeasureState
from patrols.councils.checks import able_to_own, month_choices, officers_of
from patrols.councils.entries import CouncilEntry, MeasureEntry, ordered
from patrols.forms.cases import Day
from patrols.forms.rows import RowForm, RowFormSet, length
from patrols.models import CouncilMeasure, CouncilMeeting
from patrols.situation.wording import month_words
from villages.models import Officer, Village, VillageContact
from xinjin.periods import Month, PeriodError, parse_as

MAX_MEASURES = 20
ROWS = {"agenda": 4, "situation": 8, "minutes": 5, "decisions": 5}


def _own(name: str) -> Any:
    return CouncilMeeting._meta.get_field(name)


def _text(name: str, **kwargs: Any) -> forms.CharField:
    field = _own(name)
    widget = forms.Textarea(attrs={"rows": ROWS[name]}) if name in ROWS else forms.TextInput()
    options = {"label": capfirst(field.verbose_name), "max_length": field.max_length, "widget": widget, **kwargs}
    return forms.CharField(required=False, **options)


def _time(name: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=capfirst(_own(name).verbose_name), required=False, widget=widget)


def _number(name: str) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4})
    return forms.IntegerField(
        label=capfirst(_own(name).verbose_name), required=False, min_value=0, max_value=9999, widget=widget
    )


class Names(forms.ModelMultipleChoiceField):
    """People by name and kind."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.get_kind_display()}）"


class CouncilForm(forms.Form):
    """What is written of a council. Everything but the day may stay empty until it is handed in."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    held_on = Day(label=_("Held on"))
    started_at = _time("started_at")
    ended_at = _time("ended_at")
    place = _text("place")
    chair = _text("chair", help_text=_("Post and name, such as 村支书 王建国."))
    expected_count = _number("expected_count")
    present_count = _number("present_count")
    roles = forms.MultipleChoiceField(
        label=_("Who sat in the council"),
        choices=CouncilRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As what they came; residents are not named."),
    )
    officers = Names(
        Officer.objects.none(), label=_("Police present"), required=False, widget=forms.CheckboxSelectMultiple
    )
    situation_month = forms.ChoiceField(label=_("Situation of"))
    agenda = _text("agenda")
    situation = _text(
        "situation",
        help_text=_("Drafted from the records, to be changed. Without it the council counts for auxiliaries only."),
    )
    minutes = _text("minutes", help_text=_("What was said, without naming residents."))
    decisions = _text("decisions")

    def __init__(self, *args: Any, meeting: CouncilMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = {meeting.held_on, timezone.localdate()}
        people = set(meeting.attendees.values_list("officer", flat=True))
        for day in days:
            people |= set(officers_of(meeting.village, day).values_list("pk", flat=True))
        able = Officer.objects.filter(pk__in=people)
        self.fields["officers"].queryset = able.order_by("kind", "pk")  # type: ignore[attr-defined]
        months = {month.key: month for day in days for month in month_choices(day)}
        if self.is_bound:
            months |= _months_typed(self.data.get("held_on", ""), self.fields["held_on"])
        months.setdefault(meeting.situation_month, parse_as(Month, meeting.situation_month))
        self.fields["situation_month"].choices = [  # type: ignore[attr-defined]
            (key, month_words(months[key])) for key in sorted(months, reverse=True)
        ]

    def entry(self, stored: CouncilEntry, measures: tuple[MeasureEntry, ...]) -> CouncilEntry:
        """The council as a value; what could not be read is as it is stored."""
        data = stored.__dict__ | self.cleaned_data | {"measures": measures}
        data.pop("revision", None)
        data["roles"] = ordered(data["roles"])
        data |= {name: data[name].replace("\r\n", "\n") for name in ROWS}
        data["officers"] = tuple(sorted(data["officers"], key=lambda officer: officer.pk))
        return CouncilEntry(**data)


def _months_typed(text: str, field: Any) -> dict[str, Month]:
    """The choices that a day on the form leads to, when it can be read."""
    try:
        return {month.key: month for month in month_choices(field.clean(text))}
    except (forms.ValidationError, PeriodError, OverflowError):
        return {}


def initial_of(meeting: CouncilMeeting, entry: CouncilEntry) -> dict[str, Any]:
    """The stored council as the form shows it."""
    return {**entry.__dict__, "officers": [officer.pk for officer in entry.officers], "revision": meeting.revision}


class MeasureForm(RowForm):
    """A measure: what, who, by when. Who is an officer of the village or its station, or a contact of the village."""

    what = forms.CharField(label=_("Measure"), max_length=length(CouncilMeasure, "what"), required=False)
    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    telling = ("what", "owner", "due_on")

    def __init__(self, *args: Any, owners: "Owners", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners
        self.fields["owner"].choices = owners.choices  # type: ignore[attr-defined]

    @property
    def entry(self) -> MeasureEntry:
        """The row as a value; what could not be read is missing."""
        data = self.cleaned_data
        owner = self.owners.by_key.get(data.get("owner", ""))
        return MeasureEntry(data.get("what", "").strip(), owner, data.get("due_on"))


class Owners:
    """Who may have a measure of the village, as choices: its police first, then its contacts. Two queries."""

    def __init__(self, village: Village) -> None:
        people, contacts = able_to_own(village)
        officers = {f"officer-{row.pk}": row for row in people.select_related("unit")}
        named = {f"contact-{row.pk}": row for row in contacts}
        self.by_key: dict[str, Any] = {**officers, **named}
        self.choices = [
            ("", "—"),
            (_("Police"), [(key, f"{row.name}（{row.get_kind_display()}）") for key, row in officers.items()]),
            (_("Village"), [(key, f"{row.name}（{_post(row)}）") for key, row in named.items()]),
        ]

    def key_of(self, owner: Any) -> str:
        """The key of an owner; one who is no longer there is added, or his measure would lose him."""
        key = f"{'officer' if isinstance(owner, Officer) else 'contact'}-{owner.pk}"
        if key not in self.by_key:
            self.by_key[key] = owner
            self.choices.append((key, owner.name))
        return key


def _post(contact: VillageContact) -> str:
    return contact.post or contact.get_kind_display()


MeasureFormSet = forms.formset_factory(
    MeasureForm, formset=RowFormSet, extra=0, min_num=2, max_num=MAX_MEASURES, absolute_max=MAX_MEASURES * 2,
    validate_max=True, can_delete=True,
)  # fmt: skip


def measure_formset(meeting: CouncilMeeting, entry: CouncilEntry, data: Any = None) -> Any:
    """The rows of measures of a draft."""
    owners = Owners(meeting.village)
    initial = [{"what": row.what, "owner": owners.key_of(row.owner), "due_on": row.due_on} for row in entry.measures]
    return MeasureFormSet(data, prefix="measures", initial=initial, form_kwargs={"owners": owners})


class EndForm(forms.Form):
    """What has become of a measure."""

    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=[(state.value, state.label) for state in MeasureState if state != MeasureState.OPEN],
    )
    ended_on = Day(label=_("On"))
    result = forms.CharField(label=_("Result"), max_length=length(CouncilMeasure, "result"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate


class CommentForm(forms.Form):
    """What the station says to a council."""

    comment = forms.CharField(
        label=_("Comment of the station"),
        max_length=_own("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NewCouncilForm(forms.Form):
    """Of which village a council is to be written."""

    village = forms.ModelChoiceField(Village.objects.none(), label=_("Village"), to_field_name="code", empty_label=None)

    def __init__(self, *args: Any, villages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
