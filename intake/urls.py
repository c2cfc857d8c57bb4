from django.contrib.auth.views import LogoutView
from django.urls import path

from .views import account, citizen, desk, gallery, model

app_name = "intake"

urlpatterns = [
    path("gui/", citizen.submit, name="submit"),
    path("gui/da-nhan/<str:code>/", citizen.receipt, name="receipt"),
    path("tra-cuu/", citizen.track, name="track"),
    path("tra-cuu/quen/", citizen.forget, name="forget"),
    path("tra-cuu/<str:code>/", citizen.status, name="status"),
    path("tra-cuu/<str:code>/bo-sung/", citizen.reply, name="reply"),
    path("tra-cuu/<str:code>/danh-gia/", citizen.rate, name="rate"),
    path("tra-cuu/<str:code>/tep/<int:pk>/", citizen.attachment, name="attachment"),
    path("dia-ban/", citizen.communes, name="communes"),
    path("thanh-phan/", gallery.gallery, name="components"),
    path("can-bo/dang-nhap/", account.SignIn.as_view(), name="sign_in"),
    path("can-bo/dang-xuat/", LogoutView.as_view(), name="sign_out"),
    path("can-bo/may-goi-y/", model.model, name="model"),
    path("can-bo/phieu/<str:code>/", desk.submission, name="submission"),
    path("can-bo/phieu/<str:code>/xem-nhanh/", desk.pane, name="submission_pane"),
    path("can-bo/phieu/<str:code>/tep/<int:pk>/", desk.attachment, name="desk_attachment"),
    path("can-bo/phieu/<str:code>/lien-he/", desk.contact, name="contact"),
    path("can-bo/phieu/<str:code>/chuyen/", desk.route, name="route"),
    path("can-bo/phieu/<str:code>/nhan/", desk.accept, name="accept"),
    path("can-bo/phieu/<str:code>/chuyen-lai/", desk.hand_back, name="hand_back"),
    path("can-bo/phieu/<str:code>/hoi/", desk.ask, name="ask"),
    path("can-bo/phieu/<str:code>/rut-cau-hoi/", desk.withdraw, name="withdraw"),
    path("can-bo/phieu/<str:code>/khong-tiep-nhan/", desk.reject, name="reject"),
    path("can-bo/phieu/<str:code>/tra-loi/", desk.draft, name="draft"),
    path("can-bo/phieu/<str:code>/duyet/", desk.approve, name="approve"),
    path("can-bo/phieu/<str:code>/tra-lai/", desk.return_, name="return"),
]
