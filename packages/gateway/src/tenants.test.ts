import { describe, expect, it } from 'vitest';
import {
  bearer,
  expectProblem,
  fileOf,
  post,
  type RunningGateway,
  sampleOf,
  startGateway,
} from '../fixtures/gateway';

const PROD = 'pk_billiards_prod';
const STAGING = 'pk_billiards_staging';
const ADMIN = 'an-admin-token-of-any-kind';
const READ = 'read-token-of-production';

const yaml = `
environment: production
admin: { token: ${ADMIN} }
tenants:
  - app: billiards
    environment: production
    key: ${PROD}
    readToken: ${READ}
    origins: ['https://play.example']
  - app: billiards
    environment: staging
    key: ${STAGING}
    origins: ['https://staging.example']
    strict: false
    limits: { unknownMetrics: 2, seriesPerMetric: 1, seriesPerUnknownMetric: 1 }
  - { app: darts, environment: production, key: pk_darts_prod, strict: true }
`;

const PRODUCTION = 'app="billiards",environment="production"';
const STAGED = 'app="billiards",environment="staging"';

async function metricsFor({ get }: Pick<RunningGateway, 'get'>, token: string): Promise<string> {
  const { status, body } = await get('/metrics', { headers: bearer(token) });
  expect(status).toBe(200);
  return String(body);
}

const start = (): Promise<RunningGateway> => startGateway({ GATEWAY_CONFIG: fileOf(yaml) });

