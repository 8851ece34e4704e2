"""One's own background jobs: how far they are, and what came of them. Nobody else finds them."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.generic import ListView
from django_htmx.http import HttpResponseClientRedirect

from xinjin.access.engine import get_allowed
from xinjin.access.views import AllowedRowsMixin
from xinjin.jobs.models import JobRun
from xinjin.jobs.registry import page_of
from xinjin.jobs.runs import KEPT, record_download


class JobListView(AllowedRowsMixin, ListView):
    """One's own jobs, the newest first."""

    model = JobRun
    template_name = "jobs/job_list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("report").order_by("-started_at", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "rows": [(run, page_of(run)) for run in context["page_obj"]], "kept_days": KEPT.days}


@require_safe
def job_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a job is; htmx asks for the changing part alone. A finished one whose kind has a page leads there."""
    run = get_allowed(request.user, JobRun.objects.defer("report"), pk=pk)
    page = page_of(run)
    context = {"run": run, "kept_days": KEPT.days}
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(page) if page else render(request, "jobs/_job.html", context)
    return redirect(page) if page else render(request, "jobs/job_detail.html", context)


@require_safe
def job_result(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file that the work made."""
    run = get_allowed(request.user, JobRun.objects.defer("report"), pk=pk)
    if not run.result:
        raise Http404
    try:
        response = FileResponse(run.result.open(), as_attachment=True, filename=run.result_name)
    except FileNotFoundError as error:
        raise Http404 from error
    record_download(by=request.user, run=run)
    return response
