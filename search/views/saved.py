"""Saved views: keep the list that is on the screen, change it, share it, let it go."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake.access import handling_required
from intake.forms.fields import PlainCharField

from .. import saved
from ..models import SavedView

# Of an address: room is left for what a shared view writes out of the view it was saved from.
LONGEST = 1_600


class SavedViewForm(forms.Form):
    name = PlainCharField(
        label=gettext_lazy("Tên góc nhìn"),
        max_length=60,
        error_messages={"required": gettext_lazy("Hãy đặt tên cho góc nhìn.")},
    )
    shared = forms.BooleanField(label=gettext_lazy("Cho cả cơ quan cùng dùng"), required=False)
    notify = forms.BooleanField(label=gettext_lazy("Gửi thư cho tôi khi có phiếu mới khớp"), required=False)
    tu = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def __init__(self, *args, user, view: SavedView | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.view = user, view

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = SavedView.objects.filter(owner=self.user, name=name)
        if self.view:
            others = others.exclude(pk=self.view.pk)
        if others.exists():
            raise forms.ValidationError(_("Bạn đã có một góc nhìn tên này. Hãy đặt tên khác."))
        return name

    def clean(self) -> dict:
        data = super().clean() or {}
        if self.view is None and SavedView.objects.filter(owner=self.user).count() >= saved.MOST:
            raise forms.ValidationError(_("Bạn đã lưu nhiều góc nhìn quá. Hãy xóa bớt một góc nhìn cũ."))
        return data

    def clean_notify(self) -> bool:
        if self.cleaned_data["notify"] and not self.user.email:
            raise forms.ValidationError(_("Tài khoản của bạn chưa có địa chỉ thư. Nhờ quản trị thêm vào trước."))
        return self.cleaned_data["notify"]


@never_cache
@require_http_methods(["GET", "POST"])
@handling_required
def save(request: HttpRequest) -> HttpResponse:
    """The list on the screen gets a name. GET: the form on a page of its own."""
    state = saved.canonical((request.POST if request.method == "POST" else request.GET).get("tu", "")[:2_000])
    form = SavedViewForm(request.POST if request.method == "POST" else None, initial={"tu": state}, user=request.user)
    if request.method == "POST" and form.is_valid() and len(state) > LONGEST:
        form.add_error(None, _("Danh sách này có quá nhiều điều kiện để lưu. Hãy bỏ bớt bộ lọc."))
    if request.method == "POST" and form.is_valid():
        view = SavedView(owner_id=request.member.user_id, address=state)
        _keep(request, view, form)
        messages.success(request, _("Đã lưu góc nhìn “%(name)s”.") % {"name": view.name})
        return redirect(f"{reverse('search:queue')}?{view.address}")
    return render(
        request, "officer/saved_view.html", {"form": form, "state": state}, status=422 if form.errors else 200
    )


@never_cache
@require_safe
@handling_required
def views(request: HttpRequest) -> HttpResponse:
    """All that this officer may use; the sidebar has room for some."""
    found = saved.views_of(request.member, saved.ALL_VIEWS)
    return render(request, "officer/saved_views.html", {"views": found})


@never_cache
@require_safe
@handling_required
def counts(request: HttpRequest) -> HttpResponse:
    """How many match the views with words: asked for by the page when it stands already."""
    counted = saved.counts_of_words(request.member, request.user)
    return render(request, "officer/saved_counts.html", {"counts": counted})


@never_cache
@require_http_methods(["GET", "POST"])
@handling_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Only its owner changes a view; who shares it uses it."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    initial = {"name": view.name, "shared": view.agency_id is not None, "notify": view.notify, "tu": view.address}
    form = SavedViewForm(
        request.POST if request.method == "POST" else None, initial=initial, user=request.user, view=view
    )
    if request.method == "POST" and form.is_valid():
        _keep(request, view, form)
        messages.success(request, _("Đã sửa góc nhìn “%(name)s”.") % {"name": view.name})
        return redirect(f"{reverse('search:queue')}?{view.address}")
    context = {"form": form, "view": view, "state": view.address}
    return render(request, "officer/saved_view.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, view: SavedView, form: SavedViewForm) -> None:
    data = form.cleaned_data
    starts = data["notify"] and not view.notify
    view.name, view.notify = data["name"], data["notify"]
    view.agency = request.member.agency if data["shared"] else None
    view.address = saved.lasting(view.address, request.member, shared=data["shared"])
    view.save()
    if starts:
        saved.remember(view, request.member)


@never_cache
@require_POST
@handling_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    messages.success(request, _("Đã xóa góc nhìn “%(name)s”.") % {"name": view.name})
    view.delete()
    return redirect("search:queue")
