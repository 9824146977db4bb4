// `npm run secrets [-- HOST]`: makes the secrets of observability/compose.yaml that are not there yet.
import { fileURLToPath } from 'node:url';
import { makeSecrets } from '../packages/ops/src/secrets/makeSecrets';

const folder = fileURLToPath(new URL('../observability/secrets', import.meta.url));

try {
  const [host, ...more] = process.argv.slice(2);
  if (more.length > 0 || host?.startsWith('-')) throw new Error('expected npm run secrets [-- HOST]');
  const made = await makeSecrets(folder, host);
  console.log(made.length === 0 ? 'All secrets are there.' : `Made in ${folder}: ${made.join(', ')}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
