"""The weekly briefing: the list, the page on which one is written and given, and its papers."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patrols.authors import person_of
from patrols.briefings import give_briefing, save_briefing, take_back
from patrols.briefings.advice import library, proposed
from patrols.briefings.figures import Figures, existed_in, figures_for, told_of
from patrols.briefings.heard import heard, ticked
from patrols.briefings.outdated import says_otherwise
from patrols.briefings.papers import issuer, notice, notice_title, paragraphs, poster
from patrols.briefings.wording import draft
from patrols.choices import IncidentCategory
from patrols.forms.briefings import GivingForm, TakeBackForm, TextForm
from patrols.forms.visits import own_villages
from patrols.lists import BRIEFINGS
from patrols.models import Briefing
from villages.models import Village
from xinjin import periods
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.lists.listing import Listing
from xinjin.lists.views import ListPage
from xinjin.periods import Week
from xinjin.reporting import Paper, download_response, render_poster
from xinjin.reporting import render as render_document

VILLAGES = Village.objects.select_related("station")


class Place(NamedTuple):
    """A village in a week, and its briefing if it was begun."""

    village: Village
    week: Week
    briefing: Briefing | None


class BriefingList(ListPage):
    """The briefings that the user may see; an officer's own villages of this week on top."""

    definition = BRIEFINGS
    template_name = "patrols/briefing_list.html"

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        week = Week.of(timezone.localdate())
        officer = person_of(self.request.user) if engine.allows(self.request.user, Village, "brief") else None
        own = heard(own_villages(officer).select_related("station"), week) if officer else []
        return {"week": week, "last_week": week.previous(), "own": own}


