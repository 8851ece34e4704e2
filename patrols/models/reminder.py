from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrols.choices import NoticeKind
from villages.models import Officer
from xinjin.access.engine import ScopedQuerySet


class Reminder(models.Model):
    """That somebody is to be reminded of something: a row, not a task (R22).

    Unique on kind, recipient and period, so any number of sweeps makes one; delivered by conditional update in one
    transaction with its inbox row, so any number of workers delivers it once.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    recipient = models.ForeignKey(Officer, models.PROTECT, related_name="reminders", verbose_name=_("recipient"))
    period = models.CharField(_("period"), max_length=40)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["kind", "recipient", "period"], name="patrols_reminder_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(delivered_at=None), name="patrols_reminder_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"


class InboxItem(models.Model):
    """What a person finds in the inbox: a delivered reminder, or a notice that a verb left."""

    recipient = models.ForeignKey(Officer, models.PROTECT, related_name="inbox", verbose_name=_("recipient"))
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    reminder = models.OneToOneField(Reminder, models.PROTECT, null=True, blank=True, related_name="item")
    # What the sentence and the link are made of: period, name of the record, address of the record, remark.
    context = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("arrived at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    # Set when what was asked for has been done, so that nobody is nagged about work handed in.
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox item")
        verbose_name_plural = _("inbox items")
        indexes = [models.Index(fields=["recipient", "-created_at", "-id"], name="patrols_inbox_listed")]

    def __str__(self) -> str:
        return self.get_kind_display()
