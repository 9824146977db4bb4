import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BOT_ID,
  BOT_TOKEN,
  launchFields,
  NOW,
  player,
  signLaunch,
} from '@artel/test-support/fakes/telegramLaunch';
import { describe, expect, it } from 'vitest';
import { type Answer, startGateway } from '../../fixtures/gateway';

const clock = { now: () => NOW, elapsed: () => performance.now() };
const SECRET = 'a secret of the whole gateway for tests';

function textOf({ body }: Answer, field: string): string {
  return String(body instanceof Object ? Object.getOwnPropertyDescriptor(body, field)?.value : undefined);
}

/** Everything that lies in a directory, byte for byte. */
function bytesIn(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** What must be nowhere: of the launch, the player and the bot, in each spelling that a text may hold. */
function secretsOf(initData: string, token: string): string[] {
  const { language_code: _, id, ...names } = player;
  const fields = [...new URLSearchParams(initData)].filter(([, value]) => value.length > 8);
  const plain = [
    String(id),
    ...Object.values(names),
    ...fields.map(([, value]) => value),
    BOT_TOKEN,
    SECRET,
    initData,
  ];
  return [token, ...plain].flatMap((text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('latin1'),
  ]);
}

describe('a gateway whose players sign in', () => {
  it('lets a batch with the token count as signed in, and one with another’s not at all', async () => {
    const { gateway, post, get, url } = await startGateway({ GATEWAY_BOT_TOKEN: BOT_TOKEN }, { clock });
    const ask = async (initData: string): Promise<Answer> =>
      get('/api/session', { method: 'POST', body: JSON.stringify({ initData }) });
    const answer = await ask(signLaunch());
    expect(answer).toMatchObject({ status: 200, body: { expiresAt: NOW + 3_600_000 } });
    const token = textOf(answer, 'token');
    const metrics = [{ name: 'shots' }];
    expect((await post({ metrics, token })).status).toBe(202);
    expect((await post({ metrics })).status).toBe(202);
    expect((await post({ metrics, token: `${token.slice(0, -2)}xx` })).status).toBe(401);
    const page = await (await fetch(`${url}/metrics`)).text();
    expect(page).toMatch(/^shots_total 2$/m);
    for (const tier of ['session', 'anonymous']) {
      expect(page).toMatch(
        new RegExp(`^artel_gateway_tenant_batches_total{[^}]*tier="${tier}"[^}]*} 1$`, 'm'),
      );
    }
    expect(page).toMatch(/^artel_gateway_sign_ins_total\{outcome="issued"\} 1$/m);
    await gateway.close();
  });

  it('takes the bot’s id alone, and then trusts Telegram’s key only', async () => {
    const { get } = await startGateway({ GATEWAY_BOT_ID: BOT_ID }, { clock });
    const body = JSON.stringify({ initData: signLaunch() });
    expect((await get('/api/session', { method: 'POST', body })).status).toBe(401);
  });

  it('says 404 where there is no bot', async () => {
    const { get } = await startGateway();
    const answer = await get('/api/session', {
      method: 'POST',
      body: JSON.stringify({ initData: signLaunch() }),
    });
    expect(answer).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('telegram.botToken') },
    });
  });

  it('puts nothing of the player anywhere: not in the log, the answers, the metrics or on the disk', async () => {
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const env = { GATEWAY_BOT_TOKEN: BOT_TOKEN, GATEWAY_SECRET: SECRET, LOG_LEVEL: 'trace' };
    const { gateway, url, dataDir, post } = await startGateway(env, { clock, logStream });
    const initData = signLaunch();
    const heard: string[] = [];
    const ask = async (body: string, headers: Record<string, string> = {}): Promise<number> => {
      const response = await fetch(`${url}/api/session`, { method: 'POST', body, headers });
      heard.push(JSON.stringify([...response.headers]), await response.text());
      return response.status;
    };
    expect(await ask(JSON.stringify({ initData }))).toBe(200);
    const { token, subject }: Record<'token' | 'subject', string> = JSON.parse(heard[1] ?? '{}');
    // The token itself goes to the one who asked.
    heard.length = 0;

    expect(await ask('', { authorization: `tma ${initData}` })).toBe(200);
    heard.length = 0;
    const stale = signLaunch(launchFields({ auth_date: '1700000000' }));
    const broken = [
      JSON.stringify({ initData: initData.replace('private', 'channel') }),
      JSON.stringify({ initData: stale }),
      JSON.stringify({ initData: `${initData}&${initData}` }),
      JSON.stringify({ initData, key: { initData } }),
      JSON.stringify({ initData: [initData] }),
      JSON.stringify([initData]),
      `{"initData":"${initData}`,
      initData,
      JSON.stringify({ initData: initData.repeat(40) }),
    ];
    for (const body of broken) expect([400, 401, 413]).toContain(await ask(body));
    await ask('', { authorization: `tma ${stale}` });
    await ask('{}', { authorization: `tma ${initData} ${initData}` });
    const logs = [
      { level: 'error', message: `sign-in failed: ${initData}`, timestamp: NOW, fields: { initData } },
    ];
    const batch = {
      metrics: [{ name: 'shots' }],
      logs,
      user: String(player.id),
      token,
      producer: 'p1',
      seq: 1,
    };
    const sent = [
      await post(batch),
      await post({ ...batch, token: `${token}x` }),
      await post({ ...batch, producer: token }),
      await post({ ...batch, seq: initData }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([202, 401, 400, 400]);
    heard.push(...sent.map(({ body }) => JSON.stringify(body)));
    heard.push(await (await fetch(`${url}/metrics`)).text());
    await gateway.close();

    expect(lines.join('')).toContain('/api/session');
    const places = { log: lines.join(''), answers: heard.join('\n'), disk: bytesIn(dataDir) };
    // What a scan of the disk would find, and who it was.
    expect(places.disk).toContain('sign-in failed');
    expect(places.disk).toContain(subject);
    for (const [place, text] of Object.entries(places)) {
      for (const secret of secretsOf(initData, token)) {
        expect(text.includes(secret), `${secret.slice(0, 40)} in the ${place}`).toBe(false);
      }
    }
  });
});
