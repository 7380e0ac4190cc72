"""The pictures on disk: few colours, so that the repository stays small, and an index that shows them."""

import io
import re
import shutil
from pathlib import Path

from PIL import Image

from portal.embedded.environment import REPO
from portal.screenshots.camera import LANGUAGES, WIDTHS
from portal.screenshots.pages import GROUPS

STYLE = REPO / "static" / "portal" / "portal.css"
EDGES = (
    *((ink, ground) for ink in ("ink", "blue", "seal") for ground in ("surface", "paper")),
    ("ink-2", "surface"), ("ink-3", "paper"), ("green", "green-wash"), ("amber", "amber-wash"), ("desk", "cell"),
)  # fmt: skip
"""Where text meets its ground: these pairs get the steps between them, so that letters stay smooth."""
MOST_BYTES = 12 * 1024 * 1024
HEAD = """# Screenshots

Written by `./dev screenshots` from a demo world of its own that stands at {moment} (Asia/Shanghai), at 1280 and at
390 px, in Chinese and English; never by hand. A picture shows at most {high} px of its page. The command fails when a
page answers otherwise than it should, is wider than its window, or the browser reports an error or a breach of the
content policy.
"""


def palette() -> Image.Image:
    """The colours of the style sheet and the steps between ink and ground: the same for every picture."""
    tokens: dict[str, tuple[int, ...]] = {}
    for name, digits in re.findall(
        r"--([a-z0-9-]+):\s*#([0-9a-f]{6}|[0-9a-f]{3})\b", STYLE.read_text("utf-8")
    ):
        full = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
        tokens.setdefault(name, tuple(bytes.fromhex(full)))
    colours = list(tokens.values())
    for one, other in EDGES:
        for part in (0.25, 0.5, 0.75):
            mixed = zip(tokens[one], tokens[other], strict=True)
            colours.append(tuple(round(a * part + b * (1 - part)) for a, b in mixed))
    drawn = Image.new("P", (1, 1))
    drawn.putpalette([value for colour in dict.fromkeys(colours) for value in colour])
    return drawn


class Album:
    """Collects pictures beside the old ones and takes their place when all are there."""

    def __init__(self, target: Path, aside: Path) -> None:
        self.target, self.aside, self.palette = target, aside, palette()
        shutil.rmtree(aside, ignore_errors=True)

    def keep(self, drawn: bytes, language: str, width: int, name: str) -> None:
        """One picture, in the colours of the house."""
        path = self.aside / language / str(width) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.open(io.BytesIO(drawn)).convert("RGB")
        image.quantize(palette=self.palette, dither=Image.Dither.NONE).save(path, compress_level=6)

    def measure(self) -> tuple[int, int]:
        """How many pictures there are, and their bytes."""
        sizes = [path.stat().st_size for path in self.aside.rglob("*.png")]
        return len(sizes), sum(sizes)

    def publish(self, moment: str) -> None:
        """The new set and its index replace the old ones."""
        (self.aside / "README.md").write_text(index(moment), encoding="utf-8")
        shutil.rmtree(self.target, ignore_errors=True)
        shutil.copytree(self.aside, self.target)


def index(moment: str) -> str:
    """A table for each group: each page with its four pictures."""
    sizes = [(language, width) for width in WIDTHS for language in LANGUAGES]
    lines = [HEAD.format(moment=moment, high=max(WIDTHS.values()))]
    for group, shots in GROUPS.items():
        lines += [
            f"\n## {group}\n",
            "| page | address | " + " | ".join(f"{language} {width}" for language, width in sizes) + " |",
        ]
        lines.append("|---" * (len(sizes) + 2) + "|")
        for shot in shots:
            links = " | ".join(f"[{width}]({language}/{width}/{shot.name}.png)" for language, width in sizes)
            who = f" ({shot.who})" if shot.who else ""
            lines.append(f"| {shot.name} | `{shot.view or '—'}`{who} | {links} |")
    return "\n".join(lines) + "\n"
