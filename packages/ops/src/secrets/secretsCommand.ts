import { defineCommand } from '../command';
import { makeSecrets } from './makeSecrets';

export const secretsCommand = defineCommand({
  name: 'secrets',
  summary: 'makes the secrets of compose.yaml that are missing',
  help: `artel-ops secrets [HOST] [options]

Makes the passwords, keys and Grafana's certificate that compose.yaml needs and that are not there
yet. HOST is a name by which Grafana is reached, besides localhost.

  --folder FOLDER       observability/secrets
`,
  options: { folder: { type: 'string', default: 'observability/secrets' } },
  operand: { name: 'HOST', required: false },
  async run({ values: { folder }, operand: host }, { print }) {
    const made = await makeSecrets(folder, host);
    print(made.length === 0 ? 'All secrets are there.\n' : `Made in ${folder}: ${made.join(', ')}\n`);
    return 0;
  },
});
