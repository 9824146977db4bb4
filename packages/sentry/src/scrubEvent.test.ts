import { FILTERED } from '@artel/telemetry-protocol/scrub';
import { type ErrorEvent, Scope } from '@sentry/react';
import { expect, it } from 'vitest';
import { scrubEvent } from './scrubEvent';

const SECRET = 'CANARY';
const LAUNCH = `tgWebAppData=user%3D%257B%2522first_name%2522%253A%2522${SECRET}%2522%257D%26hash%3D${SECRET}`;
const PAGE = `https://app.example/play?promo=${SECRET}#${LAUNCH}&tgWebAppVersion=9.1`;

it('filters private headers and fields', () => {
  const clean = scrubEvent<ErrorEvent>({
    type: undefined,
    request: {
      url: PAGE,
      query_string: `promo=${SECRET}`,
      cookies: { sid: SECRET },
      headers: { authorization: SECRET, Cookie: SECRET, 'X-API-Key': SECRET, accept: 'text/html' },
      data: { password: SECRET, token: SECRET, secret: SECRET, key: SECRET, score: 7 },
    },
  });
  expect(clean.request).toEqual({
    url: 'https://app.example/play',
    query_string: FILTERED,
    cookies: FILTERED,
    headers: { authorization: FILTERED, Cookie: FILTERED, 'X-API-Key': FILTERED, accept: 'text/html' },
    data: { password: FILTERED, token: FILTERED, secret: FILTERED, key: FILTERED, score: 7 },
  });
});

it.each([
  ['JSON', `{"password":"${SECRET}","deep":{"key":"${SECRET}"},"score":7}`, '"score":7'],
  ['a form', `password=${SECRET}&score=7&token=${SECRET}`, 'score=7'],
])('filters a body that is %s', (_, data, kept) => {
  const body = scrubEvent<ErrorEvent>({ type: undefined, request: { data } }).request?.data;
  expect(body).toContain(kept);
  expect(body).not.toContain(SECRET);
});

it('leaves no planted secret in any part of an event', () => {
  const clean = scrubEvent<ErrorEvent>({
    type: undefined,
    message: `opened ${PAGE}`,
    logentry: { message: `opened ${PAGE}`, params: [PAGE] },
    transaction: `/play?${LAUNCH}`,
    request: { url: PAGE, headers: { Referer: PAGE } },
    exception: {
      values: [
        {
          type: 'InvalidLaunchParamsError',
          value: `cannot read ${LAUNCH}`,
          mechanism: { type: 'generic', data: { url: PAGE } },
          stacktrace: { frames: [{ filename: PAGE, abs_path: PAGE, vars: { initData: SECRET } }] },
        },
      ],
    },
    breadcrumbs: [
      { category: 'navigation', data: { from: `/play?promo=${SECRET}#${LAUNCH}`, to: '/table' } },
      { category: 'fetch', message: PAGE, data: { url: PAGE, 'url.fragment': SECRET, 'url.query': SECRET } },
    ],
    extra: { initDataRaw: SECRET, nested: { first_name: SECRET, list: [PAGE] } },
    contexts: { table: { token: SECRET, at: PAGE }, react: { componentStack: `at Table (${PAGE}:1:2)` } },
    tags: { page: PAGE, start_param: SECRET },
    user: { id: 'p-1', username: SECRET, email: SECRET, ip_address: SECRET, first_name: SECRET },
    fingerprint: [PAGE],
  });
  expect(JSON.stringify(clean)).not.toContain(SECRET);
  expect(clean.user).toEqual({ id: 'p-1' });
  expect(clean.breadcrumbs?.[0]?.data).toEqual({ from: '/play', to: '/table' });
  expect(clean.exception?.values?.[0]?.type).toBe('InvalidLaunchParamsError');
});

it("does not open Sentry's own live objects", () => {
  const sdkProcessingMetadata = { capturedSpanScope: new Scope() };
  const clean = scrubEvent<ErrorEvent>({ type: undefined, sdkProcessingMetadata });
  expect(clean.sdkProcessingMetadata).toBe(sdkProcessingMetadata);
});

it('scrubs the name of the transaction that the envelope’s header repeats', () => {
  const dynamicSamplingContext = { transaction: `GET /play?promo=${SECRET}`, trace_id: 'a' };
  const clean = scrubEvent<ErrorEvent>({
    type: undefined,
    sdkProcessingMetadata: { dynamicSamplingContext },
  });
  expect(clean.sdkProcessingMetadata?.dynamicSamplingContext).toEqual({
    transaction: 'GET /play',
    trace_id: 'a',
  });
  expect(dynamicSamplingContext.transaction).toContain(SECRET);
});

it('keeps a user’s id only if it is a text or a number', () => {
  const idOf = (id: unknown) =>
    scrubEvent(JSON.parse(JSON.stringify({ user: { id, username: SECRET } }))).user;
  expect(idOf(7)).toEqual({ id: 7 });
  expect(idOf({ username: SECRET })).toEqual({});
});
