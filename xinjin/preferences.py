"""How a person wants to see the product, and whether the page in front of them still belongs to a session."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as django_set_language

THEME_COOKIE = "theme"
THEMES = (("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The chosen theme; `auto` leaves it to the operating system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in dict(THEMES) else "auto"


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remembers the theme. The script of the shell asks for no page (`quiet`), so nothing typed is lost."""
    theme = request.POST.get("theme", "")
    if theme not in dict(THEMES):
        return HttpResponseBadRequest()
    response = HttpResponse(status=204) if request.POST.get("quiet") else HttpResponseRedirect(_way_back(request))
    response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


@login_not_required
@never_cache
@require_GET
def session_state(request: HttpRequest) -> JsonResponse:
    """Who is signed in now, and a token that a page opened before the last sign-in may send its form with.

    Only pages of this site can read the answer, and any of them carries the same token.
    """
    user = request.user
    return JsonResponse({"user": str(user.pk) if user.is_authenticated else "", "token": get_token(request)})


def _way_back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else "/"


# Reached from the sign-in page too.
set_language = login_not_required(django_set_language)

urlpatterns = [
    path("theme/", set_theme, name="set_theme"),
    path("language/", set_language, name="set_language"),
    path("session/", session_state, name="session_state"),
    path("", include("xinjin.gallery")),
]
