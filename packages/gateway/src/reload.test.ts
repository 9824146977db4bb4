import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bearer, fileOf, sampleOf, startGateway, tempDir } from '../fixtures/gateway';
import { readConfig } from './config';

const ADMIN = 'an-admin-token-of-any-kind';

interface Shown {
  readonly strict?: boolean;
  readonly origins?: string;
  readonly more?: string;
}

function yamlOf({ strict = false, origins = 'https://play.example', more = '' }: Shown = {}): string {
  return `
environment: production
admin: { token: ${ADMIN} }
tenants:
  - { app: a, environment: b, key: pk_a_b_0001, strict: ${strict}, origins: ['${origins}'] }
${more}
`;
}

/** A gateway with a file that a test can change and have read again, as SIGHUP does. */
async function reloadable(yaml: string) {
  const lines: string[] = [];
  const path = fileOf(yaml);
  const env = { GATEWAY_CONFIG: path, GATEWAY_PORT: '0', DATA_DIR: tempDir(), LOG_LEVEL: 'warn' };
  const running = await startGateway(env, { logStream: { write: (line) => void lines.push(line) } });
  const reload = (next: string, more: Record<string, string> = {}) => {
    writeFileSync(path, next);
    return running.gateway.reload(readConfig({ ...env, ...more }));
  };
  const metrics = async (): Promise<string> =>
    String((await running.get('/metrics', { headers: bearer(ADMIN) })).body);
  return { ...running, lines, reload, metrics };
}

const key = 'pk_a_b_0001';

describe('a configuration that is read again', () => {
  it('adds tenants, takes others away, and brings their counts back with them', async () => {
    const { post, reload, metrics } = await reloadable(yamlOf());
    const batch = { producer: 'p', seq: 1, metrics: [{ name: 'shots' }] };
    expect((await post({ ...batch, key })).status).toBe(202);
    expect((await post({ ...batch, key: 'pk_c_d_0001' })).status).toBe(401);

    const two = yamlOf({ more: '  - { app: c, environment: d, key: pk_c_d_0001 }' });
    expect(await reload(two)).toEqual([]);
    expect((await post({ ...batch, key: 'pk_c_d_0001' })).body).toMatchObject({ duplicate: false });

    await reload(
      yamlOf()
        .replace(/app: a/, 'app: z')
        .replace(key, 'pk_z_b_0001'),
    );
    expect((await post({ ...batch, key })).status).toBe(401);
    expect(await metrics()).not.toMatch(/^shots_total\{app="a"/m);

    await reload(two);
    expect((await post({ ...batch, key })).body).toMatchObject({ duplicate: true });
    expect(sampleOf(await metrics(), 'shots_total{app="a",environment="b"}')).toBe(1);
    expect(sampleOf(await metrics(), 'artel_gateway_config_reloads_total{outcome="taken"}')).toBe(3);
  });

  it('changes origins, strictness, limits and log level without a restart', async () => {
    const { post, reload, lines } = await reloadable(yamlOf());
    const batch = { key, metrics: [{ name: 'shots' }] };
    const origin = 'https://new.example';
    expect((await post(batch, { origin })).status).toBe(403);
    await reload(yamlOf({ origins: origin }));
    expect((await post(batch, { origin })).status).toBe(202);
    expect((await post(batch, { origin: 'https://play.example' })).status).toBe(403);

    await reload(yamlOf({ strict: true, more: 'limits: { bodyBytes: 1024 }' }));
    expect((await post(batch)).status).toBe(400);
    expect((await post(JSON.stringify(batch).padEnd(1_025))).status).toBe(413);

    expect(lines.join('')).not.toContain('incoming request');
    await reload(yamlOf(), { LOG_LEVEL: 'info' });
    await post(batch);
    expect(lines.join('')).toContain('incoming request');
  });

  it('tells by name which fields count after a restart only, each time until then', async () => {
    const { reload, lines, url, get } = await reloadable(yamlOf());
    const moved = yamlOf({ more: 'trustProxy: true' }).replace('admin: {', 'admin: { port: 0,');
    for (let time = 0; time < 2; time++) {
      expect(await reload(moved, { GATEWAY_PORT: '1', DATA_DIR: tempDir() })).toEqual([
        'port',
        'dataDir',
        'trustProxy',
        'admin.host',
        'admin.port',
      ]);
    }
    expect(lines.filter((line) => line.includes('"field":"dataDir"'))).toHaveLength(2);
    expect((await get('/health')).status).toBe(200);
    expect((await fetch(`${url}/metrics`, { headers: bearer(ADMIN) })).status).toBe(200);
  });

  it('is left where it is when the new one is wrong', async () => {
    const { gateway, post, metrics, lines } = await reloadable(yamlOf());
    gateway.reloadFailed(['tenants[0].key: expected something else, got nothing']);
    expect((await post({ key, metrics: [{ name: 'shots' }] })).status).toBe(202);
    expect(lines.join('')).toContain('tenants[0].key: expected something else');
    expect(sampleOf(await metrics(), 'artel_gateway_config_reloads_total{outcome="refused"}')).toBe(1);
  });

  it('hands on to the outputs that it names, from where each was', async () => {
    const { post, reload, metrics } = await reloadable(yamlOf());
    const logs = [{ level: 'info', message: 'm', timestamp: Date.now() }];
    await post({ key, metrics: [], logs });
    // Nobody listens there: the record has to wait for it.
    const out = yamlOf({ more: 'outputs: { loki: { kind: loki, url: "http://127.0.0.1:9" } }' });
    await reload(out);
    const lag = 'artel_gateway_output_lag_records{output="loki",signal="logs"}';
    expect(sampleOf(await metrics(), lag)).toBe(1);
    await reload(yamlOf());
    expect(sampleOf(await metrics(), lag)).toBeUndefined();
    expect(sampleOf(await metrics(), 'artel_gateway_queue_records')).toBe(1);
  });
});
