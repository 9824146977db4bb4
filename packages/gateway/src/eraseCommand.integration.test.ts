import { createLokiFake } from '@artel/test-support/fakes/loki';
import { BOT_TOKEN, launchFields, player, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { beforeAll, expect, it } from 'vitest';
import { ended, launch, requireBuild, started } from '../fixtures/cli';
import { fileOf, post, startGateway, tempDir } from '../fixtures/gateway';
import { pseudonymsOf } from './pseudonyms';

beforeAll(requireBuild);

const SECRET = 'a-secret-of-a-test-that-is-long-enough';
const OLD_SECRET = 'an-older-secret-that-is-long-enough-too';
const TOKEN = 'a-token-of-loki';
const [GREEN, RED] = ['billiards/production', 'billiards/staging'];

const tenant = (environment: string) => ({
  app: 'billiards',
  environment,
  key: `key-${environment}`,
  telegram: { botToken: BOT_TOKEN },
});

const configOf = (url: string) =>
  fileOf(
    JSON.stringify({
      secret: SECRET,
      previousSecret: OLD_SECRET,
      tenants: [tenant('production'), { ...tenant('staging'), outputs: [] }],
      outputs: {
        loki: {
          kind: 'loki',
          url: `${url}/prefix/loki/api/v1/push`,
          orgId: "team-'1",
          headers: { Authorization: `Bearer ${TOKEN}` },
          timeoutSeconds: 20,
        },
      },
    }),
  );

const line = (message: string) => ({ level: 'info', message, timestamp: Date.now() });

/** A stopped gateway's data, in which a player who has signed in and two others have a line each. */
async function filled(config: string) {
  const dataDir = tempDir();
  const { url, post: send, gateway } = await startGateway({ DATA_DIR: dataDir, GATEWAY_CONFIG: config });
  const initData = signLaunch(launchFields({ auth_date: String(Math.floor(Date.now() / 1_000)) }));
  const session = await fetch(`${url}/api/session`, {
    method: 'POST',
    body: JSON.stringify({ initData, key: 'key-production' }),
  });
  const { token, subject } = (await session.json()) as { token: string; subject: string };
  const key = 'key-production';
  await send({ key, token, metrics: [], logs: [line('of the player')] });
  await send({ key, user: subject, metrics: [], logs: [line('of the player without a token')] });
  await send({ key, user: String(player.id), metrics: [], logs: [line('of the player by id')] });
  await send({ key, user: 'somebody', metrics: [], logs: [line('of somebody')] });
  await send({
    key: 'key-staging',
    user: String(player.id),
    metrics: [],
    logs: [line('of the player, staging')],
  });
  await gateway.close();
  return { dataDir, subject };
}

const erase = (dataDir: string, config: string, ...args: string[]) =>
  ended(launch({ DATA_DIR: dataDir, GATEWAY_CONFIG: config }, ['erase', ...args]));

it('erases by Telegram’s id whatever was kept of the player, tenant by tenant, and never prints the id', async () => {
  const config = configOf('http://127.0.0.1:1');
  const { dataDir, subject } = await filled(config);
  const id = String(player.id);
  expect(pseudonymsOf(id, GREEN, [SECRET])).toContain(subject);

  const one = await erase(dataDir, config, '--user', id, '--tenant', GREEN);
  expect(one.stderr).toBe('');
  expect(one.code).toBe(0);
  expect(one.stdout).toMatch(/^erased 3 logs and 0 spans/);
  expect(one.stdout).toContain('The store was written anew');
  expect(one.stdout).not.toContain(id);
  expect(one.stdout).toContain(subject);

  const rest = await erase(dataDir, config, '--user', id);
  expect(rest.stdout).toMatch(/^erased 1 logs and 0 spans/);
  expect((await erase(dataDir, config, '--user', id)).stdout).toMatch(/^erased 0 logs and 0 spans/);
});

it('erases by the pseudonym that was stored, and prints the request for Loki without a secret in it', async () => {
  const config = configOf('http://127.0.0.1:1');
  const { dataDir, subject } = await filled(config);
  const { stdout, code } = await erase(dataDir, config, '--user', subject, '--since', '2026-01-31');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^erased 2 logs/);
  const curl = stdout.split('\n').find((text) => text.startsWith('  curl ')) ?? '';
  expect(curl).toContain(`-H 'X-Scope-OrgID: team-'\\''1'`);
  expect(curl).toContain('-H "Authorization: $AUTHORIZATION"');
  expect(stdout).not.toContain(TOKEN);
  const url = new URL(/'(http[^']+)'$/.exec(curl)?.[1] ?? '');
  expect(url.pathname).toBe('/prefix/loki/api/v1/delete');
  expect(url.searchParams.get('start')).toBe('1769817600');
  expect(url.searchParams.get('query')).toMatch(
    new RegExp(`^\\{app="billiards", environment="production"\\} \\| user=~"${subject}\\|`),
  );
  // Staging hands nothing on to it.
  expect(stdout.match(/ {2}curl /g)).toHaveLength(1);
});

