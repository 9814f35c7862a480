"""The Samba server's settings: one share an agency, seen and entered by that agency's login alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from include.errors import SettingsError

_PLAIN_PATH = re.compile(r"/[^\x00-\x1f\x7f\"%]*[^\x00-\x20\x7f\"%\\]")  # Samba replaces %, ends at a break
_PLAIN_NAME = re.compile(r"[a-z0-9._-]+")
_GLOBAL = """\
[global]
server role = standalone server
map to guest = never
restrict anonymous = 2
passdb backend = tdbsam
unix charset = UTF-8
# Only what encrypts: SMB 3, every packet.
server min protocol = SMB3
server smb encrypt = required
server signing = mandatory
ntlm auth = ntlmv2-only
# A link leads nowhere, and none can be made from outside.
follow symlinks = no
wide links = no
allow insecure wide links = no
unix extensions = no
host msdfs = no
# Who has no login for a share does not see that it is there.
access based share enum = yes
browseable = yes
# Rights are the share's, not the file's: nobody changes them from outside.
nt acl support = no
store dos attributes = no
create mask = 0660
directory mask = 0770
disable netbios = yes
load printers = no
printcap name = /dev/null
disable spoolss = yes
# What duban itself writes beside files. Not every name with a dot: office programs lock with such names.
veto files = /.duban*/.~????????????.part/.htaccess/.ssh/lost+found/
delete veto files = no
"""


@dataclass(frozen=True, slots=True)
class AgencyShare:
    """A share: its name, who may enter it, the folder it shows, and what a person calls it."""

    name: str
    user: str
    folder: Path
    title: str
    writable: bool = True


def smb_conf(shares: Iterable[AgencyShare], owner: str, more: str = "") -> str:
    """Write the server's settings (`smb.conf`).

    Args:
        shares: what it serves.
        owner: the user of the machine who owns the drive, duban's own: all files are made as this one.
        more: further lines of the global section, such as ports.

    Raises:
        SettingsError: a name or a folder that would be read as something else.
    """
    sections = [_section(share, owner) for share in shares]
    return "\n".join([_GLOBAL + more, *sections])


def _section(share: AgencyShare, owner: str) -> str:
    for name in (share.name, share.user, owner):
        if not _PLAIN_NAME.fullmatch(name):
            raise SettingsError(f"“{name}”不能作共享名或用户名；应只用 a-z、0-9 和 . _ -")
    if not _PLAIN_PATH.fullmatch(str(share.folder)):
        raise SettingsError(f"文件夹“{share.folder}”不能共享，Samba 会误读它的名称；请改名，不用 % 等符号")
    title = " ".join(re.sub(r"[\x00-\x1f\x7f%\\]", " ", share.title).split())
    return f"""\
[{share.name}]
comment = {title}
path = {share.folder}
valid users = {share.user}
force user = {owner}
read only = {"no" if share.writable else "yes"}
"""
