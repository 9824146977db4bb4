import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { launch } from '@artel/test-support/programs/launch';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { nativePlaces } from './backupPlaces';
import { planStack } from './planStack';
import { dataFolder, runCommand, stackCommand, stackEnvironment } from './stack.fixture';
import { findStackPrograms } from './stackPrograms';
import { readStackSettings } from './stackSettings';

const programs = findStackPrograms(process.env);
const seldom = { interval: 300 };

interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
}

/** Processes that have a folder in their arguments or their environment. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const [line, env] = ['cmdline', 'environ'].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'utf8'),
        );
        return `${line}${env}`.includes(folder) ? [`${pid} ${line?.replaceAll('\0', ' ')}`] : [];
      } catch {
        // Gone meanwhile.
        return [];
      }
    });
}

const LISTENING = '0A';
/** As the kernel writes 127.0.0.1 and ::1. */
const LOOPBACK = new Set(['0100007F', '00000000000000000000000001000000']);

/** Addresses, others than loopback, at which anybody listens on one of the ports. */
function openListeners(ports: readonly number[]): string[] {
  return ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => {
        const [address = '', port = ''] = local.split(':');
        return state === LISTENING && ports.includes(Number.parseInt(port, 16)) && !LOOPBACK.has(address);
      })
      .map(([, local]) => String(local)),
  );
}

it.skipIf(!programs.prometheus && !process.env['CI'])(
  'starts what the machine has, has Prometheus scrape all of it, and leaves nothing behind at Ctrl-C',
  async () => {
    const dataDir = dataFolder('stack');
    const env = await stackEnvironment(dataDir);
    const settings = readStackSettings(env);
    const { parts, skipped } = planStack(settings, programs);
    const stack = await launch({
      name: 'npm run stack',
      ...stackCommand,
      env,
      ready: /Ctrl-C stops everything/,
      grace: 30_000,
    });
    onTestFinished(async () => void (await stack.stop()));

    const addresses = stack.output().match(/http:\/\/\S+/g) ?? [];
    expect(addresses.length).toBeGreaterThanOrEqual(5);
    const prometheusUrl = `http://127.0.0.1:${settings.ports.PROMETHEUS_PORT}`;
    for (const address of addresses) {
      // Debian's Prometheus 3 has no page for a person, and answers 404 in its place.
      const asked = address === prometheusUrl ? `${address}/-/ready` : address;
      expect([address, (await fetch(asked)).status]).toEqual([address, 200]);
    }
    for (const line of skipped) expect(stack.output()).toContain(`- ${line}\n`);

    // What goes in at the gateway comes out at Prometheus.
    const gateway = `http://127.0.0.1:${settings.ports.GATEWAY_PORT}`;
    const smoke = await runCommand('smoke', ['--gateway', gateway, '--prometheus', prometheusUrl], env);
    expect(smoke.output).toMatch(/✓ Prometheus shows it after /);
    expect(smoke.code).toBe(0);
    const prometheus = `${prometheusUrl}/api/v1`;
    // RabbitMQ is asked twice, the second time by queue.
    const jobs = (job: string): string[] => (job === 'rabbitmq' ? [job, 'rabbitmq-queues'] : [job]);
    const wanted = parts.flatMap(({ scraped }) =>
      scraped ? jobs(scraped.job).map((job) => [job, scraped.service, 'development', 'up']) : [],
    );
    await vi.waitFor(async () => {
      const { data } = (await (await fetch(`${prometheus}/targets`)).json()) as {
        data: { activeTargets: ActiveTarget[] };
      };
      const scraped = data.activeTargets.map(({ labels, health }) => [
        labels['job'],
        labels['service'],
        labels['environment'],
        health,
      ]);
      expect(scraped.sort()).toEqual(wanted.sort());
    }, seldom);

    // Its rules are loaded, and it keeps what the policies say.
    const rules = await (await fetch(`${prometheus}/rules`)).text();
    expect(rules).toContain('"name":"ServiceDown"');
    expect(await (await fetch(`${prometheus}/status/flags`)).json()).toMatchObject({
      data: { 'storage.tsdb.retention.time': '5y', 'web.enable-admin-api': 'true' },
    });

    // The servers are behind passwords, and on loopback alone.
    expect(openListeners(Object.values(settings.ports))).toEqual([]);
    expect(processesOf(dataDir).length).toBeGreaterThan(3);
    const secrets = readdirSync(join(dataDir, 'secrets')).map((name) =>
      readFileSync(join(dataDir, 'secrets', name), 'utf8'),
    );
    const shown = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);

    // For `artel-ops backup`, with passwords in it.
    const places = join(dataDir, 'backup-places.yml');
    expect(statSync(places).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(places, 'utf8'))).toEqual(nativePlaces(settings, { parts }));

    expect(await stack.stop('SIGINT')).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  },
);

it('says in one line which port is taken, and what to set', async () => {
  const env = await stackEnvironment(dataFolder('stack'));
  const server = createServer().listen(Number(env['REDIS_PORT']), '127.0.0.1');
  onTestFinished(() => void server.close());
  const { code, output } = await runCommand('stack', [], env);
  expect(code).toBe(1);
  expect(output.trim()).toMatch(
    new RegExp(
      `^Port ${env['REDIS_PORT']} is taken\\. Set REDIS_PORT to a free one: REDIS_PORT=\\d+ npm run stack$`,
    ),
  );
});

it('names a port that is none, and one that is given twice', () => {
  expect(() => readStackSettings({ PROMETHEUS_PORT: 'http' })).toThrow(
    'PROMETHEUS_PORT must be a port from 1 to 65535, got "http"',
  );
  expect(() => readStackSettings({ PORT: '4320' })).toThrow(
    'PORT and GATEWAY_PORT are both 4320; each needs its own',
  );
});

it('says in one line each what is missing, and how to have it', () => {
  const dataDir = dataFolder('stack');
  const { parts, skipped } = planStack(readStackSettings({ DATA_DIR: dataDir }), {});
  expect(parts.map(({ name }) => name)).toEqual(['gateway', 'game-service', 'mini-app']);
  expect(skipped).toContain('Prometheus: apt-get install prometheus');
  expect(skipped).toContain('PostgreSQL: apt-get install postgresql');
  expect(skipped.filter((line) => line.includes('\n'))).toEqual([]);
});

it('refuses a program that is named and is not there', () => {
  expect(() => findStackPrograms({ PROMETHEUS_PATH: '/nowhere/prometheus' })).toThrow(
    'PROMETHEUS_PATH: there is no /nowhere/prometheus',
  );
});
