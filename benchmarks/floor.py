"""The floor: unzip every workbook and scan its XML, nothing else.

python -m benchmarks.floor FOLDER
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from xml.parsers import expat

if __name__ == "__main__":
    for workbook in sorted(Path(sys.argv[1]).glob("filled/*/*/*.xlsx")):
        with zipfile.ZipFile(workbook) as book:
            for name in book.namelist():
                content = book.read(name)
                if name.endswith((".xml", ".rels", ".vml")):
                    expat.ParserCreate().Parse(content, True)
