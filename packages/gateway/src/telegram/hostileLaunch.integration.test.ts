import { BOT_ID, BOT_TOKEN, launchFields, signLaunch, spell } from '@artel/test-support/fakes/telegramLaunch';
import { beforeAll, expect, it } from 'vitest';
import { requireBuild } from '../../fixtures/cli';
import { hostileGateway } from '../../fixtures/hostile';
import { read } from '../../fixtures/telegram';

beforeAll(requireBuild);

const seconds = (ahead: number): string => String(Math.floor(Date.now() / 1_000) + ahead);
const sign = (more: Record<string, string> = {}): string =>
  signLaunch(launchFields({ auth_date: seconds(-10), ...more }));

/** Every kind of launch that is not to be let in, by what is wrong with it. */
function badLaunches(): Readonly<Record<string, string>> {
  const good = sign();
  const { hash = '', signature = '', ...rest } = read(good);
  const tampered = Object.keys(read(good)).map((name) => {
    const fields = read(good);
    const value = fields[name] ?? '';
    return [
      `with another ${name}`,
      spell({ ...fields, [name]: `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}` }),
    ];
  });
  return {
    ...Object.fromEntries(tampered),
    'of another bot': signLaunch(launchFields({ auth_date: seconds(-10) }), {
      botToken: '7000000002:other',
      botId: '7000000002',
    }),
    'stale by a second': sign({ auth_date: seconds(-86_402) }),
    'stale by years': sign({ auth_date: '1500000000' }),
    'of the future': sign({ auth_date: seconds(120) }),
    'of a future without end': sign({ auth_date: '999999999999' }),
    'without a time': spell({ ...rest, hash, signature, auth_date: '' }),
    'of nobody': sign({ user: '{}' }),
    'of a user that is no JSON': sign({ user: '{"id":7' }),
    'with a field more': `${good}&role=admin`,
    'with the user twice': `${good}&user=%7B%22id%22%3A1%7D`,
    'with the hash twice': `${good}&hash=${hash}`,
    'without a hash': spell({ ...rest, signature }),
    'with an empty hash': spell({ ...rest, signature, hash: '' }),
    'with a hash in upper case': spell({ ...rest, signature, hash: hash.toUpperCase() }),
    'with a short hash': spell({ ...rest, signature, hash: hash.slice(0, 62) }),
    'with a hash of zeros': spell({ ...rest, signature, hash: '0'.repeat(64) }),
    'with a hash that is no hex': spell({ ...rest, signature, hash: 'ё'.repeat(32) }),
    'without its signature field': spell({ ...rest, hash }),
    'in other escapes': good.replace('%7B', '%7b'),
    'cut in the middle': good.slice(0, 100),
    'of 8,000 characters': `a=${'x'.repeat(8_000)}`,
    'of 12,000 characters': `a=${'x'.repeat(12_000)}`,
    'of 200 fields': Array.from({ length: 200 }, (_, at) => `f${at}=1`).join('&'),
    'with a prototype': '__proto__=1&constructor=2',
    'of nothing': '',
  };
}

it('whatever is wrong with a launch, and with the app it is for, gets the same bytes for an answer', async () => {
  const tenant = (app: string, telegram: string): string =>
    `  - { app: ${app}, environment: test, key: pk_${app}_test, telegram: { ${telegram} } }`;
  const { url } = await hostileGateway(
    [
      'tenants:',
      tenant('hmac', `botToken: "${BOT_TOKEN}", maxExchanges: 1`),
      tenant('ed25519', `botId: "${BOT_ID}"`),
    ].join('\n'),
  );
  const answers = new Map<string, string[]>();
  const ask = async (title: string, body: string, headers: Record<string, string> = {}): Promise<void> => {
    const response = await fetch(`${url}/api/session`, { method: 'POST', body, headers });
    const text = (await response.text()).replace(/urn:uuid:[\da-f-]{36}/, 'urn:uuid:');
    const shown = [...response.headers].filter(([name]) => name !== 'date');
    const answer = JSON.stringify([response.status, shown, text]);
    answers.set(answer, [...(answers.get(answer) ?? []), title]);
  };
  const good = sign();
  const first = await fetch(`${url}/api/session`, {
    method: 'POST',
    body: JSON.stringify({ initData: good, key: 'pk_hmac_test' }),
  });
  expect(first.status).toBe(200);

  await ask('replayed', JSON.stringify({ initData: good, key: 'pk_hmac_test' }));
  await ask(
    'replayed and respelt',
    JSON.stringify({ initData: good.split('&').reverse().join('&'), key: 'pk_hmac_test' }),
  );
  await ask('of no app', JSON.stringify({ initData: sign() }));
  await ask('of an unknown app', JSON.stringify({ initData: sign(), key: 'pk_nobody' }));
  await ask('of two apps', JSON.stringify({ initData: sign(), key: 'pk_hmac_test' }), {
    'x-artel-key': 'pk_ed25519_test',
  });
  // Signed, but not with Telegram's own key.
  await ask('signed by another than Telegram', JSON.stringify({ initData: sign(), key: 'pk_ed25519_test' }));
  for (const [title, initData] of Object.entries(badLaunches())) {
    for (const key of ['pk_hmac_test', 'pk_ed25519_test', 'pk_nobody']) {
      await ask(`${title}, for ${key}`, JSON.stringify({ initData, key }));
      // In a header there is none, and no room for the longest.
      if (initData === '' || initData.length > 8_000) continue;
      await ask(`${title}, for ${key}, in a header`, '', {
        authorization: `tma ${initData}`,
        'x-artel-key': key,
      });
    }
  }
  const [[answer = ''] = []] = [...answers];
  expect([...answers.values()].slice(1)).toEqual([]);
  expect([...answers.values()][0]?.length).toBeGreaterThan(150);
  expect(answer).toMatch(/^\[401,.*"application\/problem\+json; charset=utf-8".*"www-authenticate","tma"/);
});
