import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { nativePlaces, writeBackupPlaces } from './backupPlaces';
import { planStack } from './planStack';
import { dataFolder, runCommand, stackEnvironment } from './stack.fixture';
import { findStackPrograms } from './stackPrograms';
import { readStackSettings, type StackSettings } from './stackSettings';
import { type RunningStack, startStack } from './startStack';

/** What is neither backed up nor fills what is. */
const BESIDE = ['mini-app', 'node-exporter', 'postgres-exporter', 'redis-exporter'];
const BATCHES = 60;
const seldom = { interval: 200 };

// Without RabbitMQ the game service hands its events over within its process: there is nothing of it to save.
const { rabbitMq: _, ...programs } = findStackPrograms(process.env);
const { prometheus, postgres, redis } = programs;
const hasServers = Boolean(prometheus && postgres && redis) || Boolean(process.env['CI']);

async function startServers(settings: StackSettings): Promise<RunningStack> {
  const plan = planStack(settings, programs);
  writeBackupPlaces(settings, plan);
  const stack = await startStack(
    plan.parts.filter(({ name }) => !BESIDE.includes(name)),
    { logs: join(settings.dataDir, 'logs'), say: (line) => process.stdout.write(`${line}\n`) },
  );
  onTestFinished(() => stack.stop());
  return stack;
}

