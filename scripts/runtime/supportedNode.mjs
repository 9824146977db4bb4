// @ts-check
// Which Node versions the project supports, and how a machine without one gets Node from npm. Runs on Node 18.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

export const SUPPORTED = '22.15 or newer of the lines 22, 24 and 26';

/**
 * Returns whether the project supports a version of Node: 22.15+, 24, 26 and newer. Odd lines never become LTS.
 * @param {string} version such as `22.15.0`
 */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 22) return minor >= 15;
  return major === 24 || major >= 26;
}

/**
 * Returns the npm package that contains Node for a machine, or undefined where this folder's package.json lists none.
 * @param {string} platform as `process.platform`
 * @param {string} arch as `process.arch`
 */
export function nodePackage(platform, arch) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const machine = `${platform === 'win32' ? 'win' : platform}-${arch}`;
  return Object.keys(optionalDependencies).find((name) => name.endsWith(`-${machine}`));
}

/**
 * Returns the path of the Node binary that npm brought, or undefined where it is not installed.
 * @param {string} platform
 * @param {string} arch
 */
export function broughtNode(platform, arch) {
  const name = nodePackage(platform, arch);
  const path = name && join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return path && existsSync(path) ? path : undefined;
}
