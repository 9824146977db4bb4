import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@artel/test-support/programs/port';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../kubernetes/render';
import { canBuildImages, createImageStore } from './buildah';
import { type Container, type ContainerSettings, startContainer } from './container';
import { makeStandIns } from './standInBases';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What Kubernetes leaves to the gateway: the grace period of its pod less the preStop, in ms. */
function gracePeriod(): number {
  const text = readFileSync(join(repository, 'deploy/kubernetes/base/stateful-set.yaml'), 'utf8');
  const set: unknown = readManifests(text)[0];
  if (!StatefulSet.is(set)) throw new Error('expected a StatefulSet');
  const { terminationGracePeriodSeconds = 0, containers = [] } = set.spec?.template.spec ?? {};
  return (terminationGracePeriodSeconds - (containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0)) * 1_000;
}

// The bases are stand-ins, as no registry of images may be in reach: the Dockerfile's own steps, its files and its
// settings are what is tried here. It takes Debian's buildah, and root.
describe.skipIf(!canBuildImages)('the image of the gateway', () => {
  const folder = canBuildImages ? mkdtempSync(join(tmpdir(), 'artel-image-')) : '';
  const store = createImageStore(folder);
  let root = '';
  let settings: ContainerSettings;
  let port = 0;
  const running: Container[] = [];

  const start = async (data = join(folder, 'data')): Promise<Container> => {
    port = await freePort();
    mkdirSync(data, { recursive: true });
    // A new volume takes over the owner of what the image has in its place.
    const { uid, gid } = statSync(join(root, 'data'));
    chownSync(data, uid, gid);
    const container = startContainer({
      root,
      settings,
      data,
      env: { GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(port) },
    });
    running.push(container);
    await container.printed(/gateway listening on /);
    return container;
  };
  /** Sends a batch as clients do: again, while a busy gateway answers 503. */
  const send = async (batch: object): Promise<Response> => {
    const body = JSON.stringify(batch);
    const answer = await fetch(`http://127.0.0.1:${port}/api/metrics`, { method: 'POST', body });
    return answer.status === 503 ? send(batch) : answer;
  };
  const healthy = (container: Container): boolean => {
    const [form, ...command] = settings.Healthcheck.Test;
    return form === 'CMD' && container.run(command).code === 0;
  };

  beforeAll(async () => {
    const standIns = await makeStandIns(store);
    const dockerfile = join(repository, 'deploy/docker/gateway.Dockerfile');
    await store.run(
      ...['build', '--pull-never', '--format', 'docker', '--tag', 'artel-test/gateway'],
      ...['--build-arg', `NODE=${standIns.node}`, '--build-arg', `RUNTIME=${standIns.runtime}`],
      ...['--file', dockerfile, '--ignorefile', `${dockerfile}.dockerignore`],
      ...[...standIns.buildArguments, repository],
    );
    settings = JSON.parse(await store.run('inspect', '--type', 'image', 'artel-test/gateway')).Docker.config;
    root = await store.run('mount', await store.run('from', '--pull-never', 'artel-test/gateway'));
  });

  afterAll(async () => {
    await Promise.allSettled(running.map((container) => container.stop()));
    if (folder) await store.remove();
  });

  it('holds the built gateway and what it needs, and nothing that it was built from', () => {
    const inApp = readdirSync(join(root, 'app/packages/gateway')).sort();
    expect(inApp).toEqual(['dist', 'node_modules', 'package.json']);
    const modules = readdirSync(join(root, 'app/node_modules/.pnpm'));
    expect(modules.some((name) => name.startsWith('fastify@'))).toBe(true);
    expect(modules.filter((name) => /^(?:typescript|tsup|vitest|esbuild)@/.test(name))).toEqual([]);
    expect(existsSync(join(root, 'root/.npmrc'))).toBe(false);
  });

  it('starts as nobody with no rights on a read-only root, finds itself healthy and takes batches', async () => {
    const container = await start();
    expect(container.status('Uid')).toBe('65532\t65532\t65532\t65532');
    expect(container.status('CapEff')).toMatch(/^0+$/);
    expect(container.status('NSpid')).toMatch(/\t1$/);
    expect(healthy(container)).toBe(true);
    const answer = await send({ producer: 'image-test', seq: 1, metrics: [{ name: 'shots_total' }] });
    expect([answer.status, await answer.json()]).toEqual([202, expect.objectContaining({ accepted: 1 })]);
    expect(await container.stop()).toBe(0);
  });

  it('knows in each next life what it has counted, whether it was stopped or killed', async () => {
    const batch = { producer: 'image-test', seq: 1, metrics: [{ name: 'shots_total' }] };
    const second = await start();
    expect(await (await send(batch)).json()).toMatchObject({ duplicate: true });
    await second.kill();
    const third = await start();
    expect(await (await send(batch)).json()).toMatchObject({ duplicate: true });
    expect(await third.stop()).toBe(0);
  });

  it('takes a command of artel-gateway, such as for a backup while it runs', async () => {
    const container = await start();
    const backup = container.run([...settings.Entrypoint, 'backup', '/data/backups/first']);
    expect(backup).toMatchObject({ code: 0, output: expect.stringContaining('backed up /data/gateway') });
    expect(readdirSync(join(folder, 'data/backups/first')).sort()).toEqual(['data.mdb', 'manifest.json']);
    expect(healthy(container)).toBe(true);
    expect(await container.stop()).toBe(0);
  });

  it('ends with 0 while a body is still on its way, before Kubernetes would kill it', async () => {
    const container = await start();
    const slow = connect(port, '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('POST /api/metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"metrics"');
    await fetch(`http://127.0.0.1:${port}/health/live`);
    // A container that takes longer is killed, and its exit code is another.
    const grace = setTimeout(() => void container.kill(), gracePeriod());
    expect(await container.stop()).toBe(0);
    clearTimeout(grace);
    slow.destroy();
  });
});