async function askJson(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return response.json();
}

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Everything of the apps that is countable at each end: what must be the same after a restore. */
function createCounts({ ports, dataDir }: StackSettings) {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const places = nativePlaces({ ports, dataDir }, planStack({ ports, dataDir }, programs));
  const sql = (text: string): string => {
    const { pathname, port, password, username } = new URL(places.postgres?.url ?? '');
    const { stdout, stderr, status } = spawnSync(
      join(postgres ?? '', 'psql'),
      ['-h', '127.0.0.1', '-p', port, '-U', username, '-d', pathname.slice(1), '-At', '-c', text],
      { env: { ...process.env, PGPASSWORD: password }, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const redisCli = (...args: string[]): string => {
    const { port, password } = new URL(places.redis?.url ?? '');
    const env = { ...process.env, REDISCLI_AUTH: password };
    return spawnSync('redis-cli', ['-p', port, ...args], { env, encoding: 'utf8' }).stdout.trim();
  };
  return {
    url,
    redisCli,
    async gateway(): Promise<string[]> {
      const text = await (await fetch(`${url(ports.GATEWAY_PORT)}/metrics`)).text();
      return text.split('\n').filter((line) => /^(?!artel_gateway_|process_|#|$)/.test(line));
    },
    /** Every sample that Prometheus has of the apps' series up to a moment, in seconds. */
    prometheus: (to: number) => {
      const range = '{__name__=~"shots_total|user_action_total|http_requests_total"}[1h]';
      const query = new URLSearchParams({ query: range, time: String(to) });
      return askJson(`${url(ports.PROMETHEUS_PORT)}/api/v1/query?${query}`);
    },
    async prometheusTotal(): Promise<number> {
      const answer = await askJson(`${url(ports.PROMETHEUS_PORT)}/api/v1/query?query=sum(shots_total)`);
      const { data } = answer as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1] ?? 0);
    },
    database(): Record<string, string> {
      const tables = sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").split(
        '\n',
      );
      return Object.fromEntries(tables.map((table) => [table, sql(`SELECT count(*) FROM "${table}"`)]));
    },
    /** Of the keys that do not expire by themselves. */
    redis: () => redisCli('KEYS', 'kept:*').split('\n').sort(),
    async silences(): Promise<string[]> {
      if (!places.alertmanager) return [];
      const all = (await askJson(`${places.alertmanager.url}/api/v2/silences`)) as { comment: string }[];
      return all.map(({ comment }) => comment);
    },
  };
}

/** Players who play, and a gateway and a database that count it. */
async function load({ ports }: StackSettings, counts: ReturnType<typeof createCounts>): Promise<void> {
  for (let seq = 1; seq <= BATCHES; seq++) {
    const metrics = [
      { name: 'shots_total', labels: { table: `t${seq % 5}` }, value: seq },
      { name: 'user_action_total', labels: { action: 'ball_clicked', page: '/game/:id' } },
    ];
    await askJson(
      `${counts.url(ports.GATEWAY_PORT)}/api/metrics`,
      post({ producer: 'backup-test', seq, metrics }),
    );
  }
  const games = `${counts.url(ports.GAME_PORT)}/api/game/sessions`;
  for (let game = 0; game < 5; game++) {
    const made = await askJson(games, post({ gameType: 'kolkhoz', players: ['Anna', 'Boris'] }));
    const { id, turn } = made as { id: string; turn: string };
    await askJson(`${games}/${id}/pot`, post({ playerId: turn, ball: 1 }));
  }
  counts.redisCli('MSET', ...Array.from({ length: 50 }, (_, at) => [`kept:${at}`, String(at)]).flat());
}

it.skipIf(!hasServers)(
  'backs up, and after everything is wiped restores to equal counts at the gateway, in Prometheus and in the databases',
  async () => {
    const root = dataFolder('backup');
    const dataDir = join(root, 'data');
    const set = join(root, 'backups', 'first');
    const env = await stackEnvironment(dataDir);
    const settings = readStackSettings(env);
    const counts = createCounts(settings);

    const first = await startServers(settings);
    await load(settings, counts);
    const hasAlertmanager = first.find('alertmanager') !== undefined;
    if (hasAlertmanager) {
      const silence = {
        matchers: [{ name: 'alertname', value: 'Any', isRegex: false, isEqual: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: 'test',
        comment: 'while the disk is changed',
      };
      await askJson(`${counts.url(settings.ports.ALERTMANAGER_PORT)}/api/v2/silences`, post(silence));
    }
    await vi.waitFor(async () => expect(await counts.prometheusTotal()).toBe(1_830), seldom);

    const to = Date.now() / 1_000;
    // With passwords of their own, new after all was wiped.
    const take = async () => {
      const { gateway, prometheus: samples, database, redis: keys, silences } = createCounts(settings);
      return {
        gateway: await gateway(),
        prometheus: await samples(to),
        database: database(),
        redis: keys(),
        silences: await silences(),
      };
    };
    // Events of the games are counted a moment after.
    await vi.waitFor(
      () => expect(counts.database()).toMatchObject({ game_sessions: '5', outbox: '0' }),
      seldom,
    );
    const before = await take();
    expect(before.gateway).toContain('shots_total{table="t0"} 390');
    expect(JSON.stringify(before.prometheus)).toContain('shots_total');
    expect(before.redis).toHaveLength(50);

    const backup = await runCommand('ops', ['backup', set], env);
    expect(backup.code, backup.output).toBe(0);
    expect(readdirSync(set).sort()).toEqual([
      ...(hasAlertmanager ? ['alertmanager'] : []),
      'gateway',
      'manifest.json',
      'postgres',
      'prometheus',
      'redis',
    ]);
    const running = await runCommand('restore', [set], env);
    expect(running).toMatchObject({ code: 1, output: expect.stringContaining('stop the stack first') });

    await first.stop();
    rmSync(dataDir, { recursive: true });
    mkdirSync(dataDir);

    // A byte more, and nothing is put back.
    const dump = join(set, 'postgres/database.dump');
    const whole = readFileSync(dump);
    appendFileSync(dump, '!');
    const damaged = await runCommand('restore', [set], env);
    expect(damaged).toMatchObject({
      code: 1,
      output: expect.stringContaining('postgres/database.dump: expected'),
    });
    expect(existsSync(join(dataDir, 'gateway'))).toBe(false);
    rmSync(dump);
    appendFileSync(dump, whole);

    const started = performance.now();
    const restore = await runCommand('restore', [set], env);
    expect(restore.code, restore.output).toBe(0);
    const restored = performance.now();
    await startServers(settings);
    const after = await take();
    const ready = performance.now();
    expect(after).toEqual(before);
    const [put, all] = [restored - started, ready - started].map((ms) => (ms / 1_000).toFixed(1));
    process.stdout.write(`restored after ${put} s, all started and counted after ${all} s\n`);

    // What was counted before the backup and comes again still counts once.
    const again = post({
      producer: 'backup-test',
      seq: BATCHES,
      metrics: [{ name: 'shots_total', value: 60 }],
    });
    const answer = await askJson(`${counts.url(settings.ports.GATEWAY_PORT)}/api/metrics`, again);
    expect(answer).toMatchObject({ duplicate: true });
  },
);
