import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import BaseInfoAction, BaseInfoState, BaseInfoSubject
from patrols.models.visit import Visit
from villages.models import Officer, Village
from xinjin.access.engine import ScopedQuerySet


class BaseInfoChange(models.Model):
    """A change of the base information 一标三实 that was found: an address, a person, a dwelling, a work unit (R9).

    The police master database is not copied: this row says what is to be put right there, and its receipt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="base_info_changes", verbose_name=_("village"))
    subject = models.CharField(_("subject"), max_length=12, choices=BaseInfoSubject.choices)
    action = models.CharField(_("kind of change"), max_length=10, choices=BaseInfoAction.choices)
    address = models.CharField(_("address"), max_length=100, help_text=_("Within the village, such as 3组12号."))
    what = models.CharField(_("what has changed"), max_length=300, help_text=_("No identity numbers."))
    source_visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="base_info_changes", verbose_name=_("visit")
    )
    found_on = models.DateField(_("found on"))
    found_by = models.ForeignKey(Officer, models.PROTECT, related_name="base_info_found", verbose_name=_("found by"))
    # The officer responsible for the village on that day: he sees to it that it is forwarded in time.
    owner = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="base_info_owned", verbose_name=_("owner")
    )
    due_on = models.DateField(_("to be forwarded by"))
    state = models.CharField(_("state"), max_length=10, choices=BaseInfoState.choices, default=BaseInfoState.FOUND)
    checked_on = models.DateField(_("verified on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    forwarded_on = models.DateField(_("forwarded on"), null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=50, blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    private_fields = frozenset({"address", "what"})

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("base-info change")
        verbose_name_plural = _("base-info changes")
        indexes = [
            models.Index(fields=["-found_on", "-created_at", "id"], name="patrols_baseinfo_listed"),
            models.Index(fields=["due_on", "owner"], name="patrols_baseinfo_due"),
            models.Index(fields=["village", "-found_on"], name="patrols_baseinfo_village"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BaseInfoState.FORWARDED) | Q(forwarded_on__isnull=False) & ~Q(receipt=""),
                name="patrols_baseinfo_receipt",
                violation_error_message=_("A forwarded change needs its date and receipt."),
            ),
            models.CheckConstraint(
                condition=Q(state=BaseInfoState.FOUND) | Q(checked_on__isnull=False),
                name="patrols_baseinfo_checked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.get_action_display()} {self.found_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its row on the list."""
        return f"{reverse('base_info_list')}?change={self.pk}"