def _place(request: HttpRequest, code: str, key: str, action: str = "view") -> Place:
    """404 out of scope and for what is no week, 403 for whom the village is in scope but the action not permitted."""
    try:
        week = periods.parse_as(Week, key)
    except periods.PeriodError as error:
        raise Http404 from error
    rows = Briefing.objects.allowed(request.user).select_related("village__station")
    briefing = rows.filter(village__code=code, starts_on=week.start).first()
    if briefing is None or action != "view":
        village = engine.get_allowed(request.user, VILLAGES, action, code=code)
        return Place(village, week, briefing)
    return Place(briefing.village, week, briefing)


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_detail(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """The week's briefing of a village; a POST stores the text (`save`) or says how it was given (`give`)."""
    place = _place(request, code, week, "brief" if request.method == "POST" else "view")
    if request.method != "POST":
        return _page(request, place)
    forms: dict[str, Any] = {"text_form": TextForm(request.POST)}
    if "give" in request.POST:
        forms["giving_form"] = GivingForm(request.POST, village=place.village, week=place.week, user=request.user)
    if all([form.is_valid() for form in forms.values()]):
        try:
            return _write(request, place, **forms)
        except ValidationError as error:
            _show(error, **forms)
        except Conflict as conflict:
            kept = forms.get("giving_form")
            return _page(request, _place(request, code, week), giving_form=kept, conflict=conflict, status=409)
    return _page(request, place, **forms)


def _write(request: HttpRequest, place: Place, text_form: TextForm, giving_form: GivingForm | None = None) -> Any:
    common: Any = {"by": request.user, "village": place.village, "week": place.week, **text_form.cleaned_data}
    if giving_form is None:
        briefing = save_briefing(**common)
        messages.success(request, _("The draft has been saved."))
    else:
        briefing = give_briefing(**common, giving=giving_form.giving())
        messages.success(request, _("The briefing has been marked as given."))
    return redirect(briefing)


def _show(error: ValidationError, text_form: TextForm, giving_form: GivingForm | None = None) -> None:
    """Each message beside its field, whichever of the two forms has it."""
    if giving_form is None or not hasattr(error, "error_dict"):
        add_errors(text_form, error)
        return
    for name, errors in error.error_dict.items():
        form = giving_form if name in giving_form.fields else text_form
        form.add_error(name if name in form.fields else None, errors)


@require_POST
def briefing_take_back(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """Marked as given by mistake: a draft again."""
    place = _place(request, code, week, "brief")
    if place.briefing is None:
        raise Http404
    form = TakeBackForm(request.POST)
    if form.is_valid():
        take_back(by=request.user, briefing=place.briefing, reason=form.cleaned_data["reason"])
        messages.success(request, _("The briefing is a draft again."))
        return redirect(place.briefing)
    return _page(request, place, take_back_form=form)


def _figures(place: Place) -> tuple[Figures, bool]:
    """As they were when it was given, and whether they were corrected since; as they are until then."""
    now = figures_for([place.village], place.week)[place.village.pk]
    if place.briefing is None or not place.briefing.is_given:
        return now, False
    kept = Figures.from_json(place.briefing.figures, told_of(place.week))
    return kept, kept != now


def _page(
    request: HttpRequest,
    place: Place,
    *,
    text_form: TextForm | None = None,
    giving_form: GivingForm | None = None,
    take_back_form: TakeBackForm | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    village, week, briefing = place
    figures, is_corrected = _figures(place)
    texts, today = library(week), timezone.localdate()
    proposal = draft(village, figures, [text.text for text in proposed(figures, week, texts)])
    may_write = Village.objects.allowed(request.user, "brief").filter(pk=village.pk).exists()
    is_open = week.start <= today and existed_in(village, week) and not (briefing and briefing.is_given)
    stored = {"text": briefing.text if briefing else proposal, "revision": briefing.revision if briefing else 0}
    asked: dict[str, Any] = {"village": village, "week": week, "user": request.user}
    writes = may_write and is_open
    context = {
        "village": village,
        "week": week,
        "briefing": briefing,
        "figures": figures,
        "is_corrected": is_corrected,
        "proposal": proposal,
        "is_outdated": writes and briefing is not None and says_otherwise(briefing.text, village, figures),
        "library": [(category.label, [t for t in texts if t.category == category]) for category in IncidentCategory],
        "visits": list(ticked([village.pk], week)[:5]),
        "givers": briefing.givers.select_related("officer").order_by("pk") if briefing else [],
        "text_form": (text_form or TextForm(initial=stored)) if writes else None,
        "giving_form": (giving_form or GivingForm(**asked)) if writes else None,
        "take_back_form": (take_back_form or TakeBackForm()) if may_write and briefing and briefing.is_given else None,
        "conflict": conflict,
        "has_begun": week.start <= today,
        "following": week.next() if week.next().start <= today else None,
    }
    return render(request, "patrols/briefing_detail.html", context, status=status)


def _begun(request: HttpRequest, code: str, week: str) -> Briefing:
    briefing = _place(request, code, week).briefing
    if briefing is None:
        raise Http404
    return briefing


@require_safe
def briefing_notice(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """The notice as a page to print."""
    briefing = _begun(request, code, week)
    lead, lines = paragraphs(briefing)
    context = {
        "briefing": briefing,
        "title": notice_title(briefing),
        "issuer": issuer(briefing),
        "lead": lead,
        "lines": lines,
        "day": briefing.given_on or timezone.localdate(),
    }
    return render(request, "patrols/briefing_notice.html", context)


@require_safe
def briefing_notice_pdf(request: HttpRequest, code: str, week: str) -> HttpResponse:
    """The notice as an official document."""
    return download_response(render_document(notice(_begun(request, code, week)), "pdf"))


@require_safe
def briefing_poster(request: HttpRequest, code: str, week: str, paper: str) -> HttpResponse:
    """The poster for the wall."""
    if paper not in list(Paper):
        raise Http404
    place = _place(request, code, week)
    if place.briefing is None:
        raise Http404
    made = poster(place.briefing, _figures(place)[0], Paper(paper))
    stem = f"{made.title}_{place.village.name}_{place.week.key}_{paper.upper()}"
    return download_response(render_poster(made, stem=stem))
