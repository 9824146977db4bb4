import type { LogPolicy, Policies } from './policySchema';

/** A log policy with its place in the order in which they claim a stream. */
export interface RankedLogPolicy {
  readonly name: string;
  readonly policy: LogPolicy;
  /** Higher claims first; 0 is the policy for the rest. Loki's `priority`. */
  readonly priority: number;
}

/** The log policies, first who claims first: what is kept longer, so that no doubt ever shortens what is kept. */
export function rankLogPolicies({ retention_policies }: Policies): readonly RankedLogPolicy[] {
  const all = Object.entries(retention_policies.logs).map(([name, policy]) => ({ name, policy }));
  const claiming = all
    .filter(({ policy }) => policy.streams !== undefined)
    .sort((a, b) => b.policy.deletion - a.policy.deletion || (a.name < b.name ? -1 : 1));
  const rest = all.filter(({ policy }) => policy.streams === undefined);
  return [...claiming, ...rest].map((one, index) => ({
    ...one,
    priority: one.policy.streams ? claiming.length - index : 0,
  }));
}

function alternatives(values: readonly string[]): string {
  return JSON.stringify(values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
}

/** What Loki's `retention_stream` chooses a policy's streams by; a higher priority goes before. */
export function retentionSelector({ streams }: LogPolicy): string {
  return streams ? `{${streams.label}=~${alternatives(streams.values)}}` : '{service_name=~".+"}';
}

/**
 * The selector of the streams that a policy has and no other claims: deletion knows no priorities. `service_name` is on
 * every stream, Loki sees to that (`discover_service_name`), and a selector needs one matcher that demands something.
 */
export function deletionSelector(ranked: readonly RankedLogPolicy[], name: string): string {
  const own = ranked.find((one) => one.name === name);
  if (!own) throw new Error(`there is no log policy ${name}`);
  const others = ranked
    .filter(({ priority }) => priority > own.priority)
    .flatMap(({ policy: { streams } }) =>
      streams ? [`${streams.label}!~${alternatives(streams.values)}`] : [],
    );
  const { streams } = own.policy;
  const wanted = streams ? `${streams.label}=~${alternatives(streams.values)}` : 'service_name=~".+"';
  return `{${[wanted, ...others].join(', ')}}`;
}
