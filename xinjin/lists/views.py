"""The page of a list, and what a person does with it: choose columns, keep filters, take the rows along."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import View

from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.jobs.runs import start
from xinjin.lists.definition import ListDefinition, find
from xinjin.lists.exports import AT_ONCE, export_list, parameters_of
from xinjin.lists.forms import FilterForm, NewFilterForm
from xinjin.lists.jobs import EXPORT
from xinjin.lists.listing import Listing
from xinjin.lists.models import SavedFilter
from xinjin.lists.saved import change_filter, choose_columns, delete_filter, save_filter
from xinjin.reporting import TABLE_FORMATS, download_response

PAGE_SIZE = 50


class ListPage(View):
    """The list `definition`; a page of an app adds its own context."""

    http_method_names = ["get", "head"]
    definition: ListDefinition
    template_name = "lists/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        definition = self.definition
        if not engine.allows(request.user, definition.model, "view"):
            raise PermissionDenied
        kept = list(kept_filters(definition, request.user))
        if not request.GET:
            mine = next((row for row in kept if row.is_default and row.owner_id == request.user.pk), None)
            if mine is not None:
                return redirect(address(definition, mine.query))
        listing = Listing(definition, request.user, request.GET)
        page = Paginator(listing.rows, PAGE_SIZE).get_page(request.GET.get("page"))
        shown = {"list": self._list(listing, page, kept), "filter": listing.filter, "page_obj": page}
        return render(request, self.template_name, {**shown, **self.more(listing, page)})

    def more(self, listing: Listing, page: Any) -> dict[str, Any]:
        """What the page of an app shows besides."""
        return {}

    def _list(self, listing: Listing, page: Any, kept: list[SavedFilter]) -> dict[str, Any]:
        definition, user = self.definition, self.request.user
        query = definition.canonical(self.request.GET.urlencode())
        chosen = {column.key for column in listing.columns}
        return {
            "definition": definition,
            "heads": listing.heads(),
            "rows": listing.shown(page),
            "is_filtered": listing.is_filtered,
            "has_mistakes": bool(listing.filter.form.errors),
            "query": query,
            "kept": [
                {
                    "row": row,
                    "url": address(definition, row.query),
                    "active": row.query == query,
                    "is_mine": row.owner_id == user.pk,
                }
                for row in kept
            ],
            "active": next((row for row in kept if row.query == query), None),
            "columns": [(column, column.key in chosen) for column in definition.columns],
            "form": NewFilterForm(initial={"query": query}, auto_id="keep_%s"),
            "formats": TABLE_FORMATS,
            "in_background": page.paginator.count > AT_ONCE,
        }


def kept_filters(definition: ListDefinition, user: Any) -> Any:
    """The filters of this list that the person keeps or that are shared with him; his own first."""
    rows = SavedFilter.objects.allowed(user).filter(list_name=definition.name).select_related("owner")
    return sorted(rows.order_by("name", "pk"), key=lambda row: row.owner_id != user.pk)


def address(definition: ListDefinition, query: str) -> str:
    """The list with this question. It is read anew here: a kept one may come from another version or another person."""
    return f"{reverse(definition.url_name)}?{definition.canonical(query) or 'all=1'}"


def _definition(request: HttpRequest, name: str) -> ListDefinition:
    definition = find(name)
    if definition is None:
        raise Http404
    if not engine.allows(request.user, definition.model, "view"):
        raise PermissionDenied
    return definition


@require_http_methods(["GET", "HEAD", "POST"])
def list_export(request: HttpRequest, name: str, file_format: str) -> HttpResponse:
    """The rows of the page as a file. A POST has many rows made in the background and leads to the job's page."""
    definition = _definition(request, name)
    if file_format not in TABLE_FORMATS:
        raise Http404
    parameters = parameters_of(definition, request.user, request.GET.urlencode(), file_format)
    if request.method == "POST":
        title = f"{definition.title} {file_format.upper()}"
        return redirect("job_detail", start(by=request.user, kind=EXPORT, title=title, parameters=parameters).pk)
    try:
        return download_response(export_list(**parameters))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(address(definition, parameters["query"]))


@require_POST
def list_columns(request: HttpRequest, name: str) -> HttpResponse:
    """The columns that the person wants; back to the same question."""
    definition = _definition(request, name)
    keys = [] if "reset" in request.POST else request.POST.getlist("columns")
    choose_columns(by=request.user, definition=definition, keys=keys)
    return HttpResponseRedirect(address(definition, request.POST.get("query", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def list_filters(request: HttpRequest, name: str) -> HttpResponse:
    """The kept filters of a list; a POST keeps one more."""
    definition = _definition(request, name)
    form = NewFilterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_filter(by=request.user, definition=definition, **form.cleaned_data)
        except (ValidationError, Conflict) as error:
            _show(form, error)
        else:
            messages.success(request, _("The filter “%(name)s” is kept.") % {"name": kept.name})
            return HttpResponseRedirect(address(definition, kept.query))
    return _filters_page(request, definition, form if request.method == "POST" else None)


@require_POST
def list_filter(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Changes one's own filter, or forgets it (`delete`)."""
    definition = _definition(request, name)
    kept = engine.get_allowed(request.user, SavedFilter, "change", pk=pk, list_name=name)
    if "delete" in request.POST:
        delete_filter(by=request.user, kept=kept)
        return redirect("list_filters", name)
    form = FilterForm(request.POST, auto_id=f"filter_{pk}_%s")
    if form.is_valid():
        try:
            change_filter(by=request.user, kept=kept, **form.cleaned_data)
            return redirect("list_filters", name)
        except (ValidationError, Conflict) as error:
            _show(form, error)
    return _filters_page(request, definition, None, {pk: form})


def _show(form: FilterForm, error: ValidationError | Conflict) -> None:
    if isinstance(error, Conflict):
        form.add_error(None, error.message)
    else:
        add_errors(form, error)


def _filters_page(
    request: HttpRequest,
    definition: ListDefinition,
    new: NewFilterForm | None,
    wrong: dict[int, FilterForm] | None = None,
) -> HttpResponse:
    rows = kept_filters(definition, request.user)
    mine = [
        {
            "row": row,
            "url": address(definition, row.query),
            "form": (wrong or {}).get(row.pk)
            or FilterForm(
                initial={"name": row.name, "sharing": row.sharing, "is_default": row.is_default},
                auto_id=f"filter_{row.pk}_%s",
            ),
        }
        for row in rows
        if row.owner_id == request.user.pk
    ]
    shared = [(row, address(definition, row.query)) for row in rows if row.owner_id != request.user.pk]
    context = {"definition": definition, "mine": mine, "shared": shared, "new": new}
    return render(request, "lists/filters.html", context)
