import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One suite of Debian, beside what the machine is set up for. */
export interface SuitePlace {
  /** Such as `forky`. */
  readonly suite: string;
  readonly mirror: string;
  /** One of its keys must have signed the suite; without it, one of those that apt trusts. */
  readonly keyring: string | undefined;
  /** Takes apt's configuration, lists and packages. */
  readonly folder: string;
}

export interface AptSuite {
  /** The newest version of each package, by name. */
  versions(names: readonly string[]): Readonly<Record<string, string>>;
  /** Downloads packages into a folder, each checked against what the suite's signature covers. */
  download(names: readonly string[], folder: string): void;
}

/** Runs a program; throws an error of one line with what it complained of. */
export function runTool(command: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...(cwd ? { cwd } : {}),
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 256 * 2 ** 20,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return stdout;
  if (error && 'code' in error && error.code === 'ENOENT') throw new Error(`no ${command} on this machine`);
  const lines = (stderr ?? '').trim().split('\n');
  const complaint = lines.find((line) => line.startsWith('E: ')) ?? lines.at(-1);
  throw new Error(`${command}: ${error?.message ?? complaint ?? `ended with ${status}`}`);
}

/** Names by which the sources of a Debian machine call its suite. */
function ownSuites(): readonly string[] {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const codename = /^VERSION_CODENAME="?([\w-]+)/m.exec(release)?.[1];
  return [codename ?? [], 'oldstable', 'stable', 'testing', 'unstable', 'sid'].flat();
}

/** The mirrors of Debian that this machine's apt uses, whatever form its sources have. */
export function machineMirrors(): readonly string[] {
  const own = ownSuites();
  const files = runTool('apt-get', ['update', '--print-uris']);
  const mirrors = [...files.matchAll(/^'(\S+?)\/dists\/([\w-]+)\/InRelease'/gm)].flatMap(
    ([, mirror = '', suite = '']) => (own.includes(suite) && !mirror.startsWith('cdrom:') ? [mirror] : []),
  );
  return [...new Set(mirrors)];
}

/**
 * The machine's own settings hold, its proxies and passwords among them, but for these. What is not signed is never taken,
 * whatever the machine allows; nothing of the machine's own apt is read or written but its settings and keys.
 */
function configuration(folder: string): string {
  return `Dir::State "${folder}/state";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "${folder}/later.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Acquire::Languages "none";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
APT::Get::AllowUnauthenticated "false";
// Otherwise a mirror that cannot be reached is a warning.
APT::Update::Error-Mode "any";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;
}

/** Fetches the lists of a suite. Throws an error of one line where it cannot be reached, or no key of the keyring has signed it. */
export function openSuite({ suite, mirror, keyring, folder }: SuitePlace): AptSuite {
  for (const name of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, name), { recursive: true });
  const config = join(folder, 'apt.conf');
  writeFileSync(config, configuration(folder));
  // Nothing is installed here.
  writeFileSync(join(folder, 'status'), '');
  const source = [
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${suite}`,
    'Components: main',
    'Targets: Packages',
    ...(keyring ? [`Signed-By: ${keyring}`] : []),
  ];
  writeFileSync(join(folder, 'later.sources'), `${source.join('\n')}\n`);
  runTool('apt-get', ['-c', config, 'update']);
  return {
    versions(names) {
      const stanzas = runTool('apt-cache', ['-c', config, '--no-all-versions', 'show', ...names]);
      const pairs = stanzas.split('\n\n').flatMap((stanza) => {
        const [name, version] = ['Package', 'Version'].map(
          (field) => new RegExp(`^${field}: (.+)$`, 'm').exec(stanza)?.[1],
        );
        return name && version ? [[name, version] as const] : [];
      });
      return Object.fromEntries(pairs);
    },
    download(names, into) {
      mkdirSync(into, { recursive: true });
      runTool('apt-get', ['-c', config, 'download', ...names], into);
    },
  };
}
