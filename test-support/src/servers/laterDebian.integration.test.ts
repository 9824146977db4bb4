import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackLaterDebian } from './laterDebian';

const withoutTools =
  ['apt-get', 'dpkg-deb', 'gpg'].some((name) => spawnSync(name, ['--version']).status !== 0) &&
  !process.env['CI'];

/** A mirror with real packages, which apt checks as it checks Debian's. */
interface Mirror {
  readonly url: string;
  readonly keyring: string;
  /** Adds a suite with one package, `tool`, whose program prints its version. Answers the path of the package. */
  addSuite(suite: string, version: string, signed?: boolean): string;
}

const folders: string[] = [];

function createMirror(): Mirror {
  const folder = mkdtempSync(join(tmpdir(), 'artel-mirror-'));
  // apt reads it as a user of its own.
  chmodSync(folder, 0o755);
  const home = join(folder, 'keys');
  mkdirSync(home, { mode: 0o700 });
  folders.push(folder);
  const gpg = (args: readonly string[], input = ''): Buffer =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args], { input });
  gpg(['--quick-generate-key', 'tests@example.com', 'ed25519', 'sign', 'never']);
  const keyring = join(folder, 'keyring.gpg');
  writeFileSync(keyring, gpg(['--export']));
  const arch = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
  const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

  return {
    url: `file:${folder}`,
    keyring,
    addSuite(suite, version, signed = true) {
      const tree = join(folder, `tree-${suite}`);
      mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
      mkdirSync(join(tree, 'usr/bin'), { recursive: true });
      const control = `Package: tool\nVersion: ${version}\nArchitecture: all\nMaintainer: Tests <tests@example.com>\nDescription: prints its version\n`;
      writeFileSync(join(tree, 'DEBIAN/control'), control);
      writeFileSync(join(tree, 'usr/bin/tool'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
      const name = `tool_${suite}.deb`;
      const file = join(folder, name);
      execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, file]);
      const content = readFileSync(file);
      const index = Buffer.from(
        `${control}Filename: ${name}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n\n`,
      );
      const lists = join(folder, 'dists', suite, `main/binary-${arch}`);
      mkdirSync(lists, { recursive: true });
      writeFileSync(join(lists, 'Packages'), index);
      const release = `Suite: ${suite}\nCodename: ${suite}\nDate: ${new Date().toUTCString()}\nArchitectures: ${arch}\nComponents: main\nSHA256:\n ${sha256(index)} ${index.length} main/binary-${arch}/Packages\n`;
      if (signed) writeFileSync(join(folder, 'dists', suite, 'InRelease'), gpg(['--clearsign'], release));
      else writeFileSync(join(folder, 'dists', suite, 'Release'), release);
      return file;
    },
  };
}

afterAll(() => {
  for (const folder of folders) {
    spawnSync('gpgconf', ['--homedir', join(folder, 'keys'), '--kill', 'all']);
    rmSync(folder, { recursive: true, force: true });
  }
});

describe.skipIf(withoutTools)('unpackLaterDebian', () => {
  let mirror: Mirror;
  beforeAll(() => {
    mirror = createMirror();
  });

  const tool = (suites: readonly string[], oldest = '1', keyring = mirror.keyring) => {
    const folder = mkdtempSync(join(tmpdir(), 'artel-later-'));
    folders.push(folder);
    const said: string[] = [];
    const unpackAgain = () =>
      unpackLaterDebian({
        packages: { tool: oldest },
        programs: { tool: 'usr/bin/tool' },
        suites,
        mirrors: [mirror.url],
        keyring,
        folder,
        say: (line) => said.push(line),
      });
    return { unpacked: unpackAgain(), unpackAgain, said };
  };

  it('unpacks programs of a suite that a known key has signed, once', () => {
    mirror.addSuite('later', '3.5-1');
    const { unpacked, unpackAgain, said } = tool(['later']);
    expect(unpacked).toMatchObject({ suite: 'later', versions: { tool: '3.5-1' } });
    if ('missing' in unpacked) throw new Error(unpacked.missing);
    expect(execFileSync(unpacked.programs.tool, { encoding: 'utf8' })).toBe('3.5-1\n');
    expect(unpackAgain()).toEqual(unpacked);
    expect(said).toEqual(['Unpacking tool of a later Debian …']);
  });

  it('takes the next suite where one has too old a version', () => {
    mirror.addSuite('older', '2.53-1');
    mirror.addSuite('newer', '3.5-1');
    expect(tool(['older', 'newer'], '3').unpacked).toMatchObject({ suite: 'newer' });
    expect(tool(['older'], '3').unpacked).toEqual({ missing: 'older: tool is 2.53-1, older than 3' });
  });

  it('refuses a suite that no known key has signed, and one that nobody has', () => {
    mirror.addSuite('foreign', '3.5-1');
    const { keyring } = createMirror();
    expect(tool(['foreign'], '3', keyring).unpacked).toMatchObject({
      missing: expect.stringMatching(/^foreign: apt-get: E: .*is not signed/),
    });
    mirror.addSuite('unsigned', '3.5-1', false);
    expect(tool(['unsigned'], '3').unpacked).toMatchObject({
      missing: expect.stringMatching(/^unsigned: apt-get: E: .*is not signed/),
    });
  });

  it('refuses a package that was changed after it had been signed', () => {
    appendFileSync(mirror.addSuite('changed', '3.5-1'), 'x');
    expect(tool(['changed']).unpacked).toMatchObject({
      missing: expect.stringMatching(/^changed: apt-get: E: /),
    });
  });

  it('says what is missing where no source of apt is a mirror of Debian', () => {
    const folder = mkdtempSync(join(tmpdir(), 'artel-later-'));
    folders.push(folder);
    const wanted = { packages: { tool: '1' }, programs: { tool: 'usr/bin/tool' }, folder };
    expect(unpackLaterDebian({ ...wanted, mirrors: [] })).toEqual({
      missing: 'no mirror of Debian among the sources of apt',
    });
  });
});
