"""Places files are put whole: a folder, an SMB share, a bucket, each opened by its address (URL)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from include.errors import SettingsError
from include.files.folder import Folder
from include.files.place import Place


def open_place(url: str, installation: str = "") -> Place:
    """Open the place of an address; a folder must then carry the installation's mark.

    `file:///srv/duban`, `smb://user:password@host:445/share/folder`,
    `s3://key:secret@bucket/folder?endpoint=https://…`; special characters are percent-encoded.

    Raises:
        SettingsError: an address that is not of these forms.
    """
    address = _taken_apart(url)
    if address.scheme == "file" and address.path:
        return Folder(Path(unquote(address.path)), installation)
    if address.scheme == "smb" and address.hostname and address.path.strip("/"):
        from include.files.share import Share  # noqa: PLC0415  only who uses it pays for it

        return Share.of(address)
    if address.scheme == "s3" and address.hostname:
        from include.files.bucket import Bucket  # noqa: PLC0415

        return Bucket.of(address)
    raise SettingsError(
        f"以“{address.scheme}”开头的地址不能用；DUBAN_OUTPUTS_URL、DUBAN_ARCHIVE_URL 应如 file:///folder、"
        "smb://user:password@host/share、s3://key:secret@bucket"
    )


def _taken_apart(url: str) -> SplitResult:
    """Take an address apart; a sign of the password that ends the login early makes a name of the rest."""
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError:
        address = None
    if address and (address.scheme == "file" or "@" not in address.path + address.query + address.fragment):
        return address
    raise SettingsError(
        "DUBAN_OUTPUTS_URL 或 DUBAN_ARCHIVE_URL 的地址读不通；用户名、密码、路径里的符号应写成百分号编码，"
        "如 / 写成 %2F，@ 写成 %40，端口应为数字"
    ) from None
