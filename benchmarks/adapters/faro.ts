import { type Faro, initializeFaro } from '@grafana/faro-web-sdk';
import type { Adapter } from './Adapter';

let faro: Faro | undefined;

/** Faro with the web instrumentations that it starts by default; by default it would drop a tap like the one before. */
export const { start, event }: Adapter = {
  start(origin) {
    faro = initializeFaro({ url: `${origin}/collect`, app: { name: 'bench', version: '1.0.0' } });
  },
  event(action) {
    faro?.api.pushEvent(action, undefined, undefined, { skipDedupe: true });
  },
};
