"""The search box and the filters as a browser sends them: the whole form, with what it was drawn with."""

import pytest
from bs4 import BeautifulSoup, Tag

from tests.conftest import make_submission
from tests.search.conftest import index

pytestmark = pytest.mark.usefixtures("_server")
PAGE = "/can-bo/"


@pytest.fixture
def send(client, coordinator):
    """The form on the page at `path`, with some of its fields changed."""
    client.force_login(coordinator)

    def send(path: str, **changes: str):
        form = BeautifulSoup(client.get(PAGE + path).content, "html.parser").find(id="loc")
        fields = {field["name"]: _value(field) for field in form.select("[name]")}
        assert set(changes) <= set(fields)
        return client.get(PAGE, fields | changes)

    return send


def _value(field: Tag) -> str:
    if field.name != "select":
        return str(field.get("value", ""))
    chosen = field.find("option", selected=True) or field.find("option")
    return str(chosen["value"]) if chosen else ""


def titles(response) -> list[str]:
    return [row.title.replace("<mark>", "").replace("</mark>", "") for row in response.context["rows"]]


def chips(response) -> list[str]:
    return [str(chip.value) for chip in response.context["desk"].chips]


def test_what_is_typed_is_sorted_by_fit(send):
    index(make_submission(title="Cây lừa"), make_submission(title="Cây lúa"), make_submission(title="Cây lửa"))
    assert titles(send("?goc=all", q="lúa"))[0] == "Cây lúa"


def test_an_order_that_was_chosen_stays(send):
    index(make_submission(title="Cây lúa"), make_submission(title="Cây lừa"))
    assert titles(send("?goc=all&xep=newest", q="lúa")) == ["Cây lừa", "Cây lúa"]
    assert titles(send("?goc=all&q=lúa", xep="newest")) == ["Cây lừa", "Cây lúa"]
    assert titles(send("?goc=all&q=lúa&xep=newest", xep="")) == ["Cây lúa", "Cây lừa"]


@pytest.mark.parametrize(
    ("name", "first", "last", "words"),
    [
        ("nhan", "2026-11-10", "2026-11-20", "10/11/2026 đến 20/11/2026"),
        ("den-han", "2026-11-10", "2026-11-20", "10/11/2026 đến 20/11/2026"),
        ("do-chac", "10", "80", "10 đến 80"),
    ],
)
def test_one_end_of_a_range_after_the_other(send, name, first, last, words):
    one = send("?goc=all&bo-loc=1", **{f"{name}-tu": first})
    both = send(f"?{one.context['desk'].listing.state}", **{f"{name}-den": last})
    assert chips(both) == [words]
    neither = send(f"?{both.context['desk'].listing.state}", **{f"{name}-tu": "", f"{name}-den": ""})
    assert chips(neither) == []


def test_a_range_outlives_a_closed_panel(send):
    assert chips(send("?goc=all&nhan=2026-11-10..", q="lúa")) == ["từ 10/11/2026"]


def test_a_receipt_code_is_found_from_wherever_it_is_pasted(send, assigned):
    index(assigned, make_submission())
    assert titles(send("", q=assigned.receipt_code)) == [assigned.title]
    found = send("?goc=waiting&loai=petition&-tinh-chat=in_scope", q=assigned.receipt_code)
    assert titles(found) == [assigned.title] and chips(found) == []
    assert found.context["desk"].view.key == "all"


@pytest.mark.parametrize(("name", "first", "last"), [("nhan", "2026-11-10", "2026-11-20"), ("do-chac", "10", "80")])
def test_the_last_end_of_a_range_stays_where_the_first_is_typed_after_it(send, name, first, last):
    one = send("?goc=all&bo-loc=1", **{f"{name}-den": last})
    both = send(f"?{one.context['desk'].listing.state}", **{f"{name}-tu": first})
    assert f"{first}..{last}" in both.context["desk"].listing.state
