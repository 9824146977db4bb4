import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { faro } from '../libraries';
import { BUNDLE_PATH, type Bundle } from './bundle';
import { MARK } from './ledger';
import { decodeBody, type Receiver, startReceiver } from './receiver';

const bundle: Bundle = {
  entry: 'entry.js',
  files: new Map([
    ['entry.js', 'entry'],
    ['later.js', 'later'],
  ]),
  eager: ['entry.js'],
};

let receiver: Receiver | undefined;

async function start(): Promise<Receiver> {
  receiver = await startReceiver(faro, bundle);
  return receiver;
}

afterEach(() => receiver?.close());

const post = ({ origin }: Receiver, body: string) => fetch(`${origin}/collect`, { method: 'POST', body });

describe('a receiver', () => {
  it('serves every file of the bundle, and a page that imports the entry', async () => {
    const { origin } = await start();
    const read = async (path: string) => (await fetch(origin + path)).text();
    expect(await read('/')).toContain(`'${BUNDLE_PATH}entry.js'`);
    expect(await read(`${BUNDLE_PATH}entry.js`)).toBe('entry');
    expect(await read(`${BUNDLE_PATH}later.js`)).toBe('later');
    expect(await read('/empty')).not.toContain('script');
  });

  it('counts what it accepts', async () => {
    const running = await start();
    expect((await post(running, `${MARK}_000001_`)).status).toBe(200);
    expect(running.ledger.delivered).toBe(1);
    expect(running).toMatchObject({ requests: 1, bytes: `${MARK}_000001_`.length });
  });

  it('refuses the configured number of bodies with measured events, and counts none of them', async () => {
    const running = await start();
    running.faults.refusals = 1;
    expect((await post(running, 'a page load')).status).toBe(200);
    expect((await post(running, `${MARK}_000001_`)).status).toBe(503);
    expect(running.ledger.delivered).toBe(0);
    expect((await post(running, `${MARK}_000001_`)).status).toBe(200);
    expect(running.ledger).toMatchObject({ delivered: 1, duplicates: 0 });
  });

  it('counts a body whose answer it loses', async () => {
    const running = await start();
    running.faults.lostAnswers = 1;
    await expect(post(running, `${MARK}_000001_`)).rejects.toThrow();
    expect(running.ledger.delivered).toBe(1);
    await post(running, `${MARK}_000001_`);
    expect(running.ledger.duplicates).toBe(1);
  });

  it('cuts off every request while it is down', async () => {
    const running = await start();
    running.faults.down = true;
    await expect(post(running, `${MARK}_000001_`)).rejects.toThrow();
    expect(running.ledger.delivered).toBe(0);
  });
});

describe('the text of a body', () => {
  it.each([
    ['plain', Buffer.from('text')],
    ['gzip', gzipSync('text')],
    ['zlib', deflateSync('text')],
    ['form-encoded base64', Buffer.from(`data=${encodeURIComponent(btoa('text'))}`)],
  ])('is read from %s', (_, body) => {
    expect(decodeBody(body)).toBe('text');
  });
});
