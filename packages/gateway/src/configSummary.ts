import { stringify } from 'yaml';
import type { GatewayConfig } from './config';
import { isMapping, withoutCredentials } from './configProblems';
import { isSecretField } from './configSchema';

function masked(value: unknown, isSecret = false): unknown {
  if (Array.isArray(value)) return value.map((one) => masked(one, isSecret));
  if (isMapping(value)) {
    const fields = Object.entries(value);
    return Object.fromEntries(
      fields.map(([key, inner]) => [key, masked(inner, isSecret || isSecretField(key))]),
    );
  }
  if (isSecret) return `(set, ${String(value).length} characters)`;
  return typeof value === 'string' ? withoutCredentials(value) : value;
}

/** The configuration as the gateway has understood it, defaults too, as YAML; of secrets nothing but their length. */
export function configSummary(config: GatewayConfig): string {
  return stringify(masked(config), { lineWidth: 0 });
}
