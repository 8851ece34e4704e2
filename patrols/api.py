"""Visits and reports for other systems of the bureau; read only, residents masked as on the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patrols import wording
from patrols.filters import VisitFilter
from patrols.models import Activity, Deed, HouseholdCall, Visit, WorkReport
from villages.households import sees_residents
from xinjin.access.api import ScopedReadViewSet


class CallSerializer(serializers.ModelSerializer):
    """A household called on."""

    household = serializers.SerializerMethodField()
    spoke_with = serializers.SerializerMethodField()

    class Meta:
        model = HouseholdCall
        fields = ["household", "spoke_with", "topics", "raised"]

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
        fields = ["kind", "people_count", "nothing_found", "note"]


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
    activities = ActivitySerializer(many=True)

    class Meta(VisitSerializer.Meta):
        fields = [
            *VisitSerializer.Meta.fields, "companions", "summary", "photo_waiver", "shortfall_reason", "calls", "deeds",
            "activities",
        ]  # fmt: skip

    def _masked(self, visit: Any) -> dict[str, bool]:
        user = self.context["request"].user
        return {"in_full": visit.officer.user_id == user.pk or sees_residents(user, visit.village)}

    def get_companions(self, visit: Any) -> list[str]:
        """The numbers of those who came along."""
        there = visit.attendees.select_related("officer").exclude(officer=visit.officer_id).order_by("officer__number")
        return [attendee.officer.number for attendee in there]

    @extend_schema_field(CallSerializer(many=True))
    def get_calls(self, visit: Any) -> Any:
        """The households called on."""
        rows = visit.calls.select_related("household").order_by("position", "id")
        return CallSerializer(rows, many=True, context=self._masked(visit)).data

    @extend_schema_field(DeedSerializer(many=True))
    def get_deeds(self, visit: Any) -> Any:
        """The practical deeds."""
        return DeedSerializer(visit.deeds.order_by("position", "id"), many=True, context=self._masked(visit)).data


class VisitViewSet(ScopedReadViewSet):
    """The visits that the user may see, newest first."""

    queryset = Visit.objects.listed()
    serializer_class = VisitSerializer
    filterset_class = VisitFilter

    def get_serializer_class(self) -> Any:
        return VisitDetailSerializer if self.action == "retrieve" else VisitSerializer


class WorkReportSerializer(serializers.ModelSerializer):
    """A weekly or monthly report."""

    officer = serializers.CharField(source="officer.number")
    officer_name = serializers.CharField(source="officer.name")
    addressee = serializers.CharField(source="addressee.name")

    class Meta:
        model = WorkReport
        fields = [
            "id", "kind", "period", "officer", "officer_name", "addressee", "state", "due_on", "submitted_at",
            "is_late", "figures", "summary", "problems", "plan", "comment", "instructions", "reviewed_at",
        ]  # fmt: skip


class WorkReportViewSet(ScopedReadViewSet):
    """The reports that the user may see, newest first."""

    queryset = WorkReport.objects.select_related("officer", "addressee").order_by("-period_end_on", "kind", "id")
    serializer_class = WorkReportSerializer


ROUTES = [("visits", VisitViewSet), ("reports", WorkReportViewSet)]
