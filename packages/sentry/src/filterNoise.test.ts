import type { ErrorEvent } from '@sentry/react';
import { describe, expect, it } from 'vitest';
import { isBridgeChatter, isForeignNoise, isNetworkNoise, isOwnRequest } from './filterNoise';

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

describe('noise of code that is not the app’s', () => {
  const at = (...filenames: (string | undefined)[]): ErrorEvent => ({
    type: undefined,
    exception: {
      values: [
        {
          type: 'TypeError',
          value: 'x is undefined',
          stacktrace: { frames: filenames.map((filename) => (filename === undefined ? {} : { filename })) },
        },
      ],
    },
  });

  it.each([
    'chrome-extension://abc/inject.js',
    'moz-extension://abc/inject.js',
    'safari-extension://abc/inject.js',
    'safari-web-extension://abc/inject.js',
    'webkit-masked-url://hidden/',
  ])('is an error that lies wholly in %s', (place) => {
    expect(isForeignNoise(at('<anonymous>', place, '[native code]', undefined, place))).toBe(true);
  });

  it('is not an error of the app’s that passes through an extension’s wrapper, nor one without a place', () => {
    expect(isForeignNoise(at('https://app.example/a.js', 'chrome-extension://abc/fetch.js'))).toBe(false);
    expect(isForeignNoise(at('chrome-extension://abc/fetch.js', 'https://app.example/a.js'))).toBe(false);
    expect(isForeignNoise(at('<anonymous>'))).toBe(false);
    expect(isForeignNoise(at())).toBe(false);
    expect(isForeignNoise(event())).toBe(false);
  });

  it.each([
    ["Can't find variable: TelegramGameProxy", "Can't find variable: TelegramGame"],
    ['TelegramGameProxy is not defined', 'GameProxy is not defined'],
    [
      "undefined is not an object (evaluating 'window.TelegramGameProxy.receiveEvent')",
      "undefined is not an object (evaluating 'table.receiveEvent')",
    ],
    [
      "undefined is not an object (evaluating 'window.Telegram.WebView.receiveEvent')",
      "undefined is not an object (evaluating 'window.Telegram.WebApp.initData')",
    ],
    [
      "Cannot read properties of undefined (reading 'receiveEvent')",
      "Cannot read properties of undefined (reading 'events')",
    ],
    [
      "Cannot read properties of undefined (reading 'WebView')",
      "Cannot read properties of undefined (reading 'WebApp')",
    ],
    [
      "undefined is not an object (evaluating 'window.webkit.messageHandlers.x')",
      "undefined is not an object (evaluating 'room.messageHandlers.x')",
    ],
    ['Error invoking postEvent: Java object is gone', 'Error invoking postEvent: no such ball'],
    ['Java bridge method invocation error', 'bridge method invocation error'],
    ['WebAppMethodUnsupported', 'WebAppPopupParamInvalid'],
    ['WebAppMethodUnsupported', 'openTable failed: WebAppMethodUnsupported'],
  ])('is "%s", but not "%s"', (noise, fault) => {
    expect(isForeignNoise(event('Error', noise))).toBe(true);
    expect(isForeignNoise(event('Error', fault))).toBe(false);
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
