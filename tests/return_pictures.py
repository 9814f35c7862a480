"""`python -m tests.return_pictures`: print a template and a receipt into `docs/pictures/`, a page of each.

Needs LibreOffice and poppler; the agency, its figures and its faults are those of the tests.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from include.returns.receipt import answer
from include.returns.template import write_template
from tests.needs import ROOT, need
from tests.orders import receipt_order, template_order
from tests.soffice import pdfs_by_libreoffice

PICTURES = ROOT / "docs" / "pictures"
PAGES = {"template": "2", "receipt": "1"}  # the sheet 指标; the list of what to correct


def main() -> int:
    """Print both, and picture a page of each."""
    books = {
        "template": write_template(template_order()),
        "receipt": answer(receipt_order(demo=True)).workbook,
    }
    with TemporaryDirectory() as scratch:
        for name, pdf in pdfs_by_libreoffice(books, need("soffice"), Path(scratch)).items():
            file = Path(scratch) / f"{name}.pdf"
            file.write_bytes(pdf)
            page = ["-f", PAGES[name], "-l", PAGES[name], "-singlefile", "-r", "110", "-png"]
            subprocess.run([str(need("pdftoppm")), *page, str(file), str(PICTURES / name)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
