"""The same people and places for every test: real database, real directories."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import translation

from intake import services
from intake.models import Agency, Membership, Role, Submission
from intake.services import NewSubmission, Sender


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of what only the real servers do are left out on the embedded profile, and say so."""
    if settings.REDIS_URL and settings.ELASTICSEARCH_URL:
        return
    for item in items:
        if item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.skip(reason="cluster profile only (make test-cluster)"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """The directories are part of the database that every test starts from."""
    from intake.directories.loader import load

    with django_db_blocker.unblock():
        load()


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Limits and figures are counted in the cache: no test pays for another's."""
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    """A request leaves its language behind in the thread: no test reads another's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple]]:
    """What was enqueued. Tests that need a worker start a real one (tests/browser, tests/queue)."""
    sent: list[tuple[str, tuple]] = []
    monkeypatch.setattr("celery.app.task.Task.delay", lambda task, *args, **kwargs: sent.append((task.name, args)))
    return sent


def person(username: str, role: str, agency: str) -> User:
    user = User.objects.create_user(username, password="mat-khau-thu", first_name=username.title())
    Membership.objects.create(user=user, role=role, agency=Agency.objects.get(code=agency))
    return user


@pytest.fixture
def coordinator(db) -> User:
    return person("dieu phoi", Role.COORDINATOR, "VPTW")


@pytest.fixture
def officer(db) -> User:
    """Of the ministry of science and technology."""
    return person("chuyen vien", Role.OFFICER, "BKHCN")


@pytest.fixture
def approver(db) -> User:
    return person("lanh dao", Role.APPROVER, "BKHCN")


@pytest.fixture
def stranger(db) -> User:
    """An officer of another ministry."""
    return person("nguoi ngoai", Role.OFFICER, "BYT")


@pytest.fixture
def ministry(db) -> Agency:
    return Agency.objects.get(code="BKHCN")


SENDER = Sender(name="Người Thử Nghiệm", address="Số 1 đường Thử", phone="0912 345 678", email="thu@vidu.vn")


def make_submission(**changes) -> Submission:
    new = {
        "title": "Phần mềm một cửa của xã hay treo",
        "body": "Phần mềm một cửa của xã tôi sáng nào cũng treo, người dân phải chờ hai giờ mới nộp được hồ sơ.",
        "sender": SENDER,
    } | changes
    return services.submit(NewSubmission(**new))


@pytest.fixture
def submission(db) -> Submission:
    return make_submission()


@pytest.fixture
def assigned(submission: Submission, ministry: Agency, coordinator: User) -> Submission:
    services.assign(submission, lead=ministry, actor=coordinator)
    return submission


@pytest.fixture
def accepted(assigned: Submission, officer: User) -> Submission:
    services.accept(assigned, actor=officer)
    return assigned


ANSWER = (
    "Bộ đã kiểm tra và xác nhận phần mềm bị quá tải vào đầu giờ sáng. Từ tháng sau máy chủ mới được đưa vào dùng; "
    "trong lúc chờ, người dân có thể nộp hồ sơ tại bất kỳ xã nào trong tỉnh."
)


@pytest.fixture
def answered(accepted: Submission, ministry: Agency, officer: User, approver: User) -> Submission:
    services.draft_answer(accepted, actor=officer, agency=ministry, text=ANSWER, outcome="resolved")
    services.propose_answer(accepted, actor=officer)
    services.approve_answer(accepted, actor=approver)
    return accepted
