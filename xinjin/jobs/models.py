"""What is stored of a background job: who started what, how far it is, and the private files that belong to it."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet

# A worker that has not reported for so long is dead, or as good as that.
SILENT_AFTER = timedelta(minutes=2)


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Failed")


ENDED = (JobState.DONE, JobState.FAILED)


class JobRunQuerySet(ScopedQuerySet):
    def to_be_begun(self) -> Self:
        """Those that nobody works on: waiting, or left by a worker that has fallen silent; by the database's clock."""
        silent = Q(state=JobState.RUNNING, heartbeat_at__lt=Now() - SILENT_AFTER)
        return self.filter(Q(state=JobState.QUEUED) | silent)

    def held_by(self, run: "JobRun") -> Self:
        """The run while the claim with which `run` was read still holds; otherwise nothing."""
        return self.filter(pk=run.pk, state=JobState.RUNNING, attempt=run.attempt)


def _file_of(run: Any, part: str) -> str:
    return f"jobs/{run.pk}/{uuid.uuid4().hex}.{part}"


def upload_path(run: Any, name: str) -> str:
    """Names are the server's own; what the file was called is a column."""
    return _file_of(run, "upload")


def result_path(run: Any, name: str) -> str:
    """As upload_path."""
    return _file_of(run, "result")


class JobRun(models.Model):
    """One background job. `attempt` is the number of the claim: each worker that begins it adds one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="job_runs", verbose_name=_("started by")
    )
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(_("message"), blank=True)
    parameters = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    # What the page of this kind of job shows of its outcome.
    report = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    upload = models.FileField(upload_to=upload_path, blank=True)
    upload_name = models.CharField(max_length=200, blank=True)
    result = models.FileField(upload_to=result_path, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        indexes = [
            models.Index(fields=["owner", "-started_at", "id"], name="jobs_jobrun_owner"),
            models.Index(
                fields=["started_at"], condition=Q(state__in=["queued", "running"]), name="jobs_jobrun_to_be_begun"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=["queued", "running"])
                | Q(ended_at__isnull=False, state__in=["done", "failed"]),
                name="jobs_jobrun_ended",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED
