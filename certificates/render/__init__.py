"""From facts to an unsigned PDF/A-3b: a compiled background, text set by WeasyPrint, seal and QR as vectors."""
