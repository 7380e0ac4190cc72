"""Line icons as inline SVG: 24 by 24, one stroke, the colour of the text. Drawn for the portal."""

ICONS: dict[str, str] = {
    "check": '<path d="M4.5 12.5l5 5 10-11"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "open": '<circle cx="12" cy="12" r="8"/>',
    "alert": '<path d="M12 4L2.8 20h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l3.5 2.5"/>',
    "pause": '<path d="M8.5 5v14M15.5 5v14"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "file": '<path d="M6 3h8.5L19 7.5V21H6z"/><path d="M14 3v5h5M9 13h7M9 17h5"/>',
    "upload": '<path d="M12 16V4M7 8.5L12 3.5l5 5M4 16v4.500h16V16"/>',
    "download": '<path d="M12 4v12M7 11.500l5 5 5-5M4 20.500h16"/>',
    "print": '<path d="M7 8V3.500h10V8M7 17H3.500V8h17v9H17"/><path d="M7 13.500h10v7H7z"/>',
    "shield": (
        '<path d="M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>'
    ),
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c.6-4.4 3.7-6.5 8-6.500s7.4 2.1 8 6.5"/>',
    "lock": '<path d="M5 11h14v9.500H5z"/><path d="M8 11V8a4 4 0 018 0v3"/>',
    "inbox": (
        '<path d="M3.5 13.500L6.5 5h11l3 8.500V20h-17z"/><path d="M3.5 13.500H9l1 2.500h4l1-2.500h5.5"/>'
    ),
    "arrow": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "back": '<path d="M20 12H5M11 6l-6 6 6 6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "seal": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M8 8.500h8M8 12h8M8 15.500h4.5"/>',
    "globe": (
        '<circle cx="12" cy="12" r="9"/>'
        '<path d="M3 12h18M12 3c5.3 5.5 5.3 12.5 0 18M12 3c-5.3 5.5-5.3 12.5 0 18"/>'
    ),
}


def icon_svg(name: str, label: str = "") -> str:
    """The markup of one icon, hidden from assistive technology without a label. KeyError if unknown."""
    if name not in ICONS:
        raise KeyError(f"no icon {name!r}; known: {', '.join(sorted(ICONS))}")
    access = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return f'<svg class="icon icon-{name}" viewBox="0 0 24 24" {access} focusable="false">{ICONS[name]}</svg>'
