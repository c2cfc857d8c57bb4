"""The first page of the queue: its cost does not grow with what there is."""

import pytest

from intake import services
from tests.conftest import make_submission
from tests.search.conftest import index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_server")]
MOST_BYTES = 60_000


def send(count: int, coordinator, ministry) -> None:
    made = [make_submission(title=f"Phiếu {number}", body=f"lá đơn số {number} " * 60) for number in range(count)]
    for one in made[::3]:
        services.assign(one, lead=ministry, actor=coordinator)
    index(*made)


@pytest.mark.parametrize("address", ["/can-bo/?goc=all", "/can-bo/?goc=all&q=don", "/can-bo/?goc=all&bo-loc=1"])
def test_as_many_statements_for_sixty_as_for_six(client, coordinator, ministry, address, django_assert_max_num_queries):
    client.force_login(coordinator)
    send(6, coordinator, ministry)
    client.get(address)
    with django_assert_max_num_queries(100) as few:
        client.get(address)
    send(54, coordinator, ministry)
    with django_assert_max_num_queries(len(few)):
        page = client.get(address)
    assert page.status_code == 200 and b"/can-bo/phieu/" in page.content
    if "bo-loc" not in address:
        assert len(page.content) <= MOST_BYTES
