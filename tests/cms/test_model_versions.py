"""Versions of the model in the content admin: administrators read them, nobody writes."""

import pytest
from django.contrib.auth.models import Group, Permission

from intake.learning import registry
from intake.models import ModelVersion, Role
from tests.conftest import person

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/phien-ban-mo-hinh/"


@pytest.fixture
def administrator(db):
    user = person("quan tri", Role.ADMINISTRATOR, "VPTW")
    user.is_superuser = user.is_staff = True
    user.save()
    return user


def test_an_administrator_reads_them(client, administrator):
    version = registry.shipped()
    client.force_login(administrator)
    listed = client.get(LIST)
    assert listed.status_code == 200 and version.version in listed.content.decode()
    shown = client.get(f"{LIST}inspect/{version.pk}/")
    assert shown.status_code == 200 and version.version in shown.content.decode()
    assert LIST in client.get("/quan-tri/").content.decode()


@pytest.mark.parametrize("path", ["new/", "edit/{}/", "delete/{}/", "copy/{}/"])
def test_nobody_writes(client, administrator, path):
    version = registry.shipped()
    client.force_login(administrator)
    response = client.post(f"{LIST}{path.format(version.pk)}", {"version": "sửa"})
    assert response.status_code in {302, 403, 404}
    assert list(ModelVersion.objects.values_list("version", flat=True)) == [version.version]


def test_an_editor_does_not_see_them(client, db):
    editor = person("bien tap", Role.EDITOR, "VPTW")
    editor.groups.add(Group.objects.get(name="Moderators"))
    editor.user_permissions.add(Permission.objects.get(codename="view_modelversion"))
    registry.shipped()
    client.force_login(editor)
    assert client.get("/quan-tri/").status_code == 200
    assert client.get(LIST).status_code == 302
