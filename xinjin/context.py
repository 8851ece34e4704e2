"""What every page of the shell needs, computed when the template asks for it."""

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, to_locale

from xinjin import navigation, preferences

try:
    VERSION = version("xinjin")
except PackageNotFoundError:  # started from the source tree
    VERSION = "0.1.0"


class Shell:
    """Header, navigation and footer of one request. Parts of pages sent to htmx never ask, so they cost nothing."""

    version = VERSION
    themes = preferences.THEMES

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def bureau(self) -> str:
        return settings.BUREAU_NAME

    @cached_property
    def navigation(self) -> list[navigation.VisibleItem]:
        return navigation.items_for(self._request)

    @property
    def theme(self) -> str:
        return preferences.theme_of(self._request)

    @property
    def lang(self) -> str:
        """The language as HTML wants it: zh-Hans, en."""
        return to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-")

    @property
    def other_language(self) -> tuple[str, str]:
        """Code and own name of the language one click away."""
        return ("zh-hans", "中文") if self.lang == "en" else ("en", "English")

    @property
    def here(self) -> str:
        """Where a changed preference leads back to. A page that answered a POST has no address of its own."""
        return self._request.get_full_path() if self._request.method == "GET" else self._request.path


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}
