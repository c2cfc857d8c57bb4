"""The queue of the embedded profile never shows half a message."""

from pathlib import Path

from kombu import Connection

import config.broker  # noqa: F401 (as the applications do)


def test_a_message_has_its_name_when_it_is_whole(tmp_path, monkeypatch):
    seen = []
    named = Path.replace

    def watched(part: Path, target: Path) -> Path:
        seen.append([path.name for path in tmp_path.glob("*.msg")])
        assert part.stat().st_size > 0
        return named(part, target)

    monkeypatch.setattr(Path, "replace", watched)
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path)}
    with Connection("filesystem://", transport_options=options) as connection:
        queue = connection.SimpleQueue("thu")
        queue.put({"việc": 1})
        assert seen == [[]]
        assert len(list(tmp_path.glob("*.thu.msg"))) == 1
        message = queue.get(timeout=5)
        assert message.payload == {"việc": 1}
        message.ack()
