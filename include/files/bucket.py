"""A bucket of object storage (S3), through fsspec. An object is replaced whole by its nature."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import fsspec
from botocore.exceptions import BotoCoreError, ClientError

from include.errors import SettingsError
from include.files.place import AwayError, parts_of
from include.foreign import words

_TIMEOUTS = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 2}}


class Bucket:
    """A folder of a bucket."""

    def __init__(self, files: Any, root: str) -> None:
        """Use the folder `root` (`bucket/folder`) of an fsspec file system."""
        self._files, self._root = files, root
        self.name = f"s3://{root}"

    @classmethod
    def of(cls, address: SplitResult) -> Bucket:
        """Open the bucket of an address. Raises: SettingsError: it would be spoken to in the clear."""
        endpoint = parse_qs(address.query).get("endpoint", [None])[0]
        if endpoint and not _kept_secret(urlsplit(endpoint)):
            raise SettingsError(
                f"s3://{address.hostname} 的 endpoint 不加密；应以 https:// 开头，本机（127.0.0.1）除外"
            )
        files = fsspec.filesystem(
            "s3",
            key=unquote(address.username or "") or None,
            secret=unquote(address.password or "") or None,
            endpoint_url=endpoint,
            config_kwargs=_TIMEOUTS,
            use_listings_cache=False,
            skip_instance_cache=True,
        )
        return cls(files, "/".join([address.hostname or "", *filter(None, unquote(address.path).split("/"))]))

    def check(self) -> None:
        """Look whether the bucket is there. Raises: AwayError."""
        with self._told("打不开"):
            try:
                self._files.call_s3("head_bucket", Bucket=self._root.partition("/")[0])
            except OSError as error:
                raise AwayError(f"{self.name} 不在，或账号没有权限：{words(error)}") from error

    def part(self, folder: str) -> Bucket:
        """Give a folder of it."""
        return Bucket(self._files, self._key(folder)) if folder else self

    def read(self, path: str) -> bytes | None:
        """Give an object's bytes."""
        with self._told("不能读取"):
            try:
                return bytes(self._files.cat_file(self._key(path)))
            except FileNotFoundError:
                return None

    def taken(self, path: str) -> bool:
        """Tell whether an object stands there."""
        with self._told("打不开"):
            return bool(self._files.exists(self._key(path)))

    def write(self, path: str, data: bytes) -> None:
        """Put an object: it is there whole, or not at all."""
        with self._told("不能写入"):
            self._files.pipe_file(self._key(path), data)

    def remove(self, path: str) -> None:
        """Remove an object."""
        with self._told("不能删除"):
            self._files.rm_file(self._key(path))

    def _key(self, path: str) -> str:
        return "/".join([self._root, *parts_of(path)])

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell a service that does not answer as a place that is away."""
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise AwayError(f"{self.name} {what}，请检查网络、账号和密钥：{words(error)}") from error


def _kept_secret(endpoint: SplitResult) -> bool:
    """Tell whether nobody on the way hears what is said: by TLS, or within this machine."""
    return endpoint.scheme == "https" or endpoint.hostname in ("127.0.0.1", "::1", "localhost")
