"""A real server that speaks S3, on loopback, keeping everything in memory."""

from __future__ import annotations

from types import TracebackType

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
    def _login(self) -> dict[str, str]:
        return {"key": "key", "secret": "se/cret", "endpoint_url": self.endpoint}

    def names(self) -> list[str]:
        """Give the names of what is kept."""
        return s3fs.S3FileSystem(**self._login, skip_instance_cache=True).find(BUCKET)

    def __enter__(self) -> ObjectStorage:
        """Start it and make the bucket."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()
        s3fs.S3FileSystem(**self._login, skip_instance_cache=True).mkdir(BUCKET)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._server.stop()
