"""What a case is made of: parties, steps, moves, runs of the clock with their pauses, referrals."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import (
    ACTS_COUNTED,
    CaseAct,
    CaseLevel,
    CaseState,
    LimitUnit,
    PartyRole,
    ReferralTarget,
    Resolver,
    StepKind,
    TermEnding,
)
from patrols.ledger.deadlines import Days
from patrols.models.case import Case
from villages.models import Household, Officer
from xinjin.access.engine import ScopedQuerySet


class CaseParty(models.Model):
    """Somebody whom a case is about. No identity number (limits on burden)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    role = models.CharField(_("role"), max_length=12, choices=PartyRole.choices)
    name = models.CharField(_("full name"), max_length=50)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="party_of", verbose_name=_("household")
    )
    rights_of = "case"

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        indexes = [
            models.Index(fields=["name"], name="patrols_party_name"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="patrols_caseparty_name_text"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name", "role"],
                name="patrols_party_once",
                violation_error_message=_("This person is entered twice."),
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class CaseStep(models.Model):
    """What was done about a case on a day."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind.choices)
    happened_on = models.DateField(_("date"))
    note = models.CharField(_("what was done"), max_length=1000)
    at = models.DateTimeField(_("entered at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    rights_of = "case"

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [
            models.Index(fields=["case", "happened_on"], name="patrols_step_day"),
            GinIndex(OpClass(Upper("note"), "gin_trgm_ops"), name="patrols_casestep_note_text"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class CaseTransition(models.Model):
    """One act of the workflow: who, when, why, and the state that followed.

    What a past month brought is counted by these rows, for the case itself only says how it stands now: `happened_on`
    is the day that counts (a resolution may be entered later than it was reached), `resolver` who resolved it.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="transitions")
    act = models.CharField(_("act"), max_length=20, choices=CaseAct.choices)
    state = models.CharField(_("state"), max_length=10, choices=CaseState.choices)
    happened_on = models.DateField(_("date"), default=timezone.localdate)
    resolver = models.CharField(_("resolved by"), max_length=20, choices=Resolver.choices, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    rights_of = "case"

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        indexes = [
            models.Index(
                fields=["act", "happened_on"],
                condition=Q(act__in=[str(act) for act in ACTS_COUNTED]),
                name="patrols_transition_counted",
            ),
            GinIndex(OpClass(Upper("reason"), "gin_trgm_ops"), name="patrols_transition_reason_text"),
        ]

    def __str__(self) -> str:
        return self.get_act_display()


class CaseTerm(models.Model):
    """One run of a case's clock, stamped with the rule and the owner of its time.

    It begins when the case is opened, its level is changed, an outside body has answered, or it is reopened. The score
    of a month counts the runs that end in it, so what happens to the case later changes no assessed month.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField(_("No."))
    level = models.CharField(_("level"), max_length=10, choices=CaseLevel.choices)
    started_on = models.DateField(_("from"))
    days = models.PositiveSmallIntegerField(_("limit"))
    unit = models.CharField(_("counted in"), max_length=10, choices=LimitUnit.choices)
    start_due_on = models.DateField(_("begin by"), null=True)
    weekly = models.BooleanField(default=False)
    # Empty while the clock stands still.
    due_on = models.DateField(_("due on"), null=True)
    owner = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="case_terms", verbose_name=_("owner"))
    ended_on = models.DateField(_("ended on"), null=True)
    ending = models.CharField(_("ended as"), max_length=10, choices=TermEnding.choices, blank=True)
    rights_of = "case"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of a case")
        verbose_name_plural = _("limits of a case")
        indexes = [
            models.Index(fields=["due_on", "owner"], condition=Q(due_on__isnull=False), name="patrols_term_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="patrols_term_number"),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on=None), name="patrols_term_one_running"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ending="") | Q(ended_on__isnull=False) & ~Q(ending=""),
                name="patrols_term_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"

    @property
    def is_in_time(self) -> bool:
        """Whether it ended by its day."""
        return self.ended_on is not None and (self.due_on is None or self.ended_on <= self.due_on)


class CasePause(models.Model):
    """Days on which the clock stands still, such as while an outside body is waited for."""

    term = models.ForeignKey(CaseTerm, models.CASCADE, related_name="pauses")
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until"), null=True)
    expected_on = models.DateField(_("expected to end on"), null=True)
    reason = models.CharField(_("reason"), max_length=200)
    rights_of = "term"

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        indexes = [GinIndex(OpClass(Upper("reason"), "gin_trgm_ops"), name="patrols_casepause_reason_text")]
        constraints = [
            models.UniqueConstraint(fields=["term"], condition=Q(end_on=None), name="patrols_pause_one_running"),
            models.CheckConstraint(condition=Q(end_on=None) | Q(end_on__gte=F("start_on")), name="patrols_pause_order"),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def span(self) -> Days:
        """The days; open ones have none yet."""
        return Days(self.start_on, self.end_on or self.start_on)


class CaseReferral(models.Model):
    """A case passed on to another body, and what that answered."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals")
    target = models.CharField(_("passed on to"), max_length=20, choices=ReferralTarget.choices)
    target_name = models.CharField(_("its name"), max_length=50, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    referred_on = models.DateField(_("passed on"))
    answer_due_on = models.DateField(_("answer asked for by"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    rights_of = "case"

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            GinIndex(OpClass(Upper(field), "gin_trgm_ops"), name=f"patrols_referral_{field}_text")
            for field in ("reason", "answer")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_on=None), name="patrols_referral_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("referred_on")), name="patrols_referral_order"
            ),
        ]

    def __str__(self) -> str:
        return self.target_name or self.get_target_display()
