"""Receipt codes and look-up keys.

A receipt code is `57-XXXX-XXXC`: seven random characters of Crockford's base 32 and a check character,
so that one mistyped character is told apart from an unknown code. A look-up key is derived from the
server's secret, the code and a salt of the submission, so no key is stored anywhere.
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CONFUSED = str.maketrans("ILOU", "110V")
KEY_LENGTH = 12


def _check(payload: str) -> str:
    """Luhn's mod-N over the alphabet: every single error and almost every swap is found."""
    total = 0
    for place, character in enumerate(reversed(payload)):
        product = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += product // 32 + product % 32
    return ALPHABET[-total % 32]


def new_code() -> str:
    payload = "".join(secrets.choice(ALPHABET) for _ in range(7))
    whole = payload + _check(payload)
    return f"57-{whole[:4]}-{whole[4:]}"


def read_code(typed: str) -> str | None:
    """The canonical code for what a person typed, or None if it cannot be a code."""
    letters = [c for c in typed.upper().translate(_CONFUSED) if c in ALPHABET][:12]
    plain = "".join(letters)
    if len(plain) == 10 and plain.startswith("57"):
        plain = plain[2:]
    if len(plain) != 8 or _check(plain[:7]) != plain[7]:
        return None
    return f"57-{plain[:4]}-{plain[4:]}"


def new_salt() -> str:
    return secrets.token_hex(8)


def key_for(code: str, salt: str) -> str:
    """The look-up key: 60 bits, shown as three groups of four characters."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{code}:{salt}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().translate(str.maketrans("ILOU", "8912"))[:KEY_LENGTH]
    return "-".join(text[i : i + 4] for i in range(0, KEY_LENGTH, 4))


def key_matches(code: str, salt: str, typed: str) -> bool:
    def plain(text: str) -> str:
        return "".join(c for c in text.upper().translate(_CONFUSED) if c.isascii() and c.isalnum())

    return hmac.compare_digest(plain(key_for(code, salt)), plain(typed[:64]))
