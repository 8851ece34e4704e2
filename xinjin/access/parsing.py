"""Reading what is sent to the API. Apart from api.py: DRF loads it before its own views."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("More was sent than a record can hold.")
    default_code = "too_large"


class StrictJSONParser(JSONParser):
    """JSON as far as it is text: no half characters, no nesting that no record has, and no more than a form may be."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        sent = (parser_context or {}).get("request")
        if sent is not None and int(sent.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except (exceptions.ParseError, RecursionError, UnicodeEncodeError) as error:
            raise exceptions.ParseError(_("This cannot be read as JSON.")) from error
        return data
