"""A case of the people's ledger 民情台账, and the register that numbers them (R6, R7)."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import (
    CATEGORIES_OF,
    UNRESOLVED,
    WAITING,
    CaseCategory,
    CaseKind,
    CaseLevel,
    CaseScale,
    CaseSource,
    CaseState,
)
from patrols.models.case_result import CaseResult
from patrols.models.visit import Visit
from villages.models import Household, Officer, Unit, Village
from xinjin.access.engine import ScopedQuerySet

DONE = (CaseState.RESOLVED, CaseState.CLOSED)


class Register(models.Model):
    """The numbers of a station's year. Its row is the lock that keeps them without gap or double."""

    station = models.ForeignKey(Unit, models.PROTECT, related_name="registers", verbose_name=_("station"))
    year = models.PositiveSmallIntegerField(_("year"))
    last_serial = models.PositiveIntegerField(_("last number"), default=0)
    rights_of = "cases"

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [models.UniqueConstraint(fields=["station", "year"], name="patrols_register_once")]

    def __str__(self) -> str:
        return f"{self.station.name} {self.year}"


class CaseQuerySet(ScopedQuerySet):
    def unresolved(self) -> "CaseQuerySet":
        """Cases in which the matter itself still stands."""
        return self.filter(state__in=[str(state) for state in UNRESOLVED])

    def overdue(self, day: date) -> "CaseQuerySet":
        """Cases whose day has passed."""
        return self.filter(due_on__lt=day)


class Case(CaseResult):
    """Something that residents raised, a dispute, or a lead of one; with its owner, its day and its result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="cases")
    serial = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind.choices)
    category = models.CharField(_("category"), max_length=20, choices=CaseCategory.choices)
    scale = models.CharField(_("scale"), max_length=12, choices=CaseScale.choices, default=CaseScale.INDIVIDUAL)
    level = models.CharField(_("level"), max_length=10, choices=CaseLevel.choices)
    village = models.ForeignKey(Village, models.PROTECT, related_name="cases", verbose_name=_("village"))
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("household")
    )
    title = models.CharField(_("what it is about"), max_length=100)
    detail = models.TextField(_("details"), max_length=2000, blank=True)
    place = models.CharField(_("where it happened"), max_length=100, blank=True)
    occurred_on = models.DateField(_("happened on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"))
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=CaseSource.choices, default=CaseSource.ENTERED)
    source_visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("visit")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by")
    )
    owner = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("owner")
    )
    co_handlers = models.ManyToManyField(
        Officer, blank=True, related_name="helped_cases", verbose_name=_("co-handlers")
    )
    linked = models.ManyToManyField("self", blank=True, verbose_name=_("linked cases"))
    state = models.CharField(_("state"), max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    # The present run of the clock; empty while it stands still.
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # Orange and red: the day by which something is to be done again.
    next_step_on = models.DateField(_("next step by"), null=True, blank=True)
    # Referred or paused: the day on which it comes back, with the answer or without.
    waits_until = models.DateField(_("waits until"), null=True, blank=True)
    # Red: the leader in charge 包案领导, and when both committees heard of it.
    leader = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="led_cases", verbose_name=_("leader in charge")
    )
    red_on = models.DateField(_("red since"), null=True, blank=True)
    committees_informed_on = models.DateField(_("both committees informed on"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="split_off", verbose_name=_("split off from")
    )
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    # What residents said is not written into the audit trail, which others than the village's own people read.
    private_fields = frozenset({"title", "detail", "place", "answer", "result"})

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["-opened_on", "-created_at", "id"], name="patrols_case_listed"),
            models.Index(fields=["village", "-opened_on"], name="patrols_case_village"),
            models.Index(fields=["owner", "state"], name="patrols_case_owner"),
            models.Index(fields=["due_on", "id"], condition=Q(due_on__isnull=False), name="patrols_case_due"),
            models.Index(fields=["waits_until"], condition=Q(waits_until__isnull=False), name="patrols_case_waits"),
            *(
                GinIndex(OpClass(Upper(field), "gin_trgm_ops"), name=f"patrols_case_{field}_text")
                for field in ("number", "title", "detail", "place", "result", "answer")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "serial"], name="patrols_case_serial"),
            models.UniqueConstraint(
                fields=["source_visit", "household"],
                condition=Q(source=CaseSource.CALL),
                name="patrols_case_once_a_call",
            ),
            models.UniqueConstraint(
                fields=["source_visit"],
                condition=Q(source=CaseSource.SCREENING),
                name="patrols_case_once_a_screening",
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(kind=kind, category__in=[str(each) for each in fit]) for kind, fit in CATEGORIES_OF.items()),
                    _connector=Q.OR,
                ),
                name="patrols_case_category",
                violation_error_code="category",
                violation_error_message=_("This category does not fit the kind."),
            ),
            models.CheckConstraint(
                condition=Q(promised_on=None) | Q(promised_on__gte=F("opened_on")),
                name="patrols_case_promise",
                violation_error_code="promised_on",
                violation_error_message=_("The promised day is before the day of opening."),
            ),
            models.CheckConstraint(
                condition=Q(occurred_on=None) | Q(occurred_on__lte=F("opened_on")),
                name="patrols_case_order",
                violation_error_code="occurred_on",
                violation_error_message=_("It cannot have happened after the case was opened."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(state) for state in DONE])
                | (Q(resolved_on__isnull=False) & ~Q(outcome="") & ~Q(method="") & ~Q(resolver="") & ~Q(result="")),
                name="patrols_case_result",
                violation_error_message=_("A resolved case needs its outcome, method, organisation and result."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.CLOSED) | Q(closed_on__isnull=False, answered_on__isnull=False),
                name="patrols_case_closed",
                violation_error_message=_("A case is closed after the answer has been given back."),
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.MERGED, merged_into__isnull=False)
                | ~Q(state=CaseState.MERGED) & Q(merged_into=None),
                name="patrols_case_merged",
            ),
            models.CheckConstraint(
                condition=Q(source=CaseSource.SPLIT, split_from__isnull=False)
                | ~Q(source=CaseSource.SPLIT) & Q(split_from=None),
                name="patrols_case_split",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(state__in=[str(CaseState.OPEN), str(CaseState.HANDLING)]),
                name="patrols_case_clock",
            ),
            models.CheckConstraint(
                condition=Q(waits_until=None) | Q(state__in=[str(state) for state in WAITING]),
                name="patrols_case_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of the case."""
        return reverse("case_detail", args=[self.pk])

    @property
    def level_badge(self) -> tuple[str, str]:
        """Tone and shape of its level, wherever it is shown."""
        return CaseLevel(self.level).badge

    @property
    def state_badge(self) -> tuple[str, str]:
        """Tone and shape of its state."""
        return CaseState(self.state).badge

    @property
    def is_unresolved(self) -> bool:
        """Whether the matter itself still stands."""
        return self.state in UNRESOLVED

    def is_promise_past(self, day: date) -> bool:
        """Whether the day promised to the resident has gone by without a result."""
        return self.promised_on is not None and self.promised_on < day and self.is_unresolved

    @property
    def is_red(self) -> bool:
        """Whether station and both committees hear of it the same day."""
        return self.level == CaseLevel.RED
