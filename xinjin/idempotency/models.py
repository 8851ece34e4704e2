"""What a request with an Idempotency-Key was answered, for as long as its sender may repeat it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=24)


class StoredAnswer(models.Model):
    """The answer to the first request with this key; written in the transaction that did what was asked.

    So there is no row for a request that failed or was killed, and none without the record it speaks of. An answer
    may name residents: it is its sender's alone, and forgotten after a day.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account"))
    key = models.CharField(_("key"), max_length=100)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    # As text: a JSON column would give the fields back in another order.
    body = models.TextField()
    expires_at = models.DateTimeField(_("until"))
    rights_of = "user"

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        indexes = [models.Index(fields=["expires_at"], name="idempotency_expiry")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def holds(self) -> bool:
        """Whether a repeated request still gets it."""
        return self.expires_at > timezone.now()
