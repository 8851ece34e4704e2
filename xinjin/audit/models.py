"""Who did what, when, to which record. No foreign keys: records may go, the trail stays."""

import hashlib
import hmac
import json
from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet


class EventQuerySet(ScopedQuerySet):
    def about(self, model: type[models.Model], pk: Any) -> Self:
        """The events of one record, newest first."""
        return self.filter(subject_type=model._meta.label_lower, subject_id=str(pk)).order_by("-id")


class Event(models.Model):
    """One act. Rows are only ever added: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("actor"), null=True)
    actor_name = models.CharField(_("actor"), max_length=150)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_id = models.CharField(_("record"), max_length=60)
    subject_name = models.CharField(_("record"), max_length=200)
    detail = models.JSONField(_("detail"), default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_event_subject"),
            models.Index(fields=["-at", "-id"], name="audit_event_at"),
            models.Index(fields=["actor_id", "-id"], name="audit_event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"

    def expected_digest(self) -> str:
        """HMAC-SHA-256 over the content, keyed by SECRET_KEY; a changed row no longer matches its digest."""
        content = [
            self.at.isoformat(),
            self.actor_id,
            self.actor_name,
            self.action,
            self.subject_type,
            self.subject_id,
            self.subject_name,
            self.detail,
        ]
        message = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
        return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()
