import { dsnFromString, dsnToString, getEnvelopeEndpointWithUrlEncodedAuth } from '@sentry/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSentryDsn, sentryDsnList } from './sentryDsn';

describe('a Sentry DSN', () => {
  // A last label of digits only would make an address of the name.
  const label = fc.stringMatching(/^[a-z][a-z\d]{0,7}$/);
  const dsn = fc
    .record({
      protocol: fc.constantFrom('http', 'https'),
      key: fc.stringMatching(/^[\da-f]{32}$/),
      secret: fc.constantFrom('', ':', ':0123abcd'),
      host: fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
      port: fc.constantFrom('', ':9000', ':443'),
      path: fc.array(label, { maxLength: 2 }).map((parts) => parts.map((part) => `${part}/`).join('')),
      project: fc.nat().map(String),
    })
    .map(
      (one) => `${one.protocol}://${one.key}${one.secret}@${one.host}${one.port}/${one.path}${one.project}`,
    );

  it('is written and answered to as by the SDK', () => {
    fc.assert(
      fc.property(dsn, (text) => {
        const bySdk = dsnFromString(text);
        if (bySdk === undefined) throw new Error('expected a DSN that the SDK reads');
        const read = readSentryDsn(text);
        expect(read?.text).toBe(dsnToString(bySdk));
        // Its parameters stand in another order.
        const url = new URL(getEnvelopeEndpointWithUrlEncodedAuth(bySdk));
        const ours = new URL(read?.envelopeUrl ?? '');
        expect(ours.origin + ours.pathname).toBe(url.origin + url.pathname);
        expect(Object.fromEntries(ours.searchParams)).toEqual(Object.fromEntries(url.searchParams));
      }),
    );
  });

  it.each([
    '',
    'https://sentry.io/42',
    'https://@sentry.io/42',
    'https://key@sentry.io/',
    'https://key@sentry.io/project',
    'https://key@sentry.io/42/',
    'https://key@sentry.io/42?a=b',
    'https://key@sentry.io/42#a',
    'https://key@sentry.io/../42',
    'https://key@sentry.io/a/%2e%2e/42',
    'https://key@evil.example#@sentry.io/42',
    'https://key@evil.example\\@sentry.io/42',
    'https://key@a@sentry.io/42',
    'https://key@sentry.io:99999/42',
    'https://key@sentry..io/42',
    'https://key@sentry.io/42\n',
    'ftp://key@sentry.io/42',
    '//key@sentry.io/42',
  ])('is not %j', (text) => {
    expect(readSentryDsn(text)).toBeUndefined();
    expect(sentryDsnList.safeParse([text]).error?.issues).toMatchObject([
      { path: [0], message: 'expected a Sentry DSN like https://key@o1.ingest.sentry.io/42' },
    ]);
  });
});
