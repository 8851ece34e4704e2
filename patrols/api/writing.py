"""What the API takes for a visit: parsed into a VisitEntry and judged by the verbs, as on the pages.

Which villages and companions may be named, and how long a text may be, is asked of the forms of the edit page.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from patrols.choices import (
    CASE_KINDS_OF_CALLS,
    CASE_KINDS_OF_SCREENINGS,
    ActivityKind,
    BaseInfoAction,
    BaseInfoSubject,
    DeedOutcome,
    Topic,
)
from patrols.entries import KIND_ORDER, ActivityEntry, BaseInfoEntry, CallEntry, DeedEntry, VisitEntry, entry_of
from patrols.forms.rows import MAX_ROWS, ActivityForm, length
from patrols.forms.visits import VisitForm
from patrols.models import Activity, BaseInfoRow, Deed, HouseholdCall, Visit, VisitTransition
from villages.models import Officer, Village
from xinjin.access.api import StrictSerializer

MOST_PEOPLE = ActivityForm.base_fields["people_count"].max_value  # type: ignore[attr-defined]
MOST_COMPANIONS = 20
PARTS: dict[str, Any] = {
    "calls": CallEntry,
    "deeds": DeedEntry,
    "activities": ActivityEntry,
    "base_info": BaseInfoEntry,
}


def text(model: Any, field: str) -> serializers.CharField:
    """A text that may stay empty, no longer than the field of the model."""
    return serializers.CharField(max_length=length(model, field), required=False, allow_blank=True)


def rows_of(row: type[StrictSerializer], most: int, **more: Any) -> Any:
    """At most so many rows of a part; none when they are not sent."""
    options: dict[str, Any] = {"many": True, "required": False, "max_length": most, **more}
    return row(**options)


class CallInput(StrictSerializer):
    """A household called on: its address, a space, and the head of the household."""

    household = text(HouseholdCall, "entered")
    spoke_with = text(HouseholdCall, "spoke_with")
    topics = serializers.ListField(
        child=serializers.ChoiceField(Topic.choices), required=False, max_length=len(Topic.choices)
    )
    raised = text(HouseholdCall, "raised")
    case_kind = serializers.ChoiceField(
        CASE_KINDS_OF_CALLS,
        required=False,
        allow_blank=True,
        help_text="Handing in makes what they raised a case of the ledger; empty makes none.",
    )

    def validate_household(self, value: str) -> str:
        return " ".join(value.split())

    def validate_topics(self, value: list[str]) -> tuple[str, ...]:
        return tuple(topic for topic in Topic.values if topic in value)


class DeedInput(StrictSerializer):
    """A practical deed."""

    beneficiary = text(Deed, "beneficiary")
    matter = text(Deed, "matter")
    outcome = serializers.ChoiceField(DeedOutcome.choices, required=False)
    result = text(Deed, "result")


class ActivityInput(StrictSerializer):
    """A briefing, publicity, group patrol or screening during the visit; one of a kind."""

    kind = serializers.ChoiceField(ActivityKind.choices)
    people_count = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True)
    nothing_found = serializers.BooleanField(required=False)
    note = text(Activity, "note")
    opens_case = serializers.BooleanField(
        required=False, help_text="Of a screening: handing in makes what was found a case of the ledger."
    )
    case_kind = serializers.ChoiceField(
        CASE_KINDS_OF_SCREENINGS, required=False, help_text="As what it goes into the ledger: a dispute unless said."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("opens_case") and attrs["kind"] != ActivityKind.SCREENING:
            raise serializers.ValidationError({"opens_case": [_("Only a screening goes into the ledger.")]})
        return attrs


class BaseInfoInput(StrictSerializer):
    """A base-info change found on the visit; handing in gives it to the community officer to verify."""

    subject = serializers.ChoiceField(BaseInfoSubject.choices, required=False, allow_blank=True)
    action = serializers.ChoiceField(BaseInfoAction.choices, required=False, allow_blank=True)
    address = text(BaseInfoRow, "address")
    what = text(BaseInfoRow, "what")
    change = serializers.UUIDField(
        required=False, allow_null=True, help_text="The record that this row has made, as it was read; it stays one."
    )

    def validate_address(self, value: str) -> str:
        return " ".join(value.split())

    def validate_change(self, value: Any) -> str:
        return str(value or "")


class EntryInput(StrictSerializer):
    """All that an author writes of a visit. Needs the author's `visit` in its context, saved or not."""

    village = serializers.CharField(max_length=length(Village, "code"), help_text="Code of one of your villages.")
    visited_on = serializers.DateField()
    started_at = serializers.TimeField(required=False, allow_null=True)
    ended_at = serializers.TimeField(required=False, allow_null=True)
    companions = serializers.ListField(
        child=serializers.CharField(max_length=length(Officer, "number")),
        required=False,
        max_length=MOST_COMPANIONS,
        help_text="Numbers of the other people of your villages who came along.",
    )
    summary = text(Visit, "summary")
    photo_waiver = text(Visit, "photo_waiver")
    shortfall_reason = text(Visit, "shortfall_reason")
    calls = rows_of(CallInput, MAX_ROWS)
    deeds = rows_of(DeedInput, MAX_ROWS)
    activities = rows_of(ActivityInput, len(ActivityKind.choices))
    base_info = rows_of(BaseInfoInput, MAX_ROWS)

    def validate_activities(self, rows: list[dict]) -> list[dict]:
        seen: set[str] = set()
        found: list[dict] = []
        for row in rows:
            twice = row["kind"] in seen
            found.append({"kind": [_("This kind of activity is given twice.")]} if twice else {})
            seen.add(row["kind"])
        if any(found):
            raise serializers.ValidationError(found)  # type: ignore[arg-type]
        return rows

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        visit = self.context["visit"]
        day = attrs.get("visited_on", visit.visited_on)
        form = VisitForm(visit=Visit(id=visit.id, officer=visit.officer, village_id=visit.village_id, visited_on=day))
        errors = {}
        for name, key in (("village", "code"), ("companions", "number")):
            if name in attrs:
                rows: Any = form.fields[name].queryset  # type: ignore[attr-defined]
                wanted = attrs[name] if name == "companions" else [attrs[name]]
                known = {getattr(row, key): row for row in rows.filter(**{f"{key}__in": wanted})}
                unknown = [value for value in wanted if value not in known]
                if unknown:
                    errors[name] = [_("Not one of those you may name: %(names)s") % {"names": "、".join(unknown)}]
                attrs[name] = frozenset(known.values()) if name == "companions" else known.get(attrs[name])
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    def entry(self, stored: Visit | None = None) -> VisitEntry:
        """What was sent as a value; fields not sent stay as they are stored."""
        values = {name: value for name, value in self.validated_data.items() if name in VisitEntry.__dataclass_fields__}
        for name, row_type in PARTS.items():
            if name in values:
                values[name] = tuple(row_type(**row) for row in values[name])
        return replace(entry_of(stored), **values) if stored else VisitEntry(**values)

    def as_sent(self, error: ValidationError) -> ValidationError:
        """A verb's messages with each activity numbered as it was sent; the verb counts in the order of the page."""
        rows = self.validated_data.get("activities")
        if rows is None or not hasattr(error, "error_dict"):
            return error
        order = sorted(range(len(rows)), key=lambda number: KIND_ORDER.index(rows[number]["kind"]))
        found: Mapping[str, Any] = error.error_dict
        return ValidationError({_renumbered(name, order): messages for name, messages in found.items()})


def _renumbered(name: str, order: list[int]) -> str:
    part, _dash, rest = name.partition("-")
    number, _dash, field = rest.partition("-")
    return f"{part}-{order[int(number)]}-{field}" if part == "activities" else name


class NewVisitInput(EntryInput):
    """A new visit: a draft, or handed in at once."""

    id = serializers.UUIDField(required=False, help_text="The visit's own identifier, made by the sender.")
    submit = serializers.BooleanField(default=False, help_text="Hand it in at once; if refused, nothing is kept.")


class ChangedVisitInput(EntryInput):
    """Changes to an open visit. Only the fields sent change; rows of a part are replaced together."""

    village = serializers.CharField(max_length=length(Village, "code"), required=False)
    visited_on = serializers.DateField(required=False)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class SubmitInput(StrictSerializer):
    """Which revision is handed in, unless If-Match says so."""

    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class ReturnInput(StrictSerializer):
    """Why a log goes back to its author."""

    reason = serializers.CharField(max_length=length(VisitTransition, "reason"))


class PhotoInput(StrictSerializer):
    """A picture; JPEG, PNG or WebP by its content."""

    photo = serializers.FileField(allow_empty_file=True)
