import { mkdirSync } from 'node:fs';
import { alertmanagerVersion, prepareAlertmanager } from '@artel/telemetry-ops';
import { type Accounts, OUTSIDE_PATHS, type Outside } from '@artel/test-support/fakes/alerting/startOutside';
import { parseDocument } from 'yaml';
import { configuration, secrets, writeSecrets } from './alertmanager.fixture';

/** What the fakes know us by: what alertmanager.yml and the secrets of the tests say. */
export const accounts: Accounts = {
  mailUser: 'alerts@artelbilliards.com',
  mailPassword: secrets.smtp_auth_password,
  botToken: secrets.telegram_bot_token,
  chat: '-1001000000001',
  routingKey: secrets.pagerduty_routing_key,
};

/** Our alertmanager.yml for a program, as it is but for four addresses: those of the fakes stand in place of the real ones. */
export function outsideConfiguration(program: string, outside: Outside, secretsFolder: string): string {
  mkdirSync(secretsFolder, { recursive: true });
  writeSecrets(secretsFolder, {
    slack_critical_url: `${outside.url}${OUTSIDE_PATHS.slackCritical}`,
    slack_security_url: `${outside.url}${OUTSIDE_PATHS.slackSecurity}`,
    dead_mans_switch_url: `${outside.url}${OUTSIDE_PATHS.watcher}`,
  });
  const { text } = prepareAlertmanager({
    source: configuration,
    secrets: secretsFolder,
    version: alertmanagerVersion(program),
    missing: 'refuse',
  });
  const document = parseDocument(text);
  document.setIn(['global', 'smtp_smarthost'], `127.0.0.1:${outside.smtpPort}`);
  document.setIn(['global', 'telegram_api_url'], outside.url);
  document.setIn(['global', 'pagerduty_url'], `${outside.url}/v2/enqueue`);
  return document.toString({ lineWidth: 0 });
}
