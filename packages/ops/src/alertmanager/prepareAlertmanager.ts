import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseDocument, stringify } from 'yaml';

/** `[0, 25]` of 0.25.0. */
export type Version = readonly [major: number, minor: number];

/** Asks an Alertmanager program for its version. Throws an error with what it printed when that is no version. */
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

function isOlder(version: Version, than: Version): boolean {
  return version[0] < than[0] || (version[0] === than[0] && version[1] < than[1]);
}

/** Where alertmanager.yml says that its secrets are. */
const SECRETS = '/etc/alertmanager/secrets';

/** The oldest that knows the zone of mute times and takes PagerDuty's key from a file. */
const OLDEST: Version = [0, 25];

/** Files that an older Alertmanager does not read, or reads wrong, so that what is in them has to stand in its configuration. */
const NEWER_FIELDS: readonly { readonly list: string; readonly field: string; readonly since: Version }[] = [
  // It took the end of the line for a part of the password: https://github.com/prometheus/alertmanager/issues/3549
  { list: 'global', field: 'smtp_auth_password_file', since: [0, 27] },
  { list: 'telegram_configs', field: 'bot_token_file', since: [0, 26] },
  { list: 'webhook_configs', field: 'url_file', since: [0, 26] },
];

/** What a configuration of Alertmanager is made from. */
export interface Preparation {
  /** Path of alertmanager.yml; its templates are read beside it. */
  readonly source: string;
  /** Folder of the secrets, a file each. */
  readonly secrets: string;
  /** Of the Alertmanager that is to read the result. */
  readonly version: Version;
  /** What to do about a secret that is not there: throw, or go without what needs it. */
  readonly missing: 'refuse' | 'leave out';
}

/** A configuration for one machine. */
export interface Prepared {
  /** YAML. Holds secrets where `version` cannot read them from files: write it for its reader's eyes alone. */
  readonly text: string;
  /** The integrations that are left out, and why: `telegram_configs of critical-alerts: no …/telegram_bot_token`. */
  readonly leftOut: readonly string[];
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (isFields(value)) return value;
  throw new Error(`${what} must be a map`);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new Error(`${what} must be a list`);
}

function readSource(source: string): Fields {
  const document = parseDocument(readFileSync(source, 'utf8'), { merge: true });
  if (document.errors[0]) throw new Error(`${source}: ${document.errors[0].message}`);
  return fieldsOf(document.toJS(), source);
}

function readSecret(path: string): string {
  const secret = readFileSync(path, 'utf8').trim();
  if (secret === '') throw new Error(`${path} must hold a secret, and is empty`);
  return secret;
}

/** One map with its secrets in place; the paths that are not there, if any. */
function placeSecrets(
  fields: Fields,
  list: string,
  { secrets, version }: Preparation,
): { readonly placed: Fields; readonly absent: readonly string[] } {
  const absent: string[] = [];
  const placed = Object.entries(fields).map(([field, value]): [string, unknown] => {
    if (typeof value !== 'string' || dirname(value) !== SECRETS) return [field, value];
    const path = resolve(secrets, basename(value));
    if (!existsSync(path)) absent.push(path);
    const newer = NEWER_FIELDS.find((one) => one.list === list && one.field === field);
    if (!newer || !isOlder(version, newer.since) || absent.length > 0) return [field, path];
    return [field.replace(/_file$/, ''), readSecret(path)];
  });
  return { placed: Object.fromEntries(placed), absent };
}

/**
 * Makes Alertmanager's configuration for one machine: its secrets are those of `secrets`, and its fields those that `version`
 * reads. Throws an error that names each missing secret, unless they may be left out.
 */
export function prepareAlertmanager(preparation: Preparation): Prepared {
  const { source, version, missing } = preparation;
  if (isOlder(version, OLDEST))
    throw new Error(`Alertmanager must be ${OLDEST.join('.')} or newer, and is ${version.join('.')}`);
  const config = readSource(source);
  const leftOut: string[] = [];

  const { placed: global, absent: globalAbsent } = placeSecrets(
    fieldsOf(config['global'], 'global'),
    'global',
    preparation,
  );
  // The one global secret is the mail's.
  if (globalAbsent.length > 0) delete global['smtp_auth_password_file'];

  const receivers = listOf(config['receivers'], 'receivers').map((given) => {
    const receiver = fieldsOf(given, 'a receiver');
    const name = String(receiver['name']);
    const integrations = Object.entries(receiver).flatMap(([list, value]): [string, unknown][] => {
      if (!list.endsWith('_configs')) return [[list, value]];
      const placed = listOf(value, `${list} of ${name}`).flatMap((one) => {
        const integration = placeSecrets(fieldsOf(one, `each of ${list} of ${name}`), list, preparation);
        const absent = [...integration.absent, ...(list === 'email_configs' ? globalAbsent : [])];
        if (absent.length === 0) return [integration.placed];
        leftOut.push(`${list} of ${name}: no ${absent.join(', no ')}`);
        return [];
      });
      return placed.length > 0 ? [[list, placed]] : [];
    });
    return Object.fromEntries(integrations);
  });
  if (missing === 'refuse' && leftOut.length > 0)
    throw new Error(`secrets are missing:\n${leftOut.map((line) => `  ${line}`).join('\n')}`);

  const templates = listOf(config['templates'], 'templates').map((path) =>
    join(resolve(dirname(source)), String(path)),
  );
  return {
    text: `# Written from ${basename(source)}; a change here is lost.\n${stringify({ ...config, global, templates, receivers }, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    leftOut,
  };
}
