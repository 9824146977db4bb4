import { readdirSync, readFileSync } from 'node:fs';
import { browserCatalogue, serviceCatalogue } from '@artel/telemetry-protocol';
import { exporterMetrics } from './exporterMetrics';
import { readRules } from './readRules';

const gatewaySource = new URL('../../../packages/gateway/src/', import.meta.url);

/** Names that the gateway's code gives to its own metrics. */
function gatewayMetrics(): Set<string> {
  const files = readdirSync(gatewaySource, { recursive: true, encoding: 'utf8' });
  const text = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, gatewaySource), 'utf8'))
    .join('\n');
  const whole = [...text.matchAll(/'(artel_gateway_[a-z_]+[a-z])'/g)].map(([, name = '']) => name);
  // The forwarder puts `artel_gateway_output_` before the names of its families.
  const forwarded = [...text.matchAll(/family\(\s*'([a-z_]+)'/g)].map(
    ([, name = '']) => `artel_gateway_output_${name}`,
  );
  return new Set([...whole, ...forwarded]);
}

/** Names under which Prometheus has what the catalogues define: of a histogram its parts, and not its own. */
function catalogueMetrics(): string[] {
  return [...browserCatalogue.values(), ...serviceCatalogue.values()].flatMap(({ name, kind }) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

/** Tells whether anything emits a metric of this name, or a rule records it. */
export function createKnownMetrics(): (name: string) => boolean {
  const known = new Set([
    ...exporterMetrics,
    ...catalogueMetrics(),
    ...readRules().recordings.map(({ record }) => record),
  ]);
  const gateway = gatewayMetrics();
  return (name) =>
    known.has(name) || gateway.has(name) || gateway.has(name.replace(/_(?:bucket|sum|count)$/, ''));
}
