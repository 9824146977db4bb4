import { spawnSync } from 'node:child_process';

/** `[0, 25]` of 0.25.0. */
export type Version = readonly [major: number, minor: number];

/** Asks an Alertmanager program for its version. Throws an error with what it said when that is none. */
export function alertmanagerVersion(program: string): Version {
  const { stdout, stderr, error } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (error) throw new Error(`${program} does not run: ${error.message}`);
  const said = `${stdout}${stderr}`;
  const [, major, minor] = /^alertmanager, version (\d+)\.(\d+)\./m.exec(said) ?? [];
  if (major === undefined || minor === undefined)
    throw new Error(
      `${program} --version must name Alertmanager's version, and says "${said.slice(0, 200)}"`,
    );
  return [Number(major), Number(minor)];
}

export function isOlder(version: Version, than: Version): boolean {
  return version[0] < than[0] || (version[0] === than[0] && version[1] < than[1]);
}
