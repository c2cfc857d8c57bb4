from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "Tiếp nhận"

    def ready(self) -> None:
        from . import receivers  # noqa: F401 (connects the receivers)
