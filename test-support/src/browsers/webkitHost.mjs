// @ts-nocheck GJS resolves these imports, and its types are not installed.
// A browser on WebKitGTK that WebDriver drives and that keeps its storage in a folder: gjs -m webkitHost.mjs FOLDER
// Under automation MiniBrowser keeps everything in memory: nothing would be left after it was killed.

import Gtk from 'gi://Gtk?version=3.0';
import WebKit2 from 'gi://WebKit2?version=4.1';
import system from 'system';

const [folder] = system.programArgs;

Gtk.init(null);
const manager = new WebKit2.WebsiteDataManager({
  base_data_directory: `${folder}/data`,
  base_cache_directory: `${folder}/cache`,
});
const context = new WebKit2.WebContext({ website_data_manager: manager });
context.set_automation_allowed(true);

// There is no graphics card behind Xvfb.
const settings = new WebKit2.Settings({
  hardware_acceleration_policy: WebKit2.HardwareAccelerationPolicy.NEVER,
});

function openWindow() {
  const window = new Gtk.Window({ default_width: 360, default_height: 740 });
  const view = new WebKit2.WebView({ web_context: context, settings, is_controlled_by_automation: true });
  view.connect('close', () => window.destroy());
  window.add(view);
  window.show_all();
  return view;
}

context.connect('automation-started', (_context, session) => session.connect('create-web-view', openWindow));
Gtk.main();
