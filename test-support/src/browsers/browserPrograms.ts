import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findOnPath } from '../../../scripts/debianPackage';

/** A program that a browser lane needs. */
export interface BrowserProgram {
  /** What to call it in a message. */
  readonly name: string;
  /** The Debian packages that bring it. */
  readonly debianPackages: readonly string[];
  /** Returns its path: what the environment variable names, else what is installed. */
  find(): string | undefined;
}

/** Whether Python's bindings of GTK 3 and WebKitGTK are installed for this interpreter. */
function hasWebKitBindings(python: string): boolean {
  const check = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')";
  return spawnSync(python, ['-c', check]).status === 0;
}

function find(variable: string, candidates: readonly (string | undefined)[]): string | undefined {
  return [process.env[variable], ...candidates].find((path) => path && existsSync(path));
}

/** By the environment variable that overrides where each is looked for. */
export const browserPrograms = {
  FIREFOX_PATH: {
    name: 'Firefox',
    debianPackages: ['firefox-esr'],
    find: () =>
      find('FIREFOX_PATH', [
        findOnPath(['firefox-esr', 'firefox']),
        '/Applications/Firefox.app/Contents/MacOS/firefox',
      ]),
  },
  WEBKIT_DRIVER_PATH: {
    name: 'WebKitWebDriver',
    debianPackages: ['webkit2gtk-driver'],
    find: () => find('WEBKIT_DRIVER_PATH', [findOnPath(['WebKitWebDriver'])]),
  },
  WEBKIT_PYTHON_PATH: {
    name: 'Python with WebKitGTK 4.1',
    debianPackages: ['python3-gi', 'gir1.2-webkit2-4.1'],
    find() {
      // Debian's bindings belong to Debian's Python, which need not be the first on PATH.
      const path = find('WEBKIT_PYTHON_PATH', ['/usr/bin/python3', findOnPath(['python3'])]);
      return path && hasWebKitBindings(path) ? path : undefined;
    },
  },
  XVFB_PATH: {
    name: 'Xvfb',
    debianPackages: ['xvfb'],
    find: () => find('XVFB_PATH', [findOnPath(['Xvfb'])]),
  },
} as const satisfies Record<string, BrowserProgram>;
