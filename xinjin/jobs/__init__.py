"""Background jobs with progress: work that takes longer than a person should wait for a page (design §6, §7).

A job is a kind of work, declared in the `jobs.py` of an app (found by itself, as Celery finds `tasks.py`):

    from xinjin.jobs.registry import job

    @job("patrols.visits_export")
    def visits_export(run, progress):
        rows = Visit.objects.allowed(run.owner).filter(**run.parameters["filter"])
        for done, row in enumerate(rows, start=1):
            ...
            progress(done, total)                  # a bar on the page; seldom written, so call it for each row
        run.message = gettext("%(count)s visits.") % {"count": total}
        return "visits.xlsx", content              # (file name, bytes), or None

and an edge starts one and sends the person to its page:

    from xinjin.jobs import runs

    run = runs.start(by=request.user, kind="patrols.visits_export", title=_("Visits"), parameters={"filter": …})
    return redirect("job_detail", run.pk)

`parameters` are what JSON holds; `upload` is a file that the work reads from `run.upload`. The work runs in the
language of the person who started it, and it asks the rights of `run.owner` anew: rights may have gone meanwhile.
A ValidationError or Conflict is shown to him as it stands; any other error is logged, and the page says so calmly.

What is promised: the row is the job, the Celery message only wakes a worker up. A lost message, an emptied Redis, a
killed worker or two workers at once change nothing: `runs.sweep` finds what waits or has fallen silent. A run is
claimed by a conditional UPDATE, and each claim has a number; who has lost his claim can neither report nor finish.
So work may be begun twice but ends once, if it writes to the database only inside `with progress.last_step():`, the
transaction that also ends the run. Work that only makes a file needs no such care. Report at least once a minute.

`runs.start(…)` is followed by `runs.perform(run.pk)` where the work is short enough to be done at once, in the same
request: then the same page, the same result and the same safety hold. A kind may name a page of its own for its
outcome (`@job("…", page=function)`, run → address); /jobs/<uuid>/ then leads there.
"""
