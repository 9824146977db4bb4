import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineMirrors, openSuite, runTool } from './aptSuite.ts';

/** Where packages come from and go to. */
interface LaterPlace {
  /** Suites, in the order in which they are tried. */
  readonly suites: readonly string[];
  readonly mirrors: readonly string[];
  readonly keyring: string | undefined;
  readonly folder: string;
}

export interface LaterPrograms<Name extends string> extends Partial<LaterPlace> {
  /** The packages to unpack, each with the oldest version that will do: `{ prometheus: '3' }`. Nothing that they depend on is. */
  readonly packages: Readonly<Record<string, string>>;
  /** Where each program stands in them: `{ prometheus: 'usr/bin/prometheus' }`. */
  readonly programs: Readonly<Record<Name, string>>;
  /** Told in one line what takes its time. */
  readonly say?: (line: string) => void;
}

export interface UnpackedPrograms<Name extends string> {
  readonly suite: string;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
  /** Their paths, by name. */
  readonly programs: Readonly<Record<Name, string>>;
}

/** What the note in a finished folder says. */
type Contents = Pick<UnpackedPrograms<string>, 'suite' | 'versions'>;

const NOTE = 'unpacked.json';

/** Testing, where a package has passed its time in unstable; unstable where testing has none that will do. */
const SUITES = ['forky', 'sid'];

/** The keys of Debian 12 know the suites up to the next but one. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/artel/debian', import.meta.url));

/** Throws an error that names what a program needs and this Debian has not. */
function requireLibraries(program: string): void {
  const { stdout, stderr } = spawnSync('ldd', [program], { encoding: 'utf8' });
  const lacking = `${stdout}${stderr}`.split('\n').find((line) => line.includes('not found'));
  if (lacking) throw new Error(`${program} does not run on this Debian: ${lacking.trim()}`);
}

/** Unpacks the packages of the first suite that has them all into `root`. Throws what is wrong with each suite. */
function unpack(
  wanted: Pick<LaterPrograms<string>, 'packages' | 'programs'>,
  place: LaterPlace,
  work: string,
  root: string,
): Contents {
  const names = Object.keys(wanted.packages);
  if (place.mirrors.length === 0) throw new Error('no mirror of Debian among the sources of apt');
  const attempts = place.suites.flatMap((suite) => place.mirrors.map((mirror) => ({ suite, mirror })));
  const refusals: string[] = [];
  for (const [index, { suite, mirror }] of attempts.entries()) {
    try {
      const folder = join(work, String(index));
      const apt = openSuite({ suite, mirror, keyring: place.keyring, folder });
      const versions = apt.versions(names);
      for (const [name, oldest] of Object.entries(wanted.packages)) {
        const found = versions[name];
        if (found === undefined) throw new Error(`no ${name}`);
        const newer = spawnSync('dpkg', ['--compare-versions', found, 'ge', oldest]).status === 0;
        if (!newer) throw new Error(`${name} is ${found}, older than ${oldest}`);
      }
      const packages = join(folder, 'packages');
      apt.download(names, packages);
      rmSync(root, { recursive: true, force: true });
      for (const file of readdirSync(packages).filter((name) => name.endsWith('.deb')))
        runTool('dpkg-deb', ['-x', join(packages, file), root]);
      for (const program of Object.values(wanted.programs)) {
        if (!existsSync(join(root, program))) throw new Error(`no ${program} in ${names.join(', ')}`);
        requireLibraries(join(root, program));
      }
      return { suite, versions };
    } catch (error) {
      refusals.push(`${suite}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(refusals.join('; '));
}

/**
 * Programs of a later Debian beside the machine's own: packages are downloaded by an apt with a configuration of its own
 * from the mirror that the machine uses, checked by Debian's signature as ever, and unpacked, not installed. Needs no root.
 * The second time they are there. Where they cannot be had, answers why, in one line.
 */
export function unpackLaterDebian<Name extends string>({
  packages,
  programs,
  say,
  suites = SUITES,
  keyring = existsSync(KEYRING) ? KEYRING : undefined,
  folder = CACHE,
  mirrors,
}: LaterPrograms<Name>): UnpackedPrograms<Name> | { readonly missing: string } {
  const key = createHash('sha256')
    .update(JSON.stringify([packages, programs, suites]))
    .digest('hex');
  const home = join(folder, `${Object.keys(packages).join('+')}-${key.slice(0, 8)}`);
  const note = join(home, NOTE);
  if (!existsSync(note)) {
    mkdirSync(folder, { recursive: true });
    const work = mkdtempSync(join(folder, 'unpacking-'));
    try {
      say?.(`Unpacking ${Object.keys(packages).join(', ')} of a later Debian …`);
      const root = join(work, 'root');
      const from = mirrors ?? machineMirrors();
      const contents = unpack({ packages, programs }, { suites, mirrors: from, keyring, folder }, work, root);
      writeFileSync(join(root, NOTE), JSON.stringify(contents));
      renameSync(root, home);
    } catch (error) {
      // Another process may have been quicker; what it has unpacked is as good.
      if (!existsSync(note)) return { missing: error instanceof Error ? error.message : String(error) };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  const contents: Contents = JSON.parse(readFileSync(note, 'utf8'));
  const paths = Object.entries<string>(programs).map(([name, path]) => [name, join(home, path)]);
  return { ...contents, programs: Object.fromEntries(paths) as Record<Name, string> };
}
