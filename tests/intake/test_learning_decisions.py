"""Decisions as labels: what is kept, and how it is carried into today's directories."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate, now

from intake import services
from intake.directory import successor_of, taxonomy
from intake.learning import review
from intake.learning.decisions import REJECTED, SURE, UNSURE, carried_over, decided
from intake.learning.examples import labelled
from intake.models import (
    Agency,
    AgencySuccession,
    Initiative,
    Rejection,
    RejectionReason,
    RoutingDecision,
    TrainingRun,
)
from tests.conftest import make_submission
from tests.intake.learning import decision
from tests.intake.test_learning_pages import guess

pytestmark = pytest.mark.django_db


def confirm(submission, *, actor, initiative=16, lead="BKHCN", **changes):
    submission.refresh_from_db()
    return services.confirm_routing(
        submission,
        actor=actor,
        nature="in_scope",
        system=None,
        initiative=Initiative.objects.get(pk=initiative),
        lead=Agency.objects.get(code=lead),
        **changes,
    )


def test_a_confirmation_is_a_label(submission, coordinator):
    guess(submission, subject=19, agency="BYT")
    confirm(submission, actor=coordinator, reason="wrong_subject")
    (one,) = decided()
    assert one.labels == {"nature": "in_scope", "system": "4", "initiative": "16", "agency": "BKHCN"}
    assert (one.right("initiative"), one.right("agency"), one.right("nature")) == (False, False, True)
    assert (one.weight, one.reason, one.actor_id) == (SURE, "wrong_subject", coordinator.pk)


def test_the_last_word_counts_and_every_word_is_kept(submission, coordinator):
    confirm(submission, actor=coordinator, initiative=16)
    confirm(submission, actor=coordinator, initiative=19, lead="BYT")
    (one,) = decided()
    assert (one.labels["initiative"], one.labels["agency"]) == ("19", "BYT")
    assert RoutingDecision.objects.count() == 2


def test_a_withdrawn_word_is_kept_and_counts_for_nothing(submission, coordinator):
    guess(submission)
    confirm(submission, actor=coordinator, initiative=16)
    confirm(submission, actor=coordinator, initiative=19)
    services.withdraw_routing(submission, actor=coordinator)
    (one,) = decided()
    assert one.labels["initiative"] == "16"
    slip = RoutingDecision._base_manager.exclude(withdrawn_at=None).get()
    assert (slip.initiative_id, slip.actor, slip.triage) == (19, coordinator, submission.triages.get())
    services.withdraw_routing(submission, actor=coordinator)
    assert decided() == []


def test_an_agency_that_hands_back_was_the_wrong_one(assigned, coordinator, officer):
    guess(assigned, agency="BKHCN")
    confirm(assigned, actor=coordinator)
    assigned.refresh_from_db()
    services.hand_back(assigned, actor=officer, note="Không thuộc Bộ")
    (one,) = decided()
    assert "agency" not in one.labels and one.labels["initiative"] == "16"
    assert one.right("agency") is False
    assert one.weight == UNSURE
    confirm(assigned, actor=coordinator, lead="BYT")
    (one,) = decided()
    assert (one.labels["agency"], one.weight) == ("BYT", SURE)


def test_who_answered_in_the_end_is_who_was_right(answered, coordinator):
    decision(answered, 16, actor=coordinator, lead="BYT")
    (one,) = decided()
    assert one.labels["agency"] == "BKHCN"


@pytest.mark.parametrize(
    ("code", "nature"), [("out_of_scope", "out_of_scope"), ("spam", "spam"), ("admin_procedure", "procedure")]
)
def test_a_rejection_says_what_it_was(submission, coordinator, code, nature):
    services.reject(submission, actor=coordinator, reason=RejectionReason.objects.get(code=code))
    (one,) = decided()
    assert (one.labels["nature"], one.labels["initiative"]) == (nature, "0")


def test_a_rejection_for_its_form_says_nothing(submission, coordinator):
    services.reject(submission, actor=coordinator, reason=RejectionReason.objects.get(code="missing_sender"))
    assert decided() == []


def test_what_is_sealed_is_not_learnt(submission, coordinator):
    confirm(submission, actor=coordinator)
    submission.refresh_from_db()
    services.seal(submission, actor=coordinator)
    assert decided() == []


def test_two_subjects_weigh_less(submission, coordinator):
    confirm(submission, actor=coordinator, reason="two_subjects")
    assert decided()[0].weight == UNSURE


def test_what_was_set_aside_is_not_learnt(submission, coordinator):
    confirm(submission, actor=coordinator)
    assert len(labelled(decided())) == 1
    RoutingDecision.objects.update(learning="held")
    assert decided() == []  # nor does it measure the machine


def test_a_rejection_of_what_is_learnt_is_the_word_of_who_rejected(submission, coordinator, officer):
    confirm(submission, actor=officer)
    RoutingDecision.objects.update(created_at=now() - timedelta(days=30), learning="cleared")
    submission.refresh_from_db()
    services.reject(submission, actor=coordinator, reason=RejectionReason.objects.get(code="spam"))
    (one,) = decided()
    assert (one.labels["nature"], one.actor_id, one.at) == ("spam", coordinator.pk, submission.rejection.rejected_at)
    assert (one.learning, one.reason) == ("open", REJECTED)
    RoutingDecision.objects.update(learning="held")
    assert len(decided()) == 1  # the confirmation was set aside, the rejection was not
    Rejection.objects.update(learning="held")
    assert decided() == []


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_batch_of_rejections_is_settled(submission, coordinator, officer, confirmed):
    if confirmed:
        confirm(submission, actor=officer)
        submission.refresh_from_db()
    services.reject(submission, actor=coordinator, reason=RejectionReason.objects.get(code="spam"))
    (one,) = decided()
    window = {"since": one.at.isoformat(), "until": one.at.isoformat()}
    run = TrainingRun.objects.create(outcome="refused", data=window | {"suspects": [{"actor": coordinator.pk}]})
    assert review.settle(run, actor_id=coordinator.pk, learning="cleared") == 1
    assert decided()[0].learning == "cleared"
    assert review.settle(run, actor_id=coordinator.pk, learning="held") == 1
    assert decided() == []


# --- taxonomy changes --------------------------------------------------------------------------------


def test_a_merged_agency_lives_on_in_its_heir(submission, coordinator):
    confirm(submission, actor=coordinator, lead="BYT")
    old = Agency.objects.get(code="BYT")
    Agency.objects.filter(pk=old.pk).update(valid_to=localdate())
    assert [one.labels.get("agency") for one in carried_over(decided())] == [None]
    AgencySuccession.objects.create(predecessor_name=old.name, successor=Agency.objects.get(code="BNV"))
    assert [one.labels["agency"] for one in carried_over(decided())] == ["BNV"]
    assert successor_of("BYT") == "BNV"
    directory = taxonomy()
    assert "BYT" not in directory.agencies and old.name in directory.agencies["BNV"].aliases


def test_an_initiative_that_left_the_plan_is_no_label_any_more(submission, coordinator):
    confirm(submission, actor=coordinator)
    Initiative.objects.filter(pk=16).update(valid_to=localdate())
    (one,) = carried_over(decided())
    assert "initiative" not in one.labels and one.labels["nature"] == "in_scope"
    assert labelled(decided()) == []
    assert 16 not in taxonomy().system_of


def test_former_ministries_are_names_of_those_of_today():
    assert "Bộ Thông tin và Truyền thông" in taxonomy().agencies["BKHCN"].aliases


def test_an_alias_that_is_over_is_not_a_name_any_more():
    agency = Agency.objects.get(code="BKHCN")
    agency.aliases.create(text="Ủy ban Khoa học Nhà nước", valid_to=localdate() - timedelta(days=1))
    assert "Ủy ban Khoa học Nhà nước" not in taxonomy().agencies["BKHCN"].aliases


# --- export ------------------------------------------------------------------------------------------


def test_an_export_is_redacted_and_says_so(coordinator):
    submission = make_submission(body="Gọi tôi theo số 0912 345 678. Phần mềm một cửa của xã tôi sáng nào cũng treo.")
    confirm(submission, actor=coordinator)
    out, err = io.StringIO(), io.StringIO()
    call_command("export_training_data", stdout=out, stderr=err)
    row = json.loads(out.getvalue())
    assert "0912" not in row["text"] and row["redacted"] is True
    assert (row["initiative"], row["agency"], row["weight"]) == (16, "BKHCN", SURE)
    assert "redacted" in err.getvalue()


def test_decisions_come_oldest_first(coordinator):
    for minutes in (5, 50, 10):
        row = decision(make_submission(), 16, actor=coordinator)
        RoutingDecision.objects.filter(pk=row.pk).update(created_at=now() - timedelta(minutes=minutes))
    ages = [one.at for one in decided()]
    assert ages == sorted(ages)
