from django.urls import path

from .views import bulk, export, like, public, queue, saved

app_name = "search"
urlpatterns = [
    path("can-bo/", queue.queue, name="queue"),
    path("can-bo/tiep/", queue.next_, name="next"),
    path("can-bo/giong/<str:code>/", queue.similar, name="similar"),
    path("can-bo/hang-loat/", bulk.begin, name="bulk_begin"),
    path("can-bo/hang-loat/gan-day/", bulk.recent, name="bulk_recent"),
    path("can-bo/hang-loat/<uuid:token>/", bulk.job, name="bulk_job"),
    path("can-bo/hang-loat/<uuid:token>/tien-do/", bulk.progress, name="bulk_progress"),
    path("can-bo/hang-loat/<uuid:token>/hoan-tac/", bulk.undo, name="bulk_undo"),
    path("can-bo/goc-nhin/", saved.save, name="save_view"),
    path("can-bo/goc-nhin/tat-ca/", saved.views, name="views"),
    path("can-bo/goc-nhin/so-phieu/", saved.counts, name="view_counts"),
    path("can-bo/goc-nhin/<int:pk>/", saved.edit, name="edit_view"),
    path("can-bo/goc-nhin/<int:pk>/xoa/", saved.delete, name="delete_view"),
    path("can-bo/xuat/", export.take, name="export"),
    path("tim-kiem/", public.search, name="public"),
    path("tim-kiem/goi-y/", public.suggestions, name="suggest"),
    path("tim-kiem/atom.xml", public.feed, name="feed"),
    path("tim-kiem/giong/", like.like, name="like"),
    path("tim-kiem/giong/<int:pk>/", like.opened, name="opened"),
    path("tim-kiem/giai-quyet/", like.solved, name="solved"),
    path("can-bo/da-giup/", like.figures, name="helped"),
]
