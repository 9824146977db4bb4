import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file that is tested. */
export const configuration = fileURLToPath(new URL('../../alertmanager/alertmanager.yml', import.meta.url));

/** The secrets of the tests, by file. */
export const secrets = {
  smtp_auth_password: 'a-password-of-the-tests',
  slack_critical_url: 'http://127.0.0.1:1/services/critical',
  slack_security_url: 'http://127.0.0.1:1/services/security',
  telegram_bot_token: '7000000001:a-bot-token-of-the-tests-35-letters',
  pagerduty_routing_key: '0123456789abcdef0123456789abcdef',
  dead_mans_switch_url: 'http://127.0.0.1:1/ping/0123',
};

/** Writes the secrets that alertmanager.yml names into a folder, some with other values. */
export function writeSecrets(folder: string, others: Partial<typeof secrets> = {}): typeof secrets {
  const all = { ...secrets, ...others };
  // As an editor leaves a file, with a line's end.
  for (const [name, value] of Object.entries(all)) writeFileSync(join(folder, name), `${value}\n`);
  return all;
}
