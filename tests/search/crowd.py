"""People of three agencies, and submissions here and there among them: who finds what?"""

import random
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.utils.timezone import localdate

from intake import services
from intake.models import Agency, Membership, Role, Submission
from tests.conftest import make_submission, person
from tests.search.conftest import index

WORDS = "chuyển đổi số bệnh án điện tử hồ sơ đất đai trực tuyến dữ liệu xã tỉnh khoa học".split()
AGENCIES = ("BKHCN", "BYT", "BCA")


def people(coordinator: User) -> list:
    """Every role, and those who may not read at all."""
    left = person("da nghi", Role.COORDINATOR, "VPTW")
    Membership.objects.filter(user=left).update(
        valid_from=localdate() - timedelta(days=9), valid_to=localdate() - timedelta(days=1)
    )
    locked = person("bi khoa", Role.COORDINATOR, "VPTW")
    locked.is_active = False
    locked.save()
    handling = [person(f"{role} {code}", role, code) for role in (Role.OFFICER, Role.APPROVER) for code in AGENCIES]
    others = [person("bien tap", Role.EDITOR, "BKHCN"), person("quan tri", Role.ADMINISTRATOR, "BKHCN")]
    return [coordinator, *handling, *others, left, locked, AnonymousUser()]


def submissions(rng: random.Random, coordinator: User, count: int = 40) -> list[Submission]:
    """Some sealed, some waiting, some with one or two agencies, some handed back; all of them synced."""
    made = []
    for number in range(count):
        body = " ".join(rng.choices(WORDS, k=12)) + (" TUYỆT MẬT" if rng.random() < 0.15 else "")
        title = " ".join([*rng.choices(WORDS, k=4), f"phiếu {number}"])
        one = make_submission(title=title, body=body, kind=rng.choice(["feedback", "petition"]))
        made.append(one)
        if one.visibility == "sealed" or rng.random() < 0.3:
            continue
        lead, co = (Agency.objects.get(code=code) for code in rng.sample(AGENCIES, 2))
        services.assign(one, lead=lead, co_agencies=[co] if rng.random() < 0.3 else [], actor=coordinator)
        if rng.random() < 0.2:
            services.hand_back(one, actor=coordinator, note="không thuộc chúng tôi")
    index(*made)
    return made
