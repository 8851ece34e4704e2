"""How a case ended: what the case says of the resolution that holds, and a row of one that did not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patrols.choices import CaseOutcome, ResolutionMethod, Resolver, Satisfaction

# The fields of CaseResult: blank or empty while there is no result.
RESULT = (
    "resolved_on", "outcome", "method", "resolver", "result", "answered_on", "answer", "satisfaction", "closed_on",
)  # fmt: skip


class CaseResult(models.Model):
    """The result, the answer given back, and the day on which the station closed."""

    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CaseOutcome.choices, blank=True)
    method = models.CharField(_("way of resolution"), max_length=20, choices=ResolutionMethod.choices, blank=True)
    resolver = models.CharField(_("resolved by"), max_length=20, choices=Resolver.choices, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.CharField(_("answer given back"), max_length=500, blank=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=12, choices=Satisfaction.choices, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        abstract = True
