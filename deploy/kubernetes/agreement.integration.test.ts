import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDockerfile } from '@artel/test-support/programs/readDockerfile';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, type GatewayConfig, readConfig } from '../../packages/gateway/dist/index.js';
import { browserCatalogue } from '../../packages/protocol/dist/index.js';
import { mountConfiguration } from './mountConfiguration';
import { ofKind } from './ofKind';
import { quantityBytes } from './quantity';
import { kubectl, type Manifest, readManifests, render } from './render';

const image = readDockerfile();
const exampleSecret = readManifests(
  readFileSync(fileURLToPath(new URL('overlays/production/secret.example.yaml', import.meta.url)), 'utf8'),
);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The only one of its kind. */
function one<T>(manifests: readonly unknown[], is: (value: unknown) => value is T): T {
  const found = ofKind(manifests, is);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`expected one, found ${found.length}`);
  return first;
}

function gatewayOf(manifests: readonly Manifest[]) {
  const set = one(manifests, StatefulSet.is);
  const pod = set.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  if (!set.spec || !pod || !container) throw new Error('expected a StatefulSet with a container');
  const env: Record<string, string | undefined> = { ...image.env };
  for (const { name, value } of container.env ?? []) env[name] = value;
  return { set, spec: set.spec, pod, container, env, labels: set.spec.template.metadata?.labels ?? {} };
}

/** Reads the configuration as the gateway in the pod would, from the files that are mounted there. */
function configOf(manifests: readonly Manifest[]): GatewayConfig {
  const { pod, env } = gatewayOf(manifests);
  const folder = mkdtempSync(join(tmpdir(), 'artel-deploy-'));
  folders.push(folder);
  const secrets = ofKind(manifests, Secret.is);
  mountConfiguration(
    pod,
    {
      configMaps: ofKind(manifests, ConfigMap.is),
      // In production the operator makes it, with the keys of the example.
      secrets: secrets.length > 0 ? secrets : ofKind(exampleSecret, Secret.is),
    },
    folder,
  );
  return readConfig({ ...env, GATEWAY_CONFIG: join(folder, env['GATEWAY_CONFIG'] ?? '') });
}

/** Starts a gateway of that configuration, on loopback and in a folder of its own. */
async function withGateway<T>(
  config: GatewayConfig,
  use: (address: string, privateAddress: string | undefined) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'artel-deploy-'));
  folders.push(dataDir);
  const loopback = { host: '127.0.0.1', port: 0 };
  const admin = { ...config.admin, listen: loopback };
  // On a busy machine it waits for the processor, which is no reason to refuse what the test sends.
  const overload = { ...config.overload, delayMs: 60_000 };
  const gateway = createGateway({
    ...config,
    ...loopback,
    admin,
    dataDir,
    overload,
    outputs: {},
    logLevel: 'silent',
  });
  try {
    return await use(await gateway.listen(), gateway.privateAddress());
  } finally {
    await gateway.close();
  }
}

const selects = (selector: Readonly<Record<string, string>> | undefined, labels: Record<string, string>) =>
  selector !== undefined && Object.entries(selector).every(([name, value]) => labels[name] === value);

