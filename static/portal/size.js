// Large type chosen on this device, before the first paint.
try { if (localStorage.getItem("size") === "large") document.documentElement.dataset.size = "large"; } catch {}
