from django.urls import path

from .views import public, queue

app_name = "search"
urlpatterns = [
    path("can-bo/", queue.queue, name="queue"),
    path("tim-kiem/", public.search, name="public"),
]