describe.skipIf(!kubectl).each(['overlays/development', 'overlays/production'])(
  '%s and the gateway',
  (folder) => {
    const manifests = kubectl ? render(folder) : [];

    it('agree on the ports', () => {
      const { container } = gatewayOf(manifests);
      const config = configOf(manifests);
      const ports = Object.fromEntries(
        (container.ports ?? []).map((port) => [port.name, port.containerPort]),
      );
      expect(ports).toEqual({ http: config.port, admin: config.admin.listen?.port });
      expect(image.exposed).toEqual([config.port]);
      // Not loopback, which nobody else in the cluster reaches.
      expect([config.host, config.admin.listen?.host]).toEqual(['0.0.0.0', '0.0.0.0']);
    });

    it('set no variable that the gateway does not read', () => {
      // NODE_ENV is for libraries.
      const read = new Set<PropertyKey>(['NODE_ENV']);
      readConfig(new Proxy({}, { get: (_, name) => void read.add(name) }));
      expect(read).toContain('GATEWAY_PORT');
      expect(Object.keys(gatewayOf(manifests).env).filter((name) => !read.has(name))).toEqual([]);
    });

    it('keep the data on the claimed disk, with room above the bound of the store', () => {
      const { spec, container } = gatewayOf(manifests);
      const config = configOf(manifests);
      const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === config.dataDir);
      const claim = spec.volumeClaimTemplates?.find(({ metadata }) => metadata?.name === mount?.name);
      expect(image.volumes).toEqual([config.dataDir]);
      const size = quantityBytes(claim?.spec?.resources?.requests?.['storage']);
      expect(config.storeMaxBytes ?? 0).toBeLessThan(size * 0.9);
    });

    it('keep the key of the user hashes in the Secret, so that a new disk changes no user', () => {
      expect(configOf(manifests).secret).toBeDefined();
    });

    it('probe routes that answer', async () => {
      const { startupProbe, livenessProbe, readinessProbe } = gatewayOf(manifests).container;
      const gets = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet);
      // A gateway that cannot write is live all the same: a restart frees no disk.
      expect(gets.map((get) => get?.path)).toEqual(['/health/live', '/health/live', '/health/ready']);
      expect(gets.map((get) => get?.port)).toEqual(['http', 'http', 'http']);

      const answers = await withGateway(configOf(manifests), (address) =>
        Promise.all(gets.map((get) => fetch(`${address}${get?.path}`))),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    });

    it('let the gateway do nothing but its work', () => {
      const { pod, container } = gatewayOf(manifests);
      const [uid, gid] = (image.user ?? '').split(':').map(Number);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        fsGroup: gid,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.hostNetwork ?? pod.hostPID ?? pod.hostIPC).toBeUndefined();
      expect(pod.containers).toHaveLength(1);
      expect(pod.volumes?.some((volume) => volume.hostPath)).toBe(false);
    });

    it('bound what it may take of its node', () => {
      const { requests, limits } = gatewayOf(manifests).container.resources ?? {};
      expect(Object.keys(requests ?? {}).sort()).toEqual(['cpu', 'memory']);
      expect(quantityBytes(limits?.['memory'])).toBeGreaterThanOrEqual(quantityBytes(requests?.['memory']));
    });

    it('lead every Service to the pods, and name ports that they have', () => {
      const { set, labels, container } = gatewayOf(manifests);
      const services = ofKind(manifests, Service.is);
      const names = new Set((container.ports ?? []).map(({ name }) => name));
      for (const { spec } of services) {
        expect(selects(spec?.selector, labels)).toBe(true);
        expect(spec?.ports?.filter(({ targetPort }) => !names.has(String(targetPort)))).toEqual([]);
      }
      const governing = services.find(({ metadata }) => metadata?.name === set.spec?.serviceName);
      expect(governing?.spec?.clusterIP).toBe('None');
      // The private listener has no address that an ingress, or a pod of someone else, would come upon.
      const open = services.filter((service) => service !== governing);
      expect(open.flatMap(({ spec }) => spec?.ports?.map(({ targetPort }) => targetPort))).toEqual(['http']);
      expect(selects(one(manifests, PodDisruptionBudget.is).spec?.selector?.matchLabels, labels)).toBe(true);
    });

    it('let nodes drain', () => {
      expect(one(manifests, PodDisruptionBudget.is).spec?.maxUnavailable).toBe(1);
    });

    it('have one gateway write while ledgers are apart', () => {
      const { spec, env } = gatewayOf(manifests);
      const shared = env['REDIS_URL'] !== undefined;
      const scalers = ofKind(manifests, HorizontalPodAutoscaler.is);
      expect(shared || (spec.replicas === 1 && scalers.length === 0)).toBe(true);
    });
  },
);

