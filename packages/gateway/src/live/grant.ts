/** What a reader may see: every tenant there is, or those named. */
export interface Grant {
  readonly tenants: 'all' | readonly string[];
}

/** Whether the reader is the gateway's operator. */
export const isOperatorOf = ({ tenants }: Grant): boolean => tenants === 'all';

/** Feed of all tenants together; no tenant's id, which has a `/` in it or is `default`. */
export const ALL_TENANTS = '*';

/** What the reader may choose from, in the order of the configuration, and whether all of it together may be seen. */
export function visibleTo(
  grant: Grant,
  tenants: readonly string[],
): { readonly tenants: readonly string[]; readonly all: boolean } {
  const { tenants: granted } = grant;
  if (granted === 'all') return { tenants, all: tenants.length > 1 };
  return { tenants: tenants.filter((tenant) => granted.includes(tenant)), all: false };
}

/** The feed that a reader gets who asks for `asked`, or for nothing in particular; `undefined` where it may not. */
export function feedFor(
  grant: Grant,
  tenants: readonly string[],
  asked: string | undefined,
): string | undefined {
  const visible = visibleTo(grant, tenants);
  const names = visible.all ? [ALL_TENANTS, ...visible.tenants] : visible.tenants;
  return asked === undefined ? names[0] : names.find((name) => name === asked);
}
