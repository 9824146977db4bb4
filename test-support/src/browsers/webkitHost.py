"""A browser on WebKitGTK that WebDriver drives and that keeps its storage in a folder.

Under automation MiniBrowser keeps everything in memory: nothing is left after it was killed.

Usage: webkitHost.py FOLDER
"""

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

profile = Path(sys.argv[1])
manager = WebKit2.WebsiteDataManager(
    base_data_directory=str(profile / "data"),
    base_cache_directory=str(profile / "cache"),
)
context = WebKit2.WebContext(website_data_manager=manager)
context.set_automation_allowed(True)

# There is no graphics card behind Xvfb.
settings = WebKit2.Settings(hardware_acceleration_policy=WebKit2.HardwareAccelerationPolicy.NEVER)


def open_window(_session):
    window = Gtk.Window(default_width=360, default_height=740)
    view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)
    view.connect("close", lambda _view: window.destroy())
    window.add(view)
    window.show_all()
    return view


context.connect("automation-started", lambda _context, session: session.connect("create-web-view", open_window))
Gtk.main()
