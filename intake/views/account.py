"""Officers sign in and out."""

from django.conf import settings
from django.contrib.auth import views
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django_ratelimit.decorators import ratelimit

from ..models import Membership
from ..models.officer import HANDLING


@method_decorator(never_cache, name="dispatch")
@method_decorator(ratelimit(key="intake.http.client_key", rate=settings.SIGN_IN_RATE, method="POST"), name="dispatch")
class SignIn(views.LoginView):
    template_name = "officer/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Editors and administrators work in the content admin, the others at the desk."""
        member = Membership.of(self.request.user)
        if member is not None and member.role in HANDLING:
            return super().get_default_redirect_url()
        return reverse("wagtailadmin_home")
