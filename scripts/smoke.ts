// `npm run smoke`: sends one batch to a running stack and waits until each store shows it. See --help.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const HELP = `Sends three taps, a log line and a failed span to a running stack, and waits until its stores show them.

  npm run smoke                                     # beside npm run stack: gateway and Prometheus
  npm run smoke -- --gateway http://127.0.0.1:4173 --grafana https://127.0.0.1:3000 \\
    --password-file observability/secrets/grafana_admin_password      # beside compose.yaml: Loki and Tempo too

  --gateway URL         origin of the gateway's API, or of the Mini App (http://127.0.0.1:4320)
  --prometheus URL      Prometheus itself (http://127.0.0.1:4390 without --grafana)
  --loki URL            Loki itself
  --tempo URL           Tempo itself
  --grafana URL         asks all three through Grafana's data sources; for a certificate of your own,
                        set NODE_EXTRA_CA_CERTS
  --user NAME           Grafana's user (admin)
  --password-file FILE  contains the password of that user
  --key KEY             write key of the tenant, where the gateway has tenants
  --timeout SECONDS     how long to wait for a store (120)
`;

const { values } = parseArgs({
  options: {
    gateway: { type: 'string', default: 'http://127.0.0.1:4320' },
    prometheus: { type: 'string' },
    loki: { type: 'string' },
    tempo: { type: 'string' },
    grafana: { type: 'string' },
    user: { type: 'string', default: 'admin' },
    'password-file': { type: 'string' },
    key: { type: 'string' },
    timeout: { type: 'string', default: '120' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const TAPS = 3;
const LABELS = { action: 'smoke_test', page: '/smoke' };
/** Both tenants of tempo.yaml: https://grafana.com/docs/tempo/latest/operations/manage-advanced-systems/multitenancy/ */
const TEMPO_TENANTS = 'traces|error-traces';

interface Store {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The stores that were named, by their own address or as data sources of Grafana. */
function namedStores(): Partial<Record<'prometheus' | 'loki' | 'tempo', Store>> {
  const tenants = { 'x-scope-orgid': TEMPO_TENANTS };
  if (!values.grafana) {
    return {
      prometheus: { url: values.prometheus ?? 'http://127.0.0.1:4390', headers: {} },
      ...(values.loki ? { loki: { url: values.loki, headers: {} } } : {}),
      ...(values.tempo ? { tempo: { url: values.tempo, headers: tenants } } : {}),
    };
  }
  const file = values['password-file'];
  if (!file) throw new Error('--password-file: expected the file with the password of the Grafana user');
  const login = Buffer.from(`${values.user}:${readFileSync(file, 'utf8').trim()}`).toString('base64');
  const dataSource = (uid: string): Store => ({
    url: `${values.grafana?.replace(/\/$/, '')}/api/datasources/proxy/uid/${uid}`,
    headers: { authorization: `Basic ${login}` },
  });
  return { prometheus: dataSource('prometheus'), loki: dataSource('loki'), tempo: dataSource('tempo') };
}

async function ask({ url, headers }: Store, path: string): Promise<string> {
  const answer = await fetch(`${url}${path}`, { headers });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${body.trim().slice(0, 200)}`);
  return body;
}

async function countedTaps(prometheus: Store): Promise<number> {
  const query = `sum(user_action_total{action="${LABELS.action}",page="${LABELS.page}"})`;
  const { data } = JSON.parse(await ask(prometheus, `/api/v1/query?query=${encodeURIComponent(query)}`)) as {
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Waits until `check` holds; returns in how many seconds, or throws what it saw last. */
async function until(check: () => Promise<boolean>, seconds: number): Promise<number> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1_000;
  let problem = 'the event is not there';
  while (elapsed() < seconds) {
    try {
      if (await check()) return elapsed();
    } catch (error) {
      problem =
        error instanceof Error ? `${error.message}${error.cause ? `: ${error.cause}` : ''}` : String(error);
    }
    await sleep(1_000);
  }
  throw new Error(`${problem}, after ${seconds} s`);
}

async function run(): Promise<boolean> {
  const seconds = Number(values.timeout);
  if (!(seconds > 0)) throw new Error(`--timeout: expected a number of seconds, got ${values.timeout}`);
  const stores = namedStores();
  const id = randomBytes(8).toString('hex');
  const traceId = randomBytes(16).toString('hex');
  const { prometheus, loki, tempo } = stores;
  const before = prometheus ? await countedTaps(prometheus) : 0;
  const now = Date.now();
  const batch = {
    producer: `smoke-${id}`,
    seq: 1,
    app: { name: 'artel-smoke' },
    ...(values.key ? { key: values.key } : {}),
    metrics: [{ name: 'user_action_total', value: TAPS, labels: LABELS }],
    logs: [{ level: 'info', message: `smoke test ${id}`, timestamp: now }],
    // Failed, since Alloy keeps every failed trace and a share of the others.
    spans: [{ name: 'smoke test', traceId, spanId: id, start: now - 20, duration: 20, status: 'error' }],
  };
  const sent = await fetch(`${values.gateway.replace(/\/$/, '')}/api/metrics`, {
    method: 'POST',
    body: JSON.stringify(batch),
  });
  const answer = await sent.text();
  if (sent.status !== 202) throw new Error(`the gateway answered ${sent.status}: ${answer.slice(0, 300)}`);
  console.log(`✓ the gateway accepted the batch: ${answer.trim()}`);

  const line = encodeURIComponent(`{app="artel-smoke"} |= "${id}"`);
  const checks: readonly (readonly [string, Store | undefined, (store: Store) => Promise<boolean>])[] = [
    ['Prometheus', prometheus, async (store) => (await countedTaps(store)) === before + TAPS],
    [
      'Loki',
      loki,
      async (store) => (await ask(store, `/loki/api/v1/query_range?query=${line}`)).includes(id),
    ],
    ['Tempo', tempo, async (store) => (await ask(store, `/api/traces/${traceId}`)).includes('smoke test')],
  ];
  const outcomes = await Promise.all(
    checks.map(async ([name, store, holds]) => {
      if (!store) {
        console.log(`- ${name} was not asked`);
        return true;
      }
      try {
        const waited = await until(() => holds(store), seconds);
        console.log(`✓ ${name} shows it after ${waited.toFixed(1)} s`);
        return true;
      } catch (error) {
        console.error(`✗ ${name}: ${error instanceof Error ? error.message : error}`);
        return false;
      }
    }),
  );
  return outcomes.every(Boolean);
}

if (values.help) console.log(HELP);
else {
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
