"""The Django project: settings, routes, processes, embedded servers and the demo world."""
