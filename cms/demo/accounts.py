"""Demo accounts: one for each role. Only ever made in demo mode."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User

from intake.models import Agency, Membership, Role


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    role: str
    agency: str


ACCOUNTS = (
    Account("dieuphoi", "Điều phối viên (ví dụ)", Role.COORDINATOR, "VPTW"),
    Account("chuyenvien", "Chuyên viên (ví dụ)", Role.OFFICER, "BKHCN"),
    Account("lanhdao", "Lãnh đạo duyệt (ví dụ)", Role.APPROVER, "BKHCN"),
    Account("bientap", "Biên tập viên (ví dụ)", Role.EDITOR, "VPTW"),
    Account("quantri", "Quản trị viên (ví dụ)", Role.ADMINISTRATOR, "VPTW"),
)


def ensure_accounts() -> dict[str, User]:
    """Make what is missing; the password is that of the settings."""
    users: dict[str, User] = {}
    for account in ACCOUNTS:
        user, fresh = User.objects.get_or_create(username=account.username, defaults={"first_name": account.name})
        if fresh or not user.check_password(settings.DEMO_PASSWORD):
            user.set_password(settings.DEMO_PASSWORD)
        user.is_superuser = user.is_staff = account.role == Role.ADMINISTRATOR
        user.save()
        if account.role == Role.EDITOR:
            user.groups.add(Group.objects.get(name="Moderators"))
        Membership.objects.get_or_create(
            user=user, valid_to=None, defaults={"role": account.role, "agency": Agency.objects.get(code=account.agency)}
        )
        users[account.username] = user
    return users
