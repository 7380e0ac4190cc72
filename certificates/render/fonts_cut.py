"""Cut the fixed faces again (maintainers; see fonts/README.md for the call)."""

import sys
from pathlib import Path

import pylopdf_fonts_zh_cn

from certificates.render.typefaces import HEADING, SMALL, TITLE, cut, title_characters

SIMPLIFIED_CHINESE = 2
"""Index of the SC face in the Noto Serif CJK collection."""

if __name__ == "__main__":
    cut(Path(sys.argv[1]), HEADING, "Heading", face=SIMPLIFIED_CHINESE)
    cut(Path(sys.argv[1]), TITLE, "Title", characters=title_characters, face=SIMPLIFIED_CHINESE)
    cut(Path(pylopdf_fonts_zh_cn.sans_path()), SMALL, "Small")
