"""What a person keeps about a list: filters under a name, and the columns that he wants to see."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet

LONGEST_QUERY = 1000


class Sharing(models.TextChoices):
    """Who else finds a kept filter in his list."""

    PRIVATE = "private", _("only I")
    UNIT = "unit", _("my unit")
    ALL = "all", _("everybody")


class SavedFilter(models.Model):
    """A question to a list under a name. It holds no rows: whoever opens it asks it of the rows that he may see."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("owner")
    )
    list_name = models.SlugField(_("list"), max_length=30)
    name = models.CharField(_("name"), max_length=30, validators=[MinLengthValidator(1)])
    query = models.CharField(_("query"), max_length=LONGEST_QUERY)
    sharing = models.CharField(_("seen by"), max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE)
    is_default = models.BooleanField(_("open the list with it"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                name="lists_savedfilter_once",
                violation_error_message=_("You have a filter of this name already."),
            ),
            models.UniqueConstraint(
                fields=["owner", "list_name"], condition=Q(is_default=True), name="lists_savedfilter_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """The columns of a list that a person wants to see; without a row, those that the list shows by itself."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner"))
    list_name = models.SlugField(_("list"), max_length=30)
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"))

    class Meta:
        verbose_name = _("chosen columns")
        verbose_name_plural = _("chosen columns")
        constraints = [models.UniqueConstraint(fields=["owner", "list_name"], name="lists_columnchoice_once")]

    def __str__(self) -> str:
        return self.list_name
