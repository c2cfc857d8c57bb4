"""Text columns that are encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA256)."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return _keys(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Raises `cryptography.fernet.InvalidToken` when no key of the ring made the token."""
    return _keys(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode() if token else ""


class EncryptedTextField(models.TextField):
    """A text that only the application can read. It cannot be searched or sorted by the database."""

    description = "encrypted text"

    def get_prep_value(self, value):
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else ""


__all__ = ["EncryptedTextField", "InvalidToken", "decrypt", "encrypt"]
