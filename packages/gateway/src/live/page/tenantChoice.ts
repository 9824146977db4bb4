import type { LiveState } from '../wire';
import { make } from './element';

const ALL = '*';

export interface TenantChoice {
  /** The tenant to ask for; `undefined` where there is no choice. */
  chosen(): string | undefined;
  /** Offers what the reader may see, and keeps to what was chosen where that is still there. */
  offer(state: LiveState): void;
}

/** The switch between tenants. It stays in the address, so that a link opens what was looked at. */
export function createTenantChoice(
  field: HTMLElement,
  select: HTMLSelectElement,
  onChange: () => void,
): TenantChoice {
  let wanted = new URLSearchParams(location.search).get('tenant') ?? undefined;
  let offered = '';

  select.addEventListener('change', () => {
    wanted = select.value;
    const address = new URL(location.href);
    address.searchParams.set('tenant', wanted);
    history.replaceState(null, '', address);
    onChange();
  });
  return {
    chosen: () => (field.hidden ? undefined : select.value),
    offer({ tenants, all }) {
      const values = [...(all ? [ALL] : []), ...tenants];
      field.hidden = values.length < 2;
      if (values.join('\n') !== offered) {
        offered = values.join('\n');
        select.replaceChildren(
          ...values.map((value) =>
            make('option', { text: value === ALL ? 'All tenants' : value, attributes: { value } }),
          ),
        );
      }
      select.value = values.find((value) => value === wanted) ?? values[0] ?? '';
    },
  };
}
