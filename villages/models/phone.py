"""What a phone number may look like: one rule for people, stations, contacts and households."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Short numbers such as 110, land lines with area code and extension, numbers from abroad.
PHONE = RegexValidator(
    r"^\+?\d[\d -]{1,17}\d$", _("Digits only; a + in front and hyphens or spaces between are permitted."), code="phone"
)


class PhoneField(models.CharField):
    """A phone number, or nothing."""

    default_validators = [PHONE]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 20, "blank": True, **kwargs})
