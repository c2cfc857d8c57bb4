from django.contrib.auth.views import LogoutView
from django.urls import path

from .views import account, acting, citizen, desk, gallery, model, policy, tracking, why

app_name = "intake"

ACTS = {
    "chuyen": "route",
    "nhan": "accept",
    "chuyen-lai": "hand_back",
    "rut-lai": "take_back",
    "hoi": "ask",
    "rut-cau-hoi": "withdraw",
    "khong-tiep-nhan": "reject",
    "bo-gop": "unmerge",
    "tach": "split",
    "tra-loi": "draft",
    "duyet": "approve",
    "tra-lai": "return",
}

urlpatterns = [
    path("gui/", citizen.submit, name="submit"),
    path("gui/da-nhan/<str:code>/", citizen.receipt, name="receipt"),
    path("tra-cuu/", tracking.track, name="track"),
    path("tra-cuu/quen/", tracking.forget, name="forget"),
    path("tra-cuu/<str:code>/", tracking.status, name="status"),
    path("tra-cuu/<str:code>/bo-sung/", tracking.reply, name="reply"),
    path("tra-cuu/<str:code>/danh-gia/", tracking.rate, name="rate"),
    path("tra-cuu/<str:code>/tep/<int:pk>/", tracking.attachment, name="attachment"),
    path("tra-cuu/<str:code>/rut-dong-y/", tracking.withdraw_consent, name="withdraw_consent"),
    path("tra-cuu/<str:code>/xoa-lien-he/", tracking.erase_contact, name="erase_contact"),
    path("tra-cuu/<str:code>/khong-may-doc/", tracking.decline_machine, name="decline_machine"),
    path("dia-ban/", citizen.communes, name="communes"),
    path("thanh-phan/", gallery.gallery, name="components"),
    path("can-bo/dang-nhap/", account.SignIn.as_view(), name="sign_in"),
    path("can-bo/dang-xuat/", LogoutView.as_view(), name="sign_out"),
    path("can-bo/mo-hinh/", model.model, name="model"),
    path("can-bo/mo-hinh/hoc/", model.label, name="label"),
    path("can-bo/mo-hinh/chinh-sach/", policy.policy, name="policy"),
    path("can-bo/mo-hinh/huan-luyen/", model.train, name="train"),
    path("can-bo/mo-hinh/quay-ve/", model.roll_back, name="roll_back"),
    path("can-bo/mo-hinh/dung/<str:version>/", model.promote, name="promote"),
    path("can-bo/mo-hinh/xem-lai/<int:run>/", model.settle, name="settle"),
    path("can-bo/mo-hinh/canh-bao/<int:pk>/", model.alarm_seen, name="alarm_seen"),
    path("can-bo/phieu/<str:code>/vi-sao/", why.because, name="why"),
    path("can-bo/phieu/<str:code>/", desk.submission, name="submission"),
    path("can-bo/phieu/<str:code>/xem-nhanh/", desk.pane, name="submission_pane"),
    path("can-bo/phieu/<str:code>/tep/<int:pk>/", desk.attachment, name="desk_attachment"),
    path("can-bo/phieu/<str:code>/lien-he/", desk.contact, name="contact"),
    path("can-bo/phieu/<str:code>/tach-ra/", acting.split, name="split_form"),
    *(
        path(f"can-bo/phieu/<str:code>/{part}/", acting.act, {"action": action}, name=action)
        for part, action in ACTS.items()
    ),
]
