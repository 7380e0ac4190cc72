"""From facts to an unsigned PDF/A-3b: compiled background, text by WeasyPrint, seal and QR code."""
