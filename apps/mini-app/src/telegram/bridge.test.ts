// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectBridge } from './bridge';

const colour = (name: string) => document.documentElement.style.getPropertyValue(`--tg-theme-${name}`);
const scripts = () => document.querySelectorAll('script[src*="telegram.org"]').length;

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {} }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  delete window.Telegram;
  sessionStorage.clear();
  document.head.replaceChildren();
  document.documentElement.removeAttribute('style');
});

describe('connectBridge', () => {
  it('brings its own theme outside Telegram and loads nothing from the network', () => {
    connectBridge({});
    expect(colour('bg-color')).toBe('#17211c');
    expect(document.documentElement.dataset.scheme).toBe('dark');
    expect(scripts()).toBe(0);
  });

  it('loads Telegram’s script when Telegram opened the page, and takes the theme it was told', () => {
    connectBridge({ tgWebAppVersion: '9.1', tgWebAppThemeParams: '{"bg_color":"#fafafa"}' });
    expect(scripts()).toBe(1);
    expect(colour('bg-color')).toBe('#fafafa');
    expect(document.documentElement.dataset.scheme).toBe('light');
    expect(sessionStorage.getItem('__telegram__initParams')).toContain('9.1');
  });

  it('tells Telegram that it is ready, and taps for a potted ball', async () => {
    const ready = vi.fn();
    const impactOccurred = vi.fn();
    window.Telegram = { WebApp: { colorScheme: 'light', ready, HapticFeedback: { impactOccurred } } };
    const bridge = connectBridge({});
    bridge.haptic('pot');
    expect(impactOccurred).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce());
    expect(document.documentElement.dataset.scheme).toBe('light');
  });

  it('never throws, whatever the client does', () => {
    const fail = () => {
      throw new Error('WebAppMethodUnsupported');
    };
    window.Telegram = { WebApp: { expand: fail, close: fail, onEvent: fail } };
    const bridge = connectBridge({});
    expect(() => {
      bridge.expand();
      bridge.close();
      bridge.haptic('finish');
    }).not.toThrow();
  });
});
