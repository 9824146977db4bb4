import { stringify } from 'yaml';
import type { GatewayConfig } from './config';
import { isMapping } from './configProblems';
import { isSecretField } from './configSchema';

function masked(value: unknown, name = ''): unknown {
  if (isSecretField(name)) return typeof value === 'string' ? `(set, ${value.length} characters)` : value;
  if (Array.isArray(value)) return value.map((one) => masked(one));
  if (typeof value === 'string') return value.replace(/\/\/[^/?#@]*@/, '//…@');
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, key)]));
}

/** The configuration as the gateway has understood it, defaults too, as YAML; of secrets nothing but their length. */
export function configSummary(config: GatewayConfig): string {
  return stringify(masked(config), { lineWidth: 0 });
}
