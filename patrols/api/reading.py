"""What the API shows of visits and photos; residents are masked as on the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from patrols import wording
from patrols.choices import BaseInfoAction, BaseInfoSubject
from patrols.entries import activities_of
from patrols.models import Activity, BaseInfoRow, Deed, HouseholdCall, Photo, Visit
from villages.households import sees_residents


class CallSerializer(serializers.ModelSerializer):
    """A household called on."""

    household = serializers.SerializerMethodField()
    spoke_with = serializers.SerializerMethodField()

    class Meta:
        model = HouseholdCall
        fields = ["household", "spoke_with", "topics", "raised", "case_kind"]

    def get_household(self, call: Any) -> str:
        """Address and head of the household."""
        return wording.household(call, in_full=self.context["in_full"])

    def get_spoke_with(self, call: Any) -> str:
        """Who was spoken with."""
        return wording.resident(call.spoke_with, in_full=self.context["in_full"])


class DeedSerializer(serializers.ModelSerializer):
    """A practical deed."""

    beneficiary = serializers.SerializerMethodField()

    class Meta:
        model = Deed
        fields = ["beneficiary", "matter", "outcome", "result"]

    def get_beneficiary(self, deed: Any) -> str:
        """For whom."""
        return wording.beneficiary(deed, in_full=self.context["in_full"])


class ActivitySerializer(serializers.ModelSerializer):
    """What else was done."""

    class Meta:
        model = Activity
        fields = ["kind", "people_count", "nothing_found", "note", "opens_case", "case_kind"]


class BaseInfoSerializer(serializers.ModelSerializer):
    """A base-info change as the log says it; `change` is its record from the first handing in on."""

    # Open in a draft; handing in asks for both.
    subject = serializers.ChoiceField(BaseInfoSubject.choices, allow_blank=True)
    action = serializers.ChoiceField(BaseInfoAction.choices, allow_blank=True)

    class Meta:
        model = BaseInfoRow
        fields = ["subject", "action", "address", "what", "change"]


class PhotoSerializer(serializers.ModelSerializer):
    """A work photo; the picture itself is at `file`, for those who may see its visit."""

    file = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ["id", "visit", "width", "height", "sha256", "uploaded_at", "file"]

    def get_file(self, photo: Any) -> str:
        """Where the picture is."""
        return reverse("photo-file", args=[photo.pk])


class VisitSerializer(serializers.ModelSerializer):
    """A visit as a row of a list."""

    village = serializers.CharField(source="village.code")
    village_name = serializers.CharField(source="village.name")
    station = serializers.CharField(source="village.station.name")
    officer = serializers.CharField(source="officer.number")
    officer_name = serializers.CharField(source="officer.name")

    class Meta:
        model = Visit
        fields = [
            "id", "village", "village_name", "station", "officer", "officer_name", "visited_on", "started_at",
            "ended_at", "household_count", "min_households", "deed_count", "min_deeds", "photo_count",
            "is_up_to_standard", "is_late", "state", "submitted_at", "revision",
        ]  # fmt: skip


class VisitDetailSerializer(VisitSerializer):
    """A visit with all its parts."""

    companions = serializers.SerializerMethodField()
    calls = serializers.SerializerMethodField()
    deeds = serializers.SerializerMethodField()
    activities = serializers.SerializerMethodField()
    base_info = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()
    names_in_full = serializers.SerializerMethodField()

    class Meta(VisitSerializer.Meta):
        fields = [
            *VisitSerializer.Meta.fields, "companions", "summary", "photo_waiver", "shortfall_reason", "calls", "deeds",
            "activities", "base_info", "photos", "names_in_full",
        ]  # fmt: skip

    def to_representation(self, visit: Any) -> Any:
        user = self.context["request"].user
        self.in_full = visit.officer.user_id == user.pk or sees_residents(user, visit.village)
        return super().to_representation(visit)

    def _parts(self, serializer: Any, rows: Any) -> Any:
        return serializer(rows, many=True, context={"in_full": self.in_full}).data

    def get_companions(self, visit: Any) -> list[str]:
        """The numbers of those who came along."""
        there = visit.attendees.select_related("officer").exclude(officer=visit.officer_id).order_by("officer__number")
        return [attendee.officer.number for attendee in there]

    @extend_schema_field(CallSerializer(many=True))
    def get_calls(self, visit: Any) -> Any:
        """The households called on."""
        return self._parts(CallSerializer, visit.calls.select_related("household").order_by("position", "id"))

    @extend_schema_field(DeedSerializer(many=True))
    def get_deeds(self, visit: Any) -> Any:
        """The practical deeds."""
        return self._parts(DeedSerializer, visit.deeds.order_by("position", "id"))

    @extend_schema_field(ActivitySerializer(many=True))
    def get_activities(self, visit: Any) -> Any:
        """What else was done, one of a kind."""
        return self._parts(ActivitySerializer, activities_of(visit))

    @extend_schema_field(BaseInfoSerializer(many=True))
    def get_base_info(self, visit: Any) -> Any:
        """The base-info changes found."""
        return self._parts(BaseInfoSerializer, visit.base_info.order_by("position", "id"))

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, visit: Any) -> Any:
        """The work photos."""
        return self._parts(PhotoSerializer, visit.photos.order_by("uploaded_at", "id"))

    def get_names_in_full(self, visit: Any) -> bool:
        """Whether residents' names are given in full; otherwise all but the first character is masked."""
        return self.in_full
