"""The queue of the embedded profile: kombu's folder of files, without a moment at which half a message stands in it.

kombu opens a message under its final name and writes it then; a worker that looks just then takes nothing for
a message, loses it and ends. Here it gets its name when it is whole. Imported before an application connects.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu import transport
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: Any, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        part = Path(self.data_folder_out, f"{name}.part")  # an ending that no reader asks for
        try:
            part.write_bytes(dumps(payload).encode())
            part.replace(Path(self.data_folder_out, name))
        except OSError as error:
            raise ChannelError(f"Cannot add file {name!r} to directory") from error


class Transport(filesystem.Transport):
    Channel = Channel


transport.TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
