import { defaultRates, type SentryOptions } from './options';

/** The shape that Sentry's own parser takes, without the names of files or queries behind the project. */
const DSN = /^https?:\/\/\w+(?::\w*)?@(?:\[[\w:.%]+\]|[\w.-]+)(?::\d+)?\/(?:[^?#]*\/)?\d+$/;

function refuse(field: string, value: unknown, expected: string): never {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  throw new TypeError(`initSentry: "${field}" is ${shown}, expected ${expected}`);
}

/** Throws a TypeError that names the first field in which the options are wrong. */
export function checkOptions(options: SentryOptions): void {
  if (typeof options !== 'object' || options === null) refuse('options', options, 'an object such as {dsn}');
  if (typeof options.dsn !== 'string' || !DSN.test(options.dsn)) {
    refuse('dsn', options.dsn, 'a URL such as "https://<public key>@<host>/<project id>"');
  }
  for (const field of Object.keys(defaultRates)) {
    const rate: unknown = Reflect.get(options, field);
    if (rate === undefined) continue;
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) refuse(field, rate, 'a number from 0 to 1');
  }
  for (const field of ['beforeSend', 'beforeBreadcrumb', 'beforeSendSpan', 'transport'] as const) {
    const hook = options[field];
    if (hook !== undefined && typeof hook !== 'function') refuse(field, hook, 'a function');
  }
  const app: unknown = options.app;
  const name: unknown = typeof app === 'object' && app !== null ? Reflect.get(app, 'name') : app;
  if (app !== undefined && (typeof name !== 'string' || name === '')) {
    refuse('app', name, 'a name, or an object with a name');
  }
}
