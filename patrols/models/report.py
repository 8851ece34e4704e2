from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import ReportKind, ReportState
from villages.models import Officer, Unit
from xinjin import periods
from xinjin.access.engine import ScopedQuerySet


class WorkReport(models.Model):
    """A weekly report to the station's leader (R13) or a monthly one to the leader of one's own unit (R14).

    Its figures come from the records; the person adds words only.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind.choices)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="reports", verbose_name=_("officer"))
    period = models.CharField(_("period"), max_length=8)
    period_end_on = models.DateField(_("last day of the period"))
    due_on = models.DateField(_("due on"))
    # To whom: the station of the village for a weekly report, the officer's own unit for a monthly one.
    addressee = models.ForeignKey(Unit, models.PROTECT, related_name="reports_received", verbose_name=_("addressee"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    figures = models.JSONField(_("figures"), default=dict, encoder=DjangoJSONEncoder)
    summary = models.TextField(_("work done"), max_length=2000, blank=True)
    problems = models.TextField(_("problems, decisions asked for"), max_length=2000, blank=True)
    plan = models.TextField(_("next steps"), max_length=2000, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    instructions = models.TextField(_("instructions"), max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reviewer")
    )
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("work report")
        verbose_name_plural = _("work reports")
        indexes = [
            models.Index(fields=["-period_end_on", "kind", "id"], name="patrols_report_listed"),
            models.Index(fields=["addressee", "state"], name="patrols_report_addressee"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "officer", "period"], name="patrols_report_once"),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(submitted_at__isnull=False),
                name="patrols_report_submitted",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="patrols_report_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period} {self.officer.name}"

    @property
    def span(self) -> periods.Period:
        """The period as a value."""
        return periods.parse(self.period)

    @property
    def state_badge(self) -> tuple[str, str]:
        """Tone and shape of its state, wherever it is shown."""
        return ReportState(self.state).badge

    @property
    def is_open(self) -> bool:
        """Whether its author may still write."""
        return self.state in (ReportState.DRAFT, ReportState.RETURNED)


class ReportTransition(models.Model):
    """A change of state: who, when, why."""

    report = models.ForeignKey(WorkReport, models.CASCADE, related_name="transitions")
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    rights_of = "report"

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")

    def __str__(self) -> str:
        return self.get_state_display()
