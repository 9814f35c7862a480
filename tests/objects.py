"""A real server that speaks S3, on loopback, keeping everything in memory."""

from __future__ import annotations

import logging
from pathlib import Path
from types import TracebackType
from typing import Any

import s3fs
from moto.server import ThreadedMotoServer

from tests.ports import free_port

BUCKET = "duban"


class ObjectStorage:
    """A server from `__enter__` to `__exit__` with one bucket."""

    def __init__(self) -> None:
        """Choose a port."""
        self._port = free_port()

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """Address of the bucket, with keys."""
        return f"s3://key:se%2Fcret@{BUCKET}?endpoint={self.endpoint}"

    @property
    def secret(self) -> str:
        """The secret key."""
        return "se/cret"

    @property
    def _files(self) -> Any:
        return s3fs.S3FileSystem(
            key="key", secret=self.secret, endpoint_url=self.endpoint, skip_instance_cache=True
        )

    def at(self, folder: str) -> str:
        """Give the address of a folder of the bucket, with keys."""
        return self.url.replace(f"@{BUCKET}", f"@{BUCKET}/{folder}")

    def fetch(self, folder: str, to: Path) -> None:
        """Bring what stands in a folder of the bucket into a folder of this machine."""
        files = self._files
        for name in self.names():
            if name.startswith(f"{BUCKET}/{folder}/"):
                file = to / name.removeprefix(f"{BUCKET}/{folder}/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(files.cat_file(name))

    def names(self) -> list[str]:
        """Give the names of what is kept."""
        return self._files.find(BUCKET)

    def __enter__(self) -> ObjectStorage:
        """Start it and make the bucket."""
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else it writes a line for each request
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()
        self._files.mkdir(BUCKET)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._server.stop()
