"""Run by the system's own Python, which has UNO: `python3 save_with_password.py SOFFICE SOURCE FOLDER`.

LibreOffice opens SOURCE and saves it into FOLDER as xlsx, xls and ods, each with a password to open it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import NamedValue, PropertyValue
from com.sun.star.connection import NoConnectException

PASSWORD = "geheim"  # noqa: S105 - of a file made for a test


def main(soffice: str, source: Path, folder: Path) -> None:
    pipe = f"duban{folder.stat().st_ino}"
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    office = subprocess.Popen(
        [soffice, "--headless", "--norestore", profile, f"--accept=pipe,name={pipe};urp;"]
    )
    try:
        desktop = connected(pipe)
        document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (value("Hidden", True),))
        named = uno.Any(
            "[]com.sun.star.beans.NamedValue",
            (NamedValue("OOXPassword", PASSWORD), NamedValue("CryptoType", "StrongEncryptionDataSpace")),
        )
        save(document, folder / "a.xlsx", "Calc MS Excel 2007 XML", value("EncryptionData", named))
        save(document, folder / "a.xls", "MS Excel 97", value("Password", PASSWORD))
        save(document, folder / "a.ods", "calc8", value("Password", PASSWORD))
        document.close(True)
    finally:
        office.terminate()
        office.wait(30)


def connected(pipe: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice did not start within a minute")


def save(document: object, path: Path, kind: str, *more: object) -> None:
    document.storeToURL(path.as_uri(), (value("FilterName", kind), *more))


def value(name: str, content: object) -> object:
    return PropertyValue(name, 0, content, 0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
