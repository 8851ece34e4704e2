"""Pages of the platform: the door, health, and what a failed CSRF check shows."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from xinjin.accounts.roles import Role


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Officers to their week, the three administrators to the admin, the others to the overview."""
    roles = request.user.roles  # type: ignore[union-attr]
    if Role.OFFICER in roles:
        return redirect("today")
    if roles & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}:
        return redirect("admin:index")
    return redirect("overview")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers; no details for strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True})


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """An expired form: says so, and that the browser's back button still holds what was typed."""
    return render(request, "403.html", {"expired": True}, status=403)
