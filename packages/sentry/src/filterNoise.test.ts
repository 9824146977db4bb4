import type { ErrorEvent } from '@sentry/react';
import { describe, expect, it } from 'vitest';
import { isBridgeChatter, isNetworkNoise, isOwnRequest } from './filterNoise';

const event = (type?: string, value?: string): ErrorEvent => ({
  type: undefined,
  ...(type !== undefined && value !== undefined && { exception: { values: [{ type, value }] } }),
});

describe('network noise', () => {
  it.each([
    'Network request failed',
    'Oops: Network request failed (offline)',
    'Failed to fetch',
    'Failed to fetch (api.example.com)',
    'Load failed',
    'NetworkError when attempting to fetch resource.',
  ])('is a TypeError that says "%s"', (message) => {
    expect(isNetworkNoise(event(), { originalException: new TypeError(message) })).toBe(true);
    expect(isNetworkNoise(event('TypeError', message), {})).toBe(true);
  });

  it('is not an error of another type with the same words', () => {
    expect(isNetworkNoise(event(), { originalException: new Error('Failed to fetch') })).toBe(false);
    expect(isNetworkNoise(event('Error', 'Failed to fetch'), {})).toBe(false);
  });

  it('is not a chunk that a new deployment removed, nor a defect of the app', () => {
    const chunk = new TypeError('Failed to fetch dynamically imported module: https://a.example/x.js');
    expect(isNetworkNoise(event(), { originalException: chunk })).toBe(false);
    expect(isNetworkNoise(event(), { originalException: new TypeError('x is undefined') })).toBe(false);
    expect(isNetworkNoise(event(), {})).toBe(false);
  });
});

describe('bridge chatter', () => {
  it('is a console line of telegram-web-app.js, by its message or its first argument', () => {
    expect(isBridgeChatter({ category: 'console', message: '[Telegram.WebView] > postEvent x' })).toBe(true);
    expect(isBridgeChatter({ category: 'console', data: { arguments: ['[Telegram.WebApp] x', {}] } })).toBe(
      true,
    );
  });

  it('is no other console line and nothing outside the console', () => {
    expect(isBridgeChatter({ category: 'console', message: 'about [Telegram.WebView]' })).toBe(false);
    expect(isBridgeChatter({ category: 'fetch', message: '[Telegram.WebView]' })).toBe(false);
  });
});

it('knows the requests to an address that the app named', () => {
  const crumb = { category: 'fetch', data: { url: 'https://a.example/api/metrics' } };
  expect(isOwnRequest(crumb, ['/api/metrics'])).toBe(true);
  expect(isOwnRequest(crumb, ['/api/session'])).toBe(false);
  expect(isOwnRequest({ category: 'ui.click' }, ['/api/metrics'])).toBe(false);
});
