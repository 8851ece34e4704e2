"""Small middleware of the platform."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from xinjin.accounts.kept import keep
from xinjin.accounts.views import door_keeping
from xinjin.errors import Conflict
from xinjin.workdays.calendar import read_once

GetResponse = Callable[[HttpRequest], HttpResponse]


class ChosenLanguageMiddleware:
    """Chinese unless the person chose English: the browser's own language says nothing about a police officer's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the door, and from there back to a page: an address that only takes a form is none.

    A form whose session has ended is kept by the door.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:  # type: ignore[override]
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        came_from = urlsplit(request.headers.get("Referer", ""))
        page = came_from.path if came_from.netloc == request.get_host() else "/"
        kept = keep(request, view_func, page)
        if kept is None:
            return redirect_to_login(page, settings.LOGIN_URL)
        return door_keeping(request, kept)


class PrivateResponseMiddleware:
    """Pages of a signed-in person are never kept by a browser or a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response


class CalendarMiddleware:
    """A page asks for working days many times; the exceptions to the calendar are read once for each request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_once():
            return self.get_response(request)


class ConflictMiddleware:
    """A Conflict that no page has caught becomes a page with both texts and status 409."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Conflict):
            return None
        return render(request, "409.html", {"conflict": error}, status=409)
