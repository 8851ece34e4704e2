"""Checks of what is data here and code there: every rubric that we ship names facts and methods that exist."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError


@register
def rubric_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each shipped rubric can be scored."""
    from assessments.rubric_loading import RUBRICS, read

    found: list[CheckMessage] = []
    for path in sorted(RUBRICS.glob("*.toml")):
        try:
            read(path)
        except ValidationError as error:
            found += [Error(message, id="assessments.E001") for message in error.messages]
    return found