describe('tenants', () => {
  it('have series and ledgers of their own, though they send the very same batch', async () => {
    const gateway = await start();
    const batch = { producer: 'p1', seq: 1, metrics: [{ name: 'shots', value: 2 }] };
    for (const key of [PROD, STAGING]) {
      expect((await gateway.post({ ...batch, key })).body).toMatchObject({ accepted: 1, duplicate: false });
      expect((await gateway.post({ ...batch, key })).body).toMatchObject({ duplicate: true });
    }
    await gateway.post({ ...batch, seq: 2, key: STAGING });
    const text = await metricsFor(gateway, ADMIN);
    expect(sampleOf(text, `shots_total{${PRODUCTION}}`)).toBe(2);
    expect(sampleOf(text, `shots_total{${STAGED}}`)).toBe(4);
    expect(text.match(/^# TYPE shots_total /gm)).toHaveLength(1);
    expect(
      sampleOf(text, 'artel_gateway_metric_series{metric="shots_total",tenant="billiards/staging"}'),
    ).toBe(1);
  });

  it('are shown to the holder of their token without any series of others', async () => {
    const gateway = await start();
    for (const key of [PROD, STAGING]) await gateway.post({ key, metrics: [{ name: `shots_${key}` }] });
    const text = await metricsFor(gateway, READ);
    expect(sampleOf(text, `shots_pk_billiards_prod_total{${PRODUCTION}}`)).toBe(1);
    expect(text).not.toContain('staging');
    expect(text).not.toContain('artel_gateway_');
    for (const headers of [{}, bearer('read-token-of-nobody'), { authorization: `Basic ${ADMIN}` }]) {
      const answer = await gateway.get('/metrics', { headers });
      expectProblem(answer, 401, /expected Bearer with the admin token or the readToken/);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('go on apart after a restart', async () => {
    const first = await start();
    await first.post({ key: PROD, producer: 'p1', seq: 1, metrics: [{ name: 'shots' }] });
    await first.gateway.close();
    const second = await startGateway({ GATEWAY_CONFIG: fileOf(yaml), DATA_DIR: first.dataDir });
    const again = { producer: 'p1', seq: 1, metrics: [{ name: 'shots' }] };
    expect((await second.post({ ...again, key: PROD })).body).toMatchObject({ duplicate: true });
    expect((await second.post({ ...again, key: STAGING })).body).toMatchObject({ duplicate: false });
    expect(sampleOf(await metricsFor(second, ADMIN), `shots_total{${PRODUCTION}}`)).toBe(1);
  });

  it('give one body to a batch of an unknown key and to one without', async () => {
    const gateway = await start();
    const metrics = [{ name: 'shots' }];
    const answers = await Promise.all([
      gateway.post({ metrics }),
      gateway.post({ metrics, key: '' }),
      gateway.post({ metrics, key: 'pk_of_nobody_here' }),
      gateway.post({ metrics, key: PROD }, { 'x-artel-key': STAGING }),
      gateway.post({ metrics }, { 'x-artel-key': '__proto__' }),
    ]);
    const bodies = answers.map((answer) => {
      expectProblem(answer, 401, /^key: expected the public write key of an app/);
      return JSON.stringify(answer.body).replace(/"instance":"[^"]*"/, '');
    });
    expect(new Set(bodies).size).toBe(1);
    const text = await metricsFor(gateway, ADMIN);
    expect(text).not.toMatch(/^shots/m);
    expect(sampleOf(text, 'artel_gateway_batches_refused_total{reason="key"}')).toBe(5);
  });

  it('are told by the header too, which servers may send', async () => {
    const gateway = await start();
    const metrics = [{ name: 'shots' }];
    expect((await gateway.post({ metrics }, { 'x-artel-key': PROD })).status).toBe(202);
    expect((await gateway.post({ metrics, key: PROD }, { 'x-artel-key': PROD })).status).toBe(202);
    expect(sampleOf(await metricsFor(gateway, ADMIN), `shots_total{${PRODUCTION}}`)).toBe(2);
  });

  it('let in the pages of their own origins only, and let no other read why', async () => {
    const gateway = await start();
    const batch = { metrics: [{ name: 'shots' }] };
    const own = await gateway.post({ ...batch, key: PROD }, { origin: 'https://play.example' });
    expect(own.status).toBe(202);
    expect(own.headers.get('access-control-allow-origin')).toBe('https://play.example');
    for (const origin of ['https://staging.example', 'https://evil.example', 'http://localhost:4173']) {
      const foreign = await gateway.post({ ...batch, key: PROD }, { origin });
      expectProblem(foreign, 403, /Origin/);
      expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
      expect(foreign.headers.has('access-control-allow-credentials')).toBe(false);
      expect(foreign.headers.get('vary')).toBe('Origin');
    }
    expect(sampleOf(await metricsFor(gateway, ADMIN), `shots_total{${PRODUCTION}}`)).toBe(1);
  });

  it('keep to their own limits of names and series, and to their own strictness', async () => {
    const gateway = await start();
    const names = ['a', 'b', 'c'].map((name) => ({ name }));
    expect((await gateway.post({ key: STAGING, metrics: names })).body).toMatchObject({
      accepted: 2,
      rejected: [{ index: 2, reason: expect.stringMatching(/no room for c/) }],
    });
    expect((await gateway.post({ key: PROD, metrics: names })).body).toMatchObject({ accepted: 3 });
    expect((await gateway.post({ key: 'pk_darts_prod', metrics: names })).status).toBe(400);
    const pages = ['/a', '/b'].map((page) => ({ name: 'page_load_duration_ms', value: 1, labels: { page } }));
    const rows = ['x', 'y'].map((l) => ({ name: 'a', labels: { l } }));
    for (const key of [STAGING, PROD]) await gateway.post({ key, metrics: [...pages, ...rows] });
    const text = await metricsFor(gateway, ADMIN);
    expect(sampleOf(text, `page_load_duration_ms_count{${STAGED},page="/a"}`)).toBe(1);
    expect(sampleOf(text, `page_load_duration_ms_count{${STAGED},page="/b"}`)).toBeUndefined();
    expect(sampleOf(text, `page_load_duration_ms_count{${STAGED},overflow="true"}`)).toBe(1);
    expect(sampleOf(text, `a_total{${STAGED},overflow="true"}`)).toBe(2);
    expect(sampleOf(text, `page_load_duration_ms_count{${PRODUCTION},page="/b"}`)).toBe(1);
    expect(sampleOf(text, `a_total{${PRODUCTION},l="y"}`)).toBe(1);
  });

  it('cannot be claimed by labels of the batch', async () => {
    const gateway = await start();
    const labels = { app: 'darts', environment: 'staging', zone: 'z' };
    await gateway.post({ key: PROD, metrics: [{ name: 'shots', labels }] });
    await gateway.post({ key: PROD, metrics: [{ name: 'shots', labels: { ...labels, exported_app: 'x' } }] });
    const text = await metricsFor(gateway, ADMIN);
    const own = (app: string): string =>
      `shots_total{${PRODUCTION},exported_app="${app}",exported_environment="staging",zone="z"}`;
    expect(sampleOf(text, own('darts'))).toBe(1);
    expect(sampleOf(text, own('x'))).toBe(1);
  });
});

describe('a private listener', () => {
  const withPrivate = `${yaml.replace(/^admin: .*$/m, 'admin: { port: 0 }')}`;

  it('shows metrics and the live page to whoever reaches it, and the public one then does not', async () => {
    const gateway = await startGateway({ GATEWAY_CONFIG: fileOf(withPrivate) });
    await gateway.post({ key: PROD, metrics: [{ name: 'shots' }] });
    const inside = gateway.gateway.privateAddress() ?? '';
    const shown = await fetch(`${inside}/metrics`);
    expect(sampleOf(await shown.text(), `shots_total{${PRODUCTION}}`)).toBe(1);
    expect((await fetch(`${inside}/live`)).headers.get('content-type')).toContain('text/html');
    for (const path of ['/metrics', '/live', '/live/state', '/live/events']) {
      expectProblem(await gateway.get(path, { headers: bearer(READ) }), 404, /nothing at this path/);
    }
    for (const address of [inside, gateway.url]) {
      expect((await fetch(`${address}/health`)).status).toBe(200);
      expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    }
    expect((await post(inside, { key: PROD, metrics: [{ name: 'shots' }] })).status).toBe(404);
  });

  it('shows nothing to pages of other origins', async () => {
    const gateway = await startGateway({ GATEWAY_CONFIG: fileOf(withPrivate) });
    const inside = gateway.gateway.privateAddress() ?? '';
    const foreign = await fetch(`${inside}/metrics`, { headers: { origin: 'https://play.example' } });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('a gateway in production without any token', () => {
  it('shows its series to nobody', async () => {
    const { get, post } = await startGateway({ GATEWAY_ENV: 'production' });
    await post({ metrics: [{ name: 'shots' }] });
    expectProblem(await get('/metrics'), 401, /expected Bearer/);
    expect((await get('/live/state')).status).toBe(401);
    expect((await get('/live/events')).status).toBe(401);
    expect((await get('/health/ready')).status).toBe(200);
  });
});

describe('a gateway in development', () => {
  it('is open, until it has an admin token', async () => {
    const open = await startGateway();
    expect((await open.get('/metrics')).status).toBe(200);
    expect((await open.get('/live/state')).status).toBe(200);
    const closed = await startGateway({ GATEWAY_ADMIN_TOKEN: ADMIN });
    expect((await closed.get('/metrics')).status).toBe(401);
    expect((await closed.get('/metrics', { headers: bearer(ADMIN) })).status).toBe(200);
  });
});
