import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defineCommand, UsageError } from '../command';
import { alertmanagerVersion, prepareAlertmanager } from './prepareAlertmanager';

export const alertmanagerCommand = defineCommand({
  name: 'alertmanager',
  summary: "writes Alertmanager's configuration for its version and its secrets",
  help: `artel-ops alertmanager --secrets FOLDER --out FILE [options]

Writes Alertmanager's configuration for a machine, from alertmanager.yml and a folder of secrets.

  --secrets FOLDER      the secrets, a file each
  --out FILE            the configuration to write; only its owner may read it
  --program PATH        the Alertmanager that is to read it; prometheus-alertmanager
  --source FILE         observability/alertmanager/alertmanager.yml
  --without-missing     leaves out what lacks its secret, and names it; else that is an error
`,
  options: {
    secrets: { type: 'string' },
    out: { type: 'string' },
    program: { type: 'string', default: 'prometheus-alertmanager' },
    source: { type: 'string', default: 'observability/alertmanager/alertmanager.yml' },
    'without-missing': { type: 'boolean', default: false },
  },
  run({ values }, { print, complain }) {
    const { secrets, program, source } = values;
    if (secrets === undefined) throw new UsageError('--secrets: expected a folder, got nothing');
    if (values.out === undefined) throw new UsageError('--out: expected a file, got nothing');
    const out = resolve(values.out);
    if (out === resolve(source))
      throw new UsageError(`--out: expected another file than --source, got ${out}`);
    const version = alertmanagerVersion(program);
    const missing = values['without-missing'] ? 'leave out' : 'refuse';
    const { text, leftOut } = prepareAlertmanager({ source, secrets, version, missing });
    writeFileSync(out, text, { mode: 0o600 });
    // The mode above applies to a new file only.
    chmodSync(out, 0o600);
    for (const line of leftOut) complain(`left out: ${line}\n`);
    print(
      `wrote ${out} for Alertmanager ${version.join('.')}, beside templates of ${dirname(resolve(source))}\n`,
    );
    return 0;
  },
});
