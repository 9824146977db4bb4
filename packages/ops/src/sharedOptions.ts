import { type Surroundings, UsageError } from './command';

/** Options that several commands have, and their lines of help. */

export const policiesOption = {
  policies: { type: 'string', default: 'observability/retention/retention-policies.yml' },
} as const;

export const policiesHelp = `  --policies FILE       the policies; observability/retention/retention-policies.yml
`;

export const formatOption = { format: { type: 'string', default: 'text' } } as const;

export const formatHelp = `  --format text|json    text
`;

export const storeOptions = {
  prometheus: { type: 'string' },
  loki: { type: 'string' },
  tempo: { type: 'string' },
} as const;

export const storeHelp = `  --prometheus URL      PROMETHEUS_URL
  --loki URL            LOKI_URL
  --tempo URL           TEMPO_URL; a store without a URL is left alone
`;

/** Of the stores' headers. */
export const storeVariables = `  PROMETHEUS_AUTHORIZATION, LOKI_AUTHORIZATION, TEMPO_AUTHORIZATION
                        value of the Authorization header
  PROMETHEUS_ORG_ID, LOKI_ORG_ID, TEMPO_ORG_ID
                        tenant, sent as X-Scope-OrgID
`;

export const auditOptions = {
  audit: { type: 'string', default: '.data/retention/audit.jsonl' },
  actor: { type: 'string' },
} as const;

export const auditHelp = `  --audit FILE          the audit log; .data/retention/audit.jsonl
  --actor NAME          who does it, for the audit log; user@host
`;

export const gatewayOption = { gateway: { type: 'string' } } as const;

export const gatewayHelp = `  --gateway PROGRAM     the gateway's command line; artel-gateway, found on PATH
`;

/** Whether JSON was asked for. Throws a `UsageError` for any other format than the two. */
export function isJson({ format }: { readonly format: string }): boolean {
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`--format: expected text or json, got ${format}`);
  return format === 'json';
}

/** The gateway's program and its first arguments: those of the option, split at spaces, or the default. */
export function gatewayCommand(
  { gateway }: { readonly gateway?: string | undefined },
  around: Surroundings,
): readonly string[] {
  return gateway ? gateway.split(' ') : around.gateway;
}