it('sends the deletion to the Loki of the configuration, and ends with 1 where that does not take it', async () => {
  const loki = await createLokiFake({ orgId: "team-'1", proxy: { token: TOKEN, prefix: '/prefix' } });
  const config = configOf(loki.url);
  const { dataDir, subject } = await filled(config);
  const sent = await erase(dataDir, config, '--user', String(player.id), '--loki');
  expect(sent.stderr).toBe('');
  expect(sent.code).toBe(0);
  expect(loki.faults).toEqual([]);
  expect(loki.deletions).toHaveLength(1);
  const [deletion] = loki.deletions;
  const [, selector, filter = ''] = /^(\{.*\}) \| user=~"(.*)"$/.exec(deletion?.query ?? '') ?? [];
  expect(selector).toBe('{app="billiards", environment="production"}');
  const pseudonyms = filter.split('|');
  for (const one of pseudonyms) expect(one).toMatch(/^(?:[\da-f]{32}|[\da-f]{64})$/);
  expect(pseudonyms).toContain(subject);
  // Lines from before the secret was rotated have other pseudonyms.
  for (const one of pseudonymsOf(String(player.id), GREEN, [OLD_SECRET])) expect(pseudonyms).toContain(one);
  for (const one of pseudonymsOf(String(player.id), RED, [SECRET])) expect(pseudonyms).not.toContain(one);
  expect(deletion?.from).toBe(0);

  loki.refuse({ status: 403, body: 'deletion is not available for this tenant' });
  const refused = await erase(dataDir, config, '--user', subject, '--loki');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/^erased 0 logs/);
  expect(refused.stderr).toMatch(
    /loki: Loki has not taken it: 403 deletion is not available.*filter-and-delete/,
  );

  await loki.kill();
  const gone = await erase(dataDir, config, '--user', subject, '--loki');
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain('ECONNREFUSED');
  expect(gone.stderr).not.toContain(TOKEN);
});

it('shows how Loki would be asked where no output is a Loki, and asks none', async () => {
  const dataDir = tempDir();
  const { post: send, gateway } = await startGateway({ DATA_DIR: dataDir });
  await send({ user: 'ivan', metrics: [], logs: [line('of ivan')] });
  await gateway.close();
  const { stdout } = await ended(launch({ DATA_DIR: dataDir }, ['erase', '--user', 'ivan']));
  expect(stdout).toMatch(/^erased 1 logs/);
  expect(decodeURIComponent(stdout)).toMatch(/loki\/api\/v1\/delete\?query=\{app=~"\.\+"\}\+\|\+user=~/);
  const asked = await ended(launch({ DATA_DIR: dataDir }, ['erase', '--user', 'ivan', '--loki']));
  expect(asked.code).toBe(1);
  expect(asked.stderr).toContain('--loki: there is no output of kind loki');
});

it('says which gateway has the store open, and what follows', async () => {
  const DATA_DIR = tempDir();
  const { child, url } = await started(launch({ DATA_DIR }));
  await post(url, { user: 'ivan', metrics: [], logs: [line('of ivan')] });
  const { stdout, code } = await ended(launch({ DATA_DIR }, ['erase', '--user', 'ivan']));
  expect(code).toBe(0);
  expect(stdout).toContain(`The gateway of process ${child.pid} goes on.`);
  expect(stdout).toContain('erase once more while the gateway is stopped');
  expect((await post(url, { metrics: [{ name: 'shots' }] })).status).toBe(202);
});

it.each([
  ['no user', [], /--user: Telegram's id, a pseudonym/],
  ['an empty user', ['--user', ''], /--user: Telegram's id, a pseudonym/],
  ['an unknown argument', ['--user', '77712345', '--all'], /an argument that it does not know/],
  ['a bare id', ['77712345'], /an argument that it does not know/],
  ['a date that is none', ['--user', '77712345', '--since', 'spring'], /--since: expected a date such as/],
  [
    'a tenant that is none',
    ['--user', '77712345', '--tenant', 'chess/x'],
    /there is no chess\/x, expected one of default/,
  ],
  ['no store', ['--user', '77712345'], /DATA_DIR: there is no store/],
])('says what is wrong with %s, and does not repeat the id', async (_, args, message) => {
  const { code, stdout, stderr } = await ended(launch({ DATA_DIR: tempDir() }, ['erase', ...args]));
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('77712345');
});
