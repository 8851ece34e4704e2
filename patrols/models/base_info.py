import re
import uuid
from datetime import date
from unicodedata import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import NOT_FORWARDED, BaseInfoAction, BaseInfoState, BaseInfoSubject
from patrols.models.visit import Visit
from villages.models import Officer, Village
from xinjin.access.engine import ScopedQuerySet

# Eighteen characters with a date of birth in them; telephone numbers and house numbers are none.
ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")


def no_id_number(text: str) -> None:
    """Identity numbers stay in the police master database (limits on burden)."""
    if ID_NUMBER.search(re.sub(r"\s", "", normalize("NFKC", text))):
        raise ValidationError(_("Leave the identity number out; the address and the name suffice."), code="id_number")


class BaseInfoQuerySet(ScopedQuerySet):
    def waiting(self) -> "BaseInfoQuerySet":
        """The changes still to be verified or forwarded."""
        return self.filter(state__in=[str(state) for state in NOT_FORWARDED])

    def late(self, day: date) -> "BaseInfoQuerySet":
        """Of these, those whose day has passed."""
        return self.waiting().filter(due_on__lt=day)


class BaseInfoChange(models.Model):
    """A change of the base information 一标三实 that was found: an address, a person, a dwelling, a work unit (R9).

    The police master database is not copied: this row says what is to be put right there, and its receipt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="base_info_changes", verbose_name=_("village"))
    subject = models.CharField(_("subject"), max_length=12, choices=BaseInfoSubject.choices)
    action = models.CharField(_("kind of change"), max_length=10, choices=BaseInfoAction.choices)
    address = models.CharField(
        _("address"), max_length=100, validators=[no_id_number], help_text=_("Within the village, such as 3组12号.")
    )
    what = models.CharField(
        _("what has changed"), max_length=300, validators=[no_id_number], help_text=_("No identity numbers.")
    )
    source_visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="base_info_changes", verbose_name=_("visit")
    )
    # Made by a row of that log; what is still to be verified then follows the row.
    is_of_log = models.BooleanField(_("from a row of the log"), default=False, editable=False)
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
    # The file that took it to the master database; it is in one only.
    transfer = models.ForeignKey(
        "patrols.BaseInfoTransfer",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="changes",
        verbose_name=_("hand-over to the master database"),
    )
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    private_fields = frozenset({"address", "what"})

    objects = BaseInfoQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(transfer=None) | Q(state=BaseInfoState.FORWARDED), name="patrols_baseinfo_transfer"
            ),
            models.CheckConstraint(
                condition=Q(is_of_log=False) | Q(source_visit__isnull=False), name="patrols_baseinfo_log"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.get_action_display()} {self.found_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its row on the list."""
        return f"{reverse('base_info_list')}?change={self.pk}"


class BaseInfoRow(models.Model):
    """A base-info change as its finder writes it in the log; incomplete while the visit is a draft.

    Handing in makes its `change`, once; the row keeps the way to it however often the log comes back.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="base_info")
    subject = models.CharField(_("subject"), max_length=12, choices=BaseInfoSubject.choices)
    action = models.CharField(_("kind of change"), max_length=10, choices=BaseInfoAction.choices)
    address = models.CharField(_("address"), max_length=100, validators=[no_id_number])
    what = models.CharField(_("what has changed"), max_length=300, validators=[no_id_number])
    change = models.OneToOneField(
        BaseInfoChange, models.PROTECT, null=True, blank=True, related_name="row", verbose_name=_("base-info change")
    )
    position = models.PositiveSmallIntegerField(default=0)
    rights_of = "visit"

    class Meta:
        verbose_name = _("base-info change of the log")
        verbose_name_plural = _("base-info changes of the log")

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.get_action_display()}"
