import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { alertmanagerVersion } from './alertmanagerVersion';
import { prepareAlertmanager } from './prepareAlertmanager';

const help = `Writes Alertmanager's configuration for a machine, from alertmanager.yml and a folder of secrets.

  --secrets <folder>     the secrets, a file each
  --out <file>           what to write; only its owner may read it
  --program <path>       the Alertmanager that is to read it; prometheus-alertmanager
  --source <file>        alertmanager/alertmanager.yml
  --without-missing      goes without what has no secret, and says what; else a missing secret is an error
`;

const options = {
  secrets: { type: 'string' },
  out: { type: 'string' },
  program: { type: 'string', default: 'prometheus-alertmanager' },
  source: {
    type: 'string',
    default: fileURLToPath(
      new URL('../../../../observability/alertmanager/alertmanager.yml', import.meta.url),
    ),
  },
  'without-missing': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export interface Terminal {
  print(text: string): void;
  complain(text: string): void;
}

function prepare(args: readonly string[], { print, complain }: Terminal): void {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(help);
    return;
  }
  if (values.secrets === undefined) throw new Error('--secrets: expected a folder, got nothing');
  if (values.out === undefined) throw new Error('--out: expected a file, got nothing');
  const out = resolve(values.out);
  if (out === resolve(values.source)) throw new Error(`--out: ${out} is what is read`);
  const version = alertmanagerVersion(values.program);
  const { text, leftOut } = prepareAlertmanager({
    source: values.source,
    secrets: values.secrets,
    version,
    missing: values['without-missing'] ? 'leave out' : 'refuse',
  });
  writeFileSync(out, text, { mode: 0o600 });
  // The mode above is for a new file.
  chmodSync(out, 0o600);
  for (const line of leftOut) complain(`left out: ${line}\n`);
  print(
    `wrote ${out} for Alertmanager ${version.join('.')}, beside templates of ${dirname(resolve(values.source))}\n`,
  );
}

/** Runs the command line; answers the exit code. What is wrong is said in one line, and nothing is written then. */
export function runPrepare(args: readonly string[], terminal: Terminal): number {
  try {
    prepare(args, terminal);
    return 0;
  } catch (error) {
    terminal.complain(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
