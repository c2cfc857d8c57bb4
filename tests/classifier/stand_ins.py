"""What stands in for the encoder at the edge, where its quality is not the question."""

import numpy as np


class LetterEncoder:
    """Counts of letters, as vectors of unit length."""

    name = "letters 1"

    def encode(self, texts):
        rows = np.full((len(texts), 384), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for char in text:
                row[ord(char) % 384] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
