import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Returns the path of the first of `names` that is on PATH. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

const POSTGRES = '/usr/lib/postgresql';

/** Debian keeps PostgreSQL's programs off PATH, in a folder for each version: the newest. */
function postgresFolder(): string | undefined {
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(POSTGRES, version, 'bin'));
  const initdb = findOnPath(['initdb']);
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? (initdb && dirname(initdb));
}

// Debian's command on PATH changes the user first; this is what it calls.
const RABBITMQ = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A kubectl whose kustomize is of version 5 or newer, by what `kubectl version` prints. */
function currentKubectl(): string | undefined {
  const path = findOnPath(['kubectl']);
  if (!path) return undefined;
  const { stdout } = spawnSync(path, ['version', '--client', '--output', 'json'], { encoding: 'utf8' });
  return /"kustomizeVersion": *"v(?:[5-9]|\d\d)/.test(stdout ?? '') ? path : undefined;
}

/** A GJS, GNOME's JavaScript, with the bindings of GTK 3 and WebKitGTK. */
function gjsWithWebKit(): string | undefined {
  const path = findOnPath(['gjs']);
  if (!path) return undefined;
  const check = "imports.gi.versions.Gtk = '3.0'; imports.gi.versions.WebKit2 = '4.1'; imports.gi.WebKit2";
  return spawnSync(path, ['-c', check]).status === 0 ? path : undefined;
}

interface Place {
  /** The environment variable that overrides what is found. */
  readonly variable: string;
  /** More than one, separated by spaces, where the program needs bindings of its own. */
  readonly debianPackage: string;
  find(): string | undefined;
}

const onPath = (debianPackage: string, variable: string, ...names: readonly string[]): Place => ({
  variable,
  debianPackage,
  find: () => findOnPath(names),
});

/** Where each program of others is looked for: under Debian's name, and under that of its own release. */
const places = {
  prometheus: onPath('prometheus', 'PROMETHEUS_PATH', 'prometheus'),
  promtool: onPath('prometheus', 'PROMTOOL_PATH', 'promtool'),
  alertmanager: onPath(
    'prometheus-alertmanager',
    'ALERTMANAGER_PATH',
    'prometheus-alertmanager',
    'alertmanager',
  ),
  nodeExporter: onPath(
    'prometheus-node-exporter',
    'NODE_EXPORTER_PATH',
    'prometheus-node-exporter',
    'node_exporter',
  ),
  postgresExporter: onPath(
    'prometheus-postgres-exporter',
    'POSTGRES_EXPORTER_PATH',
    'prometheus-postgres-exporter',
    'postgres_exporter',
  ),
  redisExporter: onPath(
    'prometheus-redis-exporter',
    'REDIS_EXPORTER_PATH',
    'prometheus-redis-exporter',
    'redis_exporter',
  ),
  blackboxExporter: onPath(
    'prometheus-blackbox-exporter',
    'BLACKBOX_EXPORTER_PATH',
    'prometheus-blackbox-exporter',
    'blackbox_exporter',
  ),
  /** The folder of `initdb` and `postgres`. */
  postgres: { variable: 'POSTGRES_PATH', debianPackage: 'postgresql', find: postgresFolder },
  redis: onPath('redis-server', 'REDIS_SERVER_PATH', 'redis-server'),
  /** One that runs as whoever starts it. */
  rabbitMq: {
    variable: 'RABBITMQ_SERVER_PATH',
    debianPackage: 'rabbitmq-server',
    find: () => (existsSync(RABBITMQ) ? RABBITMQ : undefined),
  },
  nginx: onPath('nginx', 'NGINX_PATH', 'nginx'),
  amtool: onPath('prometheus-alertmanager', 'AMTOOL_PATH', 'amtool'),
  buildah: onPath('buildah', 'BUILDAH_PATH', 'buildah'),
  gpg: onPath('gnupg', 'GPG_PATH', 'gpg'),
  firefox: onPath('firefox-esr', 'FIREFOX_PATH', 'firefox-esr', 'firefox'),
  webKitDriver: onPath('webkit2gtk-driver', 'WEBKIT_DRIVER_PATH', 'WebKitWebDriver'),
  gjs: {
    variable: 'GJS_PATH',
    debianPackage: 'gjs gir1.2-gtk-3.0 gir1.2-webkit2-4.1',
    find: gjsWithWebKit,
  },
  xvfb: onPath('xvfb', 'XVFB_PATH', 'Xvfb'),
  /** 1.27 or newer, which Debian has from 13 on. */
  kubectl: { variable: 'KUBECTL_PATH', debianPackage: 'kubernetes-client', find: currentKubectl },
} as const satisfies Readonly<Record<string, Place>>;

/** A program of others that tests or the stack run. */
export type Program = keyof typeof places;

/** All of them, each with the environment variable that overrides where it is found. */
export const programs: readonly (readonly [Program, string])[] = (Object.keys(places) as Program[]).map(
  (program) => [program, places[program].variable],
);

/** Returns the Debian package that contains a program. */
export const debianPackageOf = (program: Program): string => places[program].debianPackage;

/** Returns the path of a program: what its environment variable names, else what is installed. Throws where the variable names nothing. */
export function findProgram(
  program: Program,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const { variable, find } = places[program];
  const named = env[variable];
  if (named && !existsSync(named)) throw new Error(`${variable}: there is no ${named}`);
  return named || find();
}

/** Returns the path of a program. Throws an error that names the variable where there is none. */
export function pathOf(program: Program): string {
  const path = findProgram(program);
  if (path === undefined) throw new Error(`no ${program} found; ${places[program].variable} may name it`);
  return path;
}

/** Whether one of the programs is missing, and its tests are to be skipped. In CI nothing is skipped, and they fail. */
export function isMissing(...programs: readonly Program[]): boolean {
  return !process.env['CI'] && programs.some((program) => findProgram(program) === undefined);
}
