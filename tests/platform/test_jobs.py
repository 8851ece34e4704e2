"""A background job is its row: whatever happens to messages, workers and Redis, it ends once and its owner sees how."""

import threading
from contextlib import closing, nullcontext
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse

from tests.factories import make_user
from tests.platform import jobs_of_tests
from xinjin.accounts.models import User
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.jobs import progress, runs
from xinjin.jobs.models import SILENT_AFTER, JobRun, JobState
from xinjin.jobs.progress import Progress, TakenOver, end
from xinjin.jobs.registry import job


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    return tmp_path


@pytest.fixture
def sent(monkeypatch):
    """The keys for which a message would have been sent."""
    keys = []
    monkeypatch.setattr(runs.current_app, "send_task", lambda name, args, **options: keys.append(args[0]))
    return keys


@pytest.fixture
def user(db):
    return make_user(Role.OFFICER)


def begun(by, kind="tests.file", **parameters):
    return runs.start(by=by, kind=kind, title="工作", parameters=parameters)


def silence(run):
    """The worker of the run has not been heard of for a long time."""
    JobRun.objects.filter(pk=run.pk).update(heartbeat_at=Now() - SILENT_AFTER - timedelta(seconds=1))


def test_message_is_sent_after_the_commit_and_its_loss_means_nothing(user, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = begun(user)
        assert sent == []
    assert sent == [str(run.pk)]
    JobRun.objects.update(sent_at=Now() - runs.WAKE_AGAIN_AFTER - timedelta(seconds=1))
    assert runs.sweep() == 1
    assert sent == [str(run.pk)] * 2
    assert runs.sweep() == 0  # woken a moment ago


def test_without_a_broker_a_job_is_started_all_the_same(user, monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(*args, **options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(runs.current_app, "send_task", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        run = begun(user)
    JobRun.objects.update(sent_at=None)
    call_command("sweep_jobs")
    assert JobRun.objects.get(pk=run.pk).state == JobState.DONE


def test_work_leaves_its_file_message_and_trail(user, sent, media):
    upload = SimpleUploadedFile("../../名册.csv", b"1,2")
    run = runs.start(by=user, kind="tests.file", title="工作", parameters={"a": 1}, upload=upload)
    assert run.upload.read() == b"1,2"
    run.upload.close()
    runs.perform(run.pk)
    stored = JobRun.objects.get(pk=run.pk)
    assert (stored.state, stored.message, stored.result_name) == (JobState.DONE, "made", "表 1.txt")
    with stored.result.open() as file:
        assert file.read() == b"{'a': 1}"
    assert sorted(path.parent for path in media.rglob("*") if path.is_file()) == [media / "jobs" / str(run.pk)] * 2
    assert Event.objects.about(JobRun, run.pk).get().action == "start"


def test_refusal_is_shown_as_it_is_and_an_error_calmly(user, sent, caplog):
    refused, broken = begun(user, "tests.refused"), begun(user, "tests.broken")
    for run in (refused, broken):
        runs.perform(run.pk)
        run.refresh_from_db()
        assert run.state == JobState.FAILED
    assert refused.message == "第一条\n第二条"
    assert "secret" not in broken.message
    assert "secret" in caplog.text


def test_unknown_kind_cannot_be_started(user):
    with pytest.raises(ValueError, match=r"tests\.nothing"):
        begun(user, "tests.nothing")
    with pytest.raises(ValueError, match="twice"):
        job("tests.file")(jobs_of_tests.file)


def test_claim_of_a_running_job_is_refused_until_its_worker_falls_silent(user, sent):
    run = begun(user)
    first = runs.claim(run.pk)
    assert first.attempt == 1
    assert runs.claim(run.pk) is None
    silence(run)
    second = runs.claim(run.pk)
    assert second.attempt == 2
    with pytest.raises(TakenOver):
        end(first, JobState.DONE)
    with pytest.raises(TakenOver), Progress(first).last_step():
        pytest.fail("work of a lost claim was let in")
    end(second, JobState.DONE)
    assert runs.claim(run.pk) is None


def test_job_that_ends_its_workers_is_given_up(user, sent):
    run = begun(user)
    for _ in range(runs.MOST_ATTEMPTS):
        assert runs.claim(run.pk) is not None
        silence(run)
    assert runs.claim(run.pk) is None
    runs.sweep()
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert "3" in run.message


def test_old_jobs_go_with_their_files(user, sent, media):
    old, young = begun(user), begun(user)
    for run in (old, young):
        runs.perform(run.pk)
    (media / "jobs" / str(old.pk) / "orphan").write_text("left by a killed worker")
    JobRun.objects.filter(pk=old.pk).update(ended_at=Now() - runs.KEPT - timedelta(seconds=1))
    runs.sweep()
    assert list(JobRun.objects.all()) == [young]
    assert [path.name for path in (media / "jobs").iterdir()] == [str(young.pk)]


def test_pages_are_the_owners_alone(user, sent, client):
    run = begun(user)
    client.force_login(user)
    waiting = client.get(reverse("job_detail", args=[run.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" in waiting
    assert client.get(reverse("job_result", args=[run.pk])).status_code == 404
    runs.perform(run.pk)
    done = client.get(reverse("job_detail", args=[run.pk])).content.decode()
    assert "hx-trigger" not in done
    assert "made" in done
    response = client.get(reverse("job_result", args=[run.pk]))
    assert b"".join(response.streaming_content) == b"{}"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "工作" in client.get(reverse("job_list")).content.decode()
    client.force_login(make_user(*Role.values[:8]))
    assert "工作" not in client.get(reverse("job_list")).content.decode()
    for name in ("job_detail", "job_result"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 404
    assert client.get(reverse("job_detail", args=[uuid4()])).status_code == 404


def test_finished_job_leads_to_the_page_of_its_kind(user, sent, client):
    run = begun(user, "tests.paged")
    client.force_login(user)
    address = reverse("job_detail", args=[run.pk])
    assert client.get(address).status_code == 200
    runs.perform(run.pk)
    assert client.get(address).headers["Location"] == "/inbox/"
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/inbox/"


def test_row_of_an_earlier_version_breaks_no_page(user, sent, client):
    run = begun(user, "villages.import")  # whose parameters are not what this version writes
    JobRun.objects.filter(pk=run.pk).update(state=JobState.DONE, ended_at=Now())
    client.force_login(user)
    for address in (reverse("job_list"), reverse("job_detail", args=[run.pk])):
        assert client.get(address).status_code == 200


def two_workers(run) -> None:
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        try:
            runs.perform(run.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


@pytest.mark.usefixtures("committed")
def test_two_workers_at_once_do_the_work_once(sent):
    run = begun(make_user(Role.OFFICER), "tests.accounts", count=3, pause=0.05)
    jobs_of_tests.BEGUN.clear()
    two_workers(run)
    assert len(jobs_of_tests.BEGUN) == 1
    run.refresh_from_db()
    assert (run.state, run.attempt) == (JobState.DONE, 1)
    assert User.objects.filter(username__startswith="job").count() == 3


@pytest.mark.usefixtures("committed")
def test_two_workers_control_without_the_claim(sent, monkeypatch):
    monkeypatch.setattr(runs, "claim", lambda pk: JobRun.objects.get(pk=pk))
    run = begun(make_user(Role.OFFICER), "tests.accounts", count=3, pause=0.05)
    JobRun.objects.update(state=JobState.RUNNING, heartbeat_at=Now())
    jobs_of_tests.BEGUN.clear()
    two_workers(run)
    assert len(jobs_of_tests.BEGUN) == 2  # and still the last step lets only one of them write
    assert User.objects.filter(username__startswith="job").count() == 3


@pytest.mark.usefixtures("committed")
def test_progress_is_seen_from_outside_a_transaction_and_tells_who_has_lost_his_claim(sent, monkeypatch):
    monkeypatch.setattr(progress, "WRITTEN_EVERY", 0)
    run = runs.claim(begun(make_user(Role.OFFICER)).pk)
    with closing(Progress(run)) as report, closing(connection.copy()) as outside, outside.cursor() as cursor:
        for done, around in ((1, nullcontext), (2, transaction.atomic), (3, report.last_step)):
            with around():
                report(done, 9)
                cursor.execute("SELECT done, total FROM jobs_jobrun")
                assert cursor.fetchone() == (done, 9)
        with pytest.raises(TakenOver):
            report(4, 9)
