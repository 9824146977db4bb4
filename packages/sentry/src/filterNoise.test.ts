import { runInNewContext } from 'node:vm';
import type { ErrorEvent } from '@sentry/react';
import { describe, expect, it } from 'vitest';
import {
  isBridgeBreadcrumb,
  isBridgeMessage,
  isIgnoredRequest,
  isInjectedCode,
  isNetworkNoise,
} from './filterNoise';

const event = (type?: string, value?: string): ErrorEvent => ({
  type: undefined,
  ...(type !== undefined && value !== undefined && { exception: { values: [{ type, value }] } }),
});

describe('a lost network', () => {
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

  it('may be an error of another realm, such as an iframe’s', () => {
    const foreign: unknown = runInNewContext("new TypeError('Failed to fetch')");
    expect(foreign).not.toBeInstanceOf(TypeError);
    expect(isNetworkNoise(event('TypeError', 'Failed to fetch'), { originalException: foreign })).toBe(true);
  });

  it('is not a chunk that a new deployment removed, nor a bug of the app', () => {
    const chunk = new TypeError('Failed to fetch dynamically imported module: https://a.example/x.js');
    expect(isNetworkNoise(event(), { originalException: chunk })).toBe(false);
    expect(isNetworkNoise(event(), { originalException: new TypeError('x is undefined') })).toBe(false);
    expect(isNetworkNoise(event(), {})).toBe(false);
  });
});

describe('injected code', () => {
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
  ])('is an error whose whole stack lies in %s', (file) => {
    expect(isInjectedCode(at('<anonymous>', file, '[native code]', undefined, file))).toBe(true);
  });

  it('is not an error of the app that passes through an extension’s wrapper, nor one without a stack', () => {
    expect(isInjectedCode(at('https://app.example/a.js', 'chrome-extension://abc/fetch.js'))).toBe(false);
    expect(isInjectedCode(at('chrome-extension://abc/fetch.js', 'https://app.example/a.js'))).toBe(false);
    expect(isInjectedCode(at('<anonymous>'))).toBe(false);
    expect(isInjectedCode(at())).toBe(false);
    expect(isInjectedCode(event())).toBe(false);
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
  ])('is "%s", but not "%s"', (injected, appError) => {
    expect(isInjectedCode(event('Error', injected))).toBe(true);
    expect(isInjectedCode(event('Error', appError))).toBe(false);
  });
});

describe('a bridge message', () => {
  it('is a console line of telegram-web-app.js, by its message or its first argument', () => {
    expect(isBridgeBreadcrumb({ category: 'console', message: '[Telegram.WebView] > postEvent x' })).toBe(
      true,
    );
    expect(
      isBridgeBreadcrumb({ category: 'console', data: { arguments: ['[Telegram.WebApp] x', {}] } }),
    ).toBe(true);
  });

  it('is no other console line and nothing outside the console', () => {
    expect(isBridgeBreadcrumb({ category: 'console', message: 'about [Telegram.WebView]' })).toBe(false);
    expect(isBridgeBreadcrumb({ category: 'fetch', message: '[Telegram.WebView]' })).toBe(false);
  });

  it('may be a String object, as Sentry’s logger makes them, and an object without a prototype is none', () => {
    expect(isBridgeMessage(new String('[Telegram.WebView] > postEvent x'))).toBe(true);
    expect(isBridgeMessage(Object.create(null))).toBe(false);
    expect(isBridgeBreadcrumb({ category: 'console', data: { arguments: [Object.create(null)] } })).toBe(
      false,
    );
  });
});

it('ignores a request whose URL contains one of the given parts', () => {
  expect(isIgnoredRequest('https://a.example/api/metrics', ['/api/metrics'])).toBe(true);
  expect(isIgnoredRequest('https://a.example/api/metrics', ['/api/session'])).toBe(false);
  expect(isIgnoredRequest(undefined, ['/api/metrics'])).toBe(false);
});
