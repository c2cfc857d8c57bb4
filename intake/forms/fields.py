"""The kinds of fields that people fill in, and how what they type is brought into form."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import files, limits
from ..services import storable


class PlainCharField(forms.CharField):
    """Text in NFC without control characters; line ends count as one character."""

    def to_python(self, value):
        return storable(super().to_python(value) or "")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # `storable` takes NUL out; a person cannot see one and must not be blamed for it.
        self.validators = [v for v in self.validators if "Null" not in type(v).__name__]


class LineField(PlainCharField):
    """Text of one line: what a letter or a list shows of it cannot begin a new one."""

    default_error_messages = {"max_length": _("Dài quá %(limit_value)d ký tự. Hãy rút gọn.")}

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class CardSelect(forms.RadioSelect):
    """Radio buttons with a line of explanation each."""

    def __init__(self, hints: Mapping[str, object]):
        super().__init__()
        self.hints = hints

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class AttachmentsField(forms.FileField):
    """Any number of files up to the limit; gives a tuple of `CheckedFile`."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        uploads = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(uploads) > limits.FILES:
            raise ValidationError(
                _("Chỉ gửi được tối đa %(n)s tệp. Hãy bớt tệp hoặc gộp lại."), params={"n": limits.FILES}
            )
        checked, errors = [], []
        for upload in uploads:
            try:
                checked.append(files.check(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return tuple(checked)
