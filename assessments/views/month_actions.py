"""What the brigade and the station chiefs do with a month. Each view makes one verb call."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments import monthly, signing
from assessments.forms import CommentsForm, RestForm, ReturnMonthForm, SignForm
from assessments.models import Assessment, AssessmentMonth, Signature
from assessments.months import station_states
from assessments.views.periods import period_or_404
from villages.models import Unit
from xinjin.access import engine
from xinjin.access.engine import get_allowed
from xinjin.forms import add_errors
from xinjin.periods import Month


def _say(request: HttpRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


def _back(request: HttpRequest, key: str) -> HttpResponse:
    """To the month's table, with the filters and page from which the form was sent."""
    response = redirect("month_detail", key=key)
    if request.GET:
        response["Location"] += f"?{request.GET.urlencode()}"
    return response


@require_POST
def month_open(request: HttpRequest, key: str) -> HttpResponse:
    """The brigade computes a month without waiting for the night's job."""
    if not engine.allows(request.user, AssessmentMonth, "open"):
        raise PermissionDenied
    try:
        monthly.open_month(by=request.user, month=period_or_404(Month, key))
    except ValidationError as error:
        _say(request, error)
        return redirect("month_list")
    messages.success(request, _("The month is computed and open to objection."))
    return redirect("month_detail", key=key)


@require_POST
def month_comments(request: HttpRequest, key: str) -> HttpResponse:
    """The chief saves the comments of a page."""
    month = _month(request, key)
    own = Assessment.objects.allowed(request.user, "remark").filter(month=key).select_related("officer")
    sent = [int(name[7:]) for name in request.POST if name.startswith("remark-") and name[7:].isdecimal()][:200]
    form = CommentsForm(list(own.filter(pk__in=[pk for pk in sent if pk < 2**63])), request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such comment."))
        return _back(request, key)
    try:
        signing.remark_many(by=request.user, month=month, remarks=form.remarks())
        messages.success(request, _("The comments are saved."))
    except ValidationError as error:
        _say(request, error)
    return _back(request, key)


@require_POST
def month_comment_rest(request: HttpRequest, key: str) -> HttpResponse:
    """The chief gives the same comment to everybody who has none yet."""
    month, form = _month(request, key), RestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such comment."))
        return _back(request, key)
    station = _station(request, key, "remark")
    changed = signing.remark_rest(by=request.user, month=month, station=station, remark=form.cleaned_data["remark"])
    messages.success(request, _("Comments given: %(count)s.") % {"count": len(changed)})
    return _back(request, key)


def _month(request: HttpRequest, key: str) -> Month:
    month = period_or_404(Month, key)
    if not engine.allows(request.user, Assessment, "remark"):
        raise PermissionDenied
    get_allowed(request.user, AssessmentMonth, pk=key)
    return month


def _station(request: HttpRequest, key: str, action: str) -> Unit:
    """The station whose people of this month the user may `action`; 403 when there are none."""
    rows = Assessment.objects.allowed(request.user, action).filter(month=key)
    station = Unit.objects.filter(pk__in=rows.values("station")).order_by("position", "code").first()
    if station is None:
        raise PermissionDenied
    return station


@require_http_methods(["GET", "HEAD", "POST"])
def month_sign(request: HttpRequest, key: str) -> HttpResponse:
    """The chief looks once more at what he signs, then signs."""
    month = period_or_404(Month, key)
    row = get_allowed(request.user, AssessmentMonth, pk=key)
    station = _station(request, key, "sign")
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _has_changed(request, month, station):
            return redirect("month_sign", key=key)
        try:
            signing.sign_station(by=request.user, month=month, station=station, remark=form.cleaned_data["remark"])
            messages.success(request, _("Signed: %(station)s.") % {"station": station.name})
            return redirect("month_detail", key=key)
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "form": form,
        "month": month,
        "row": row,
        "station": station,
        "missing": signing.uncommented(row, station),
        "people": row.assessments.filter(station=station).count(),
    }
    return render(request, "assessments/month_sign.html", context)


def _has_changed(request: HttpRequest, month: Month, station: Unit) -> bool:
    """Brings the figures up to date first, so that nobody signs what he has not seen."""
    changed = monthly.refresh_station(by=request.user, month=month, station=station)
    if changed:
        messages.warning(
            request,
            _("Late records have changed the figures of %(count)s people. Please look again before you sign.")
            % {"count": len(changed)},
        )
    return bool(changed)


@require_http_methods(["GET", "HEAD", "POST"])
def month_lock(request: HttpRequest, key: str) -> HttpResponse:
    """The brigade sees what still blocks the month, and locks it for good."""
    month = period_or_404(Month, key)
    row = get_allowed(request.user, AssessmentMonth, "lock", pk=key)
    problems: list[Any] = []
    if request.method == "POST":
        try:
            monthly.lock_month(by=request.user, month=month)
            messages.success(request, _("The month is locked. Its figures are final."))
            return redirect("month_detail", key=key)
        except ValidationError as error:
            problems = error.messages
    states = station_states(request.user, row)
    waiting = [state for state in states if state.waiting]
    context = {"month": month, "row": row, "states": states, "waiting": waiting, "problems": problems}
    return render(request, "assessments/month_lock.html", context)


@require_POST
def month_return(request: HttpRequest, key: str) -> HttpResponse:
    """The brigade gives a signed month back to its station."""
    month = period_or_404(Month, key)
    if not engine.allows(request.user, Signature, "return"):
        raise PermissionDenied
    get_allowed(request.user, AssessmentMonth, pk=key)
    signed = Signature.objects.allowed(request.user, "return").filter(month=key)
    form = ReturnMonthForm(Unit.objects.filter(pk__in=signed.values("station")), request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("month_detail", key=key)
    station = form.cleaned_data["station"]
    try:
        signing.return_to_station(by=request.user, month=month, station=station, reason=form.cleaned_data["reason"])
        messages.success(request, _("Returned to %(station)s.") % {"station": station.name})
    except ValidationError as error:
        _say(request, error)
    return redirect("month_detail", key=key)
