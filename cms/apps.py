from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Trang công khai"

    def ready(self) -> None:
        from . import receivers  # noqa: F401 (connects the receivers)
