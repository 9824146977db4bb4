import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readDockerfile } from '@artel/test-support/programs/readDockerfile';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { ofKind } from './ofKind';
import { quantityBytes } from './quantity';
import { kubectl, readManifests, render } from './render';
import { KUBERNETES, schemaProblems, typeProblems } from './schemas';

const overlay = 'overlays/apps-production';
const readHere = (path: string): string =>
  readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const exampleSecret = readManifests(readHere(`${overlay}/secret.example.yaml`));

const apps = [
  { name: 'game-service', probes: ['/health/live', '/health/live', '/health/ready'] },
  { name: 'mini-app', probes: [undefined, '/healthz', '/healthz'] },
];

describe.skipIf(!kubectl)('the apps in production', () => {
  const manifests = kubectl ? render(overlay) : [];
  const production = kubectl ? render('overlays/production') : [];

  it(`are valid by the schemas of Kubernetes ${KUBERNETES}, without a field that it does not know`, async () => {
    const both = [...manifests, ...exampleSecret];
    expect((await Promise.all(both.map(schemaProblems))).flat()).toEqual([]);
    expect(typeProblems(both)).toEqual([]);
  });

  it('are all in the namespace of the gateway', () => {
    const namespaces = manifests.map(({ metadata }) =>
      'namespace' in metadata ? metadata.namespace : undefined,
    );
    expect([...new Set(namespaces)]).toEqual(['artel-telemetry']);
    const taken = new Set(production.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    expect(manifests.filter(({ kind, metadata }) => taken.has(`${kind}/${metadata.name}`))).toEqual([]);
  });

  describe.each(apps)('$name', ({ name, probes }) => {
    const image = readDockerfile(fileURLToPath(new URL(`../docker/${name}.Dockerfile`, import.meta.url)));
    const deployment = ofKind(manifests, Deployment.is).find(
      ({ metadata }) => metadata?.name === `artel-${name}`,
    );
    const pod = deployment?.spec?.template.spec;
    const container = pod?.containers[0];
    const labels = deployment?.spec?.template.metadata?.labels ?? {};
    const selects = (selector: Readonly<Record<string, string>> | undefined) =>
      Object.entries(selector ?? { none: '' }).every(([label, value]) => labels[label] === value);

    it('listens where its image does, and is reached there', () => {
      expect(container?.ports?.map(({ containerPort }) => containerPort)).toEqual(image.exposed);
      const service = ofKind(manifests, Service.is).find(({ spec }) => selects(spec?.selector));
      expect(service?.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(['http']);
      const budget = ofKind(manifests, PodDisruptionBudget.is).find(({ spec }) =>
        selects(spec?.selector?.matchLabels),
      );
      expect(budget?.spec?.maxUnavailable).toBe(1);
      expect(selects(deployment?.spec?.selector.matchLabels)).toBe(true);
      const asked = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
      expect(asked.map((probe) => probe?.httpGet?.path)).toEqual(probes);
    });

    it('does nothing but its work, within bounds', () => {
      const [uid, gid] = (image.user ?? '').split(':').map(Number);
      expect(pod?.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod?.automountServiceAccountToken).toBe(false);
      const { requests, limits } = container?.resources ?? {};
      expect(quantityBytes(limits?.['memory'])).toBeGreaterThanOrEqual(quantityBytes(requests?.['memory']));
      expect(requests?.['cpu']).toBeDefined();
      const policy = ofKind(manifests, NetworkPolicy.is).find(({ spec }) =>
        selects(spec?.podSelector?.matchLabels),
      );
      expect(policy?.spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    });

    it('reads no secret from its environment', () => {
      const env = container?.env ?? [];
      expect(env.filter(({ valueFrom }) => valueFrom)).toEqual([]);
      const mount = container?.volumeMounts?.find(({ mountPath }) => mountPath === '/etc/artel');
      const files = env.filter((one) => one.name.endsWith('_FILE')).map(({ value }) => value);
      const keys = ofKind(exampleSecret, Secret.is).flatMap(({ stringData }) =>
        Object.keys(stringData ?? {}),
      );
      expect(files).toEqual(mount ? keys.map((key) => `/etc/artel/${key}`) : []);
    });
  });

  it('have the Mini App find the gateway and the game service by names that are there', () => {
    const container = ofKind(manifests, Deployment.is).find(
      ({ metadata }) => metadata?.name === 'artel-mini-app',
    )?.spec?.template.spec?.containers[0];
    const services = ofKind([...manifests, ...production], Service.is);
    const urls = container?.env?.map(({ value }) => new URL(value ?? '').hostname) ?? [];
    expect(urls).toHaveLength(2);
    for (const host of urls) {
      const [name, namespace, ...rest] = host.split('.');
      expect(rest.join('.')).toBe('svc.cluster.local');
      const found = services.find(
        ({ metadata }) => metadata?.name === name && metadata?.namespace === namespace,
      );
      expect(found?.spec?.ports?.some(({ port }) => port === 80)).toBe(true);
    }
  });

  it('let players come to the Mini App alone', () => {
    const backends = ofKind(manifests, Ingress.is)
      .flatMap(({ spec }) => spec?.rules?.flatMap(({ http }) => http?.paths ?? []) ?? [])
      .map(({ path, backend }) => [path, backend.service?.name]);
    expect(backends).toEqual([['/', 'artel-mini-app']]);
  });

  it('are scraped under the jobs and services that the rules name', () => {
    const monitors = ofKind([...manifests, ...production], ServiceMonitor.is);
    const services = ofKind([...manifests, ...production], Service.is);
    const scraped = monitors.map(({ spec }) => {
      const [endpoint] = spec.endpoints;
      const matching = services.filter(({ metadata }) =>
        Object.entries(spec.selector.matchLabels ?? {}).every(
          ([label, value]) => metadata?.labels?.[label] === value,
        ),
      );
      expect(matching.length).toBeGreaterThan(0);
      const put = new Map(
        endpoint?.relabelings?.map(({ targetLabel, replacement }) => [targetLabel, replacement]),
      );
      expect(endpoint?.honorLabels).toBe(true);
      return [
        matching[0]?.metadata?.labels?.[spec.jobLabel ?? ''],
        put.get('service'),
        put.get('environment'),
      ];
    });
    expect(scraped.sort()).toEqual([
      ['artel-game-service', 'game-service', 'production'],
      ['artel-gateway', 'gateway', 'production'],
    ]);
  });
});
