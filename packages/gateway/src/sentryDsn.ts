import { z } from 'zod';

/** A project of a Sentry server: where its envelopes go, and how its pages name it. */
export interface SentryDsn {
  /** As the SDK writes it into an envelope's header: without the secret that old DSNs have. */
  readonly text: string;
  /** `https://host/api/<project>/envelope/?sentry_key=…`, made of nothing but the configuration. */
  readonly envelopeUrl: string;
}

// The SDK's own pattern, with names that no URL means differently, and a project's id of digits only.
const DSN =
  /^(https?):\/\/(\w{1,128})(?::\w*)?@((?:[a-z\d-]+\.)*[a-z\d-]+|\[[\da-f:.]+\])(:\d{1,5})?\/((?:[\w-]+\/)*)(\d{1,20})$/i;

/** Reads a DSN, `https://key@host/1`; `undefined` when it is none. https://docs.sentry.io/concepts/key-terms/dsn-explainer/ */
export function readSentryDsn(text: string): SentryDsn | undefined {
  const [, protocol = '', key = '', host = '', port = '', path = '', project = ''] = DSN.exec(text) ?? [];
  if (project === '' || !URL.canParse(text)) return undefined;
  return {
    text: `${protocol}://${key}@${host}${port}/${path}${project}`,
    envelopeUrl: `${protocol}://${host}${port}/${path}api/${project}/envelope/?sentry_key=${key}&sentry_version=7`,
  };
}

const expected = 'expected a Sentry DSN like https://key@o1.ingest.sentry.io/42';

/** Config: the DSNs that the tunnel of a tenant lets through. */
export const sentryDsnList = z.array(
  z.string(expected).refine((text) => readSentryDsn(text) !== undefined, expected),
  'expected a list of Sentry DSNs',
);