describe.skipIf(!kubectl)('in production', () => {
  const manifests = kubectl ? render('overlays/production') : [];

  it('the gateway knows that it is', () => {
    const config = configOf(manifests);
    expect(config.environment).toBe('production');
    // Each app with a key of its own, and pages of no origin but the listed.
    expect(config.tenants.map(({ key, origins }) => key !== undefined && origins.length > 0)).toEqual(
      config.tenants.map(() => true),
    );
    // Else all senders would share the ingress controller's address, and its rate.
    expect(config.trustProxy).not.toBe(false);
  });

  it('pages come to /api alone', () => {
    const { spec } = one(manifests, Ingress.is);
    const paths = spec?.rules?.flatMap(({ http }) => http?.paths ?? []) ?? [];
    expect(paths.map(({ path, pathType }) => [path, pathType])).toEqual([['/api/', 'Prefix']]);
    const backend = paths[0]?.backend.service;
    const service = ofKind(manifests, Service.is).find(({ metadata }) => metadata?.name === backend?.name);
    expect(service?.spec?.ports?.map(({ name }) => name)).toContain(backend?.port?.name);
  });

  it('bodies are stopped at the door that the gateway would not take, and no others', async () => {
    const annotations = Object.entries(one(manifests, Ingress.is).metadata?.annotations ?? {});
    const limits = annotations.filter(([name]) => name.endsWith('-body-size')).map(([, limit]) => limit);
    expect(new Set(limits).size).toBe(1);
    // In NGINX, as here, m is 2^20.
    const bytes = Number(/^(\d+)m$/.exec(limits[0] ?? '')?.[1]) * 2 ** 20;
    const config = configOf(manifests);
    expect(bytes).toBeGreaterThanOrEqual(config.limits.bodyBytes);
    // The largest of all are Sentry's envelopes. These are of a project that is not configured.
    const envelope = (size: number) => `{"dsn":"https://b@other.example.com/2"}\n`.padEnd(size);
    const answers = await withGateway(config, (address) =>
      Promise.all(
        [bytes, bytes + 1].map((size) =>
          fetch(`${address}/api/sentry`, { method: 'POST', body: envelope(size) }),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 413]);
  });

  it('nobody but the ingress controller and the monitoring comes in, each at its own port', () => {
    const { spec } = one(manifests, NetworkPolicy.is);
    expect(selects(spec?.podSelector?.matchLabels, gatewayOf(manifests).labels)).toBe(true);
    expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    const ways = spec?.ingress?.map(({ from, ports }) => [
      from?.flatMap((peer) => Object.values(peer.namespaceSelector?.matchLabels ?? {})),
      ports?.map(({ port }) => port),
    ]);
    expect(ways).toEqual([
      [['ingress'], ['http']],
      [['monitoring'], ['admin']],
    ]);
  });

  it('Prometheus scrapes each pod at the private listener, which asks for no token', async () => {
    const { spec } = one(manifests, ServiceMonitor.is);
    const services = ofKind(manifests, Service.is).filter(({ metadata }) =>
      selects(spec.selector.matchLabels, metadata?.labels ?? {}),
    );
    expect(services.map(({ spec: found }) => found?.clusterIP)).toEqual(['None']);
    const [endpoint] = spec.endpoints;
    expect(services[0]?.spec?.ports?.map(({ name }) => name)).toContain(endpoint?.port);
    const status = await withGateway(
      configOf(manifests),
      async (_, privateAddress) => (await fetch(`${privateAddress}${endpoint?.path}`)).status,
    );
    expect(status).toBe(200);
  });

  it('no label of the catalogue falls to a label that the scrape puts on', () => {
    const [endpoint] = one(manifests, ServiceMonitor.is).spec.endpoints;
    const dropped = endpoint?.relabelings?.filter(({ action }) => action === 'labeldrop') ?? [];
    // What the operator and Prometheus put on each target; a series' own is renamed to exported_… beside it.
    const put = ['namespace', 'service', 'pod', 'container', 'endpoint', 'job', 'instance'].filter(
      (label) => !dropped.some(({ regex }) => new RegExp(`^(?:${regex})$`).test(label)),
    );
    const labels = new Set([...browserCatalogue.values()].flatMap((metric) => metric.labels));
    expect(put.filter((label) => labels.has(label))).toEqual([]);
    expect(put.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!kubectl)('the maintenance pod', () => {
  const manifests = kubectl ? render('overlays/production') : [];

  it('is to the disk of the first gateway what that gateway is', () => {
    const path = fileURLToPath(new URL('maintenance/pod.yaml', import.meta.url));
    const { metadata, spec } = one(readManifests(readFileSync(path, 'utf8')), Pod.is);
    const { set, pod, container } = gatewayOf(manifests);
    expect(metadata?.namespace).toBe(set.metadata?.namespace);
    expect(spec?.securityContext).toEqual(pod.securityContext);
    expect(spec?.containers[0]).toMatchObject({
      image: container.image,
      securityContext: container.securityContext,
    });
    const mounts = container.volumeMounts?.filter(({ mountPath }) => image.volumes.includes(mountPath));
    expect(spec?.containers[0]?.volumeMounts).toEqual(mounts);
    expect(spec?.volumes?.map((volume) => volume.persistentVolumeClaim?.claimName)).toEqual(
      mounts?.map(({ name }) => `${name}-${set.metadata?.name}-0`),
    );
  });
});

describe.skipIf(!kubectl)('the autoscaler', () => {
  const manifests = kubectl ? render('testing/autoscaled') : [];

  it('scales the gateway, by a resource of which each pod asks for some', () => {
    const { spec } = one(manifests, HorizontalPodAutoscaler.is);
    const { set, container } = gatewayOf(manifests);
    const { apiVersion, kind, name } = spec?.scaleTargetRef ?? {};
    expect([apiVersion, kind, name]).toEqual([set.apiVersion, set.kind, set.metadata?.name]);
    const resources = spec?.metrics?.map((metric) => metric.resource?.name ?? '');
    expect(resources).toEqual(['cpu']);
    for (const resource of resources ?? []) {
      expect(container.resources?.requests?.[resource]).toBeDefined();
    }
  });

  it('alone says how many there are', () => {
    expect(gatewayOf(manifests).spec.replicas).toBeUndefined();
  });
});
