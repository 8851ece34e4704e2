"""Importing a table in the admin: template, upload, dry run, import; for those who may add or change such records."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from villages.imports import running
from villages.imports.forms import UploadForm
from villages.imports.kinds import ImportKind
from villages.imports.limits import ROWS_AT_ONCE
from villages.imports.outcome import Outcome
from villages.imports.papers import permitted, template
from xinjin.access import engine
from xinjin.jobs.models import JobRun, JobState

PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportMixin:
    """For a ScopedModelAdmin whose records come as `import_kind`."""

    import_kind: ImportKind
    model: Any
    admin_site: Any

    def may_import(self, request: Any) -> bool:
        """Whether there is any row that the user may write."""
        return any(engine.allows(request.user, self.model, action) for action in ("add", "change"))

    def get_urls(self) -> list:
        """Before the admin's own, which would take "import" for the key of a record."""
        pages = [
            ("import/", self.upload_view, "import"),
            ("import/template/", self.template_view, "import_template"),
            ("import/<uuid:pk>/", self.check_view, "import_check"),
        ]
        own = [
            path(route, self.admin_site.admin_view(self._for_importers(view)), name=self._name(name))
            for route, view, name in pages
        ]
        return own + super().get_urls()  # type: ignore[misc]

    def changelist_view(self, request: Any, extra_context: dict | None = None) -> Any:
        more = {"import_url": self._url("import")} if self.may_import(request) else {}
        return super().changelist_view(request, {**(extra_context or {}), **more})  # type: ignore[misc]

    def _name(self, page: str) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}_{page}"

    def _url(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self._name(page)}", args=args)

    def _for_importers(self, view: Any) -> Any:
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.may_import(request):
                raise PermissionDenied
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "POST"])
            return view(request, *args, **kwargs)

        return guarded

    def _render(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        everything = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "list_url": self._url("changelist"),
            "upload_url": self._url("import"),
            "template_url": self._url("import_template"),
            **context,
        }
        return render(request, f"admin/{name}.html", everything)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """What the table looks like, and the field for the file; a good file goes on to its dry run."""
        kind = self.import_kind
        form = UploadForm(kind, request.POST, request.FILES) if request.method == "POST" else None
        if form is not None and form.is_valid():
            upload, rows = form.cleaned_data["file"], len(form.table.rows)
            run = running.start_check(by=request.user, kind=kind, upload=upload, rows=rows)
            return redirect("job_detail", run.pk)
        columns = [(column, permitted(column, request.user)) for column in kind.columns]
        title = _("Import: %(kind)s") % {"kind": kind.label}
        return self._render(
            request,
            "import_upload",
            title=title,
            form=form or UploadForm(kind),
            columns=columns,
            rows_at_once=ROWS_AT_ONCE,
        )

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """The empty table with its explanations."""
        name = _("Template: %(kind)s") % {"kind": self.import_kind.label}
        response = HttpResponse(template(self.import_kind, request.user), content_type=XLSX)
        header = content_disposition_header(True, f"{name.replace(':', ' ').replace('：', ' ')}.xlsx")
        response.headers["Content-Disposition"] = header or "attachment"
        return response

    def check_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """What the dry run found; a POST imports it."""
        rows = JobRun.objects.filter(kind=running.CHECK, parameters__kind=self.import_kind.slug)
        check = engine.get_allowed(request.user, rows, pk=pk)
        if check.state != JobState.DONE:
            return redirect("job_detail", check.pk)
        outcome = Outcome.from_json(check.report)
        if request.method == "POST":
            return self._import(request, check, outcome)
        title = _("Check before importing: %(kind)s") % {"kind": self.import_kind.label}
        shown = outcome.changes if outcome.is_right else outcome.mistakes
        page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
        return self._render(
            request,
            "import_check",
            title=title,
            check=check,
            outcome=outcome,
            page_obj=page,
            imported=running.import_of(check),
        )

    def _import(self, request: HttpRequest, check: JobRun, outcome: Outcome) -> HttpResponse:
        if not outcome.is_right:
            raise Http404
        run = running.start_import(by=request.user, check=check)
        if not run.has_ended:
            return redirect("job_detail", run.pk)
        if run.state == JobState.FAILED:
            messages.error(request, run.message)
            return redirect(self._url("import_check", check.pk))
        messages.success(request, run.message)
        return redirect(self._url("changelist"))
