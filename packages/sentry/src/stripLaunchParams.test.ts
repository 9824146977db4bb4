import { afterEach, describe, expect, it } from 'vitest';
import { cleanAddress, stripLaunchParams } from './stripLaunchParams';

afterEach(() => history.replaceState(null, '', '/'));

describe('cleanAddress', () => {
  it.each([
    ['https://a.example/#tgWebAppData=x%3D1&tgWebAppVersion=9.1', 'https://a.example/'],
    ['https://a.example/?tgWebAppStartParam=s&lang=ru', 'https://a.example/?lang=ru'],
    ['https://a.example/#/game/5?side=left&tgWebAppData=x', 'https://a.example/#/game/5?side=left'],
    ['https://a.example/#/game/5?tgWebAppData=x', 'https://a.example/#/game/5'],
    ['https://a.example/a?b=c#d', 'https://a.example/a?b=c#d'],
  ])('makes of %s %s', (address, clean) => {
    expect(cleanAddress(address)).toBe(clean);
  });
});

it('cleans the address bar without a history entry and keeps its state', () => {
  history.replaceState({ idx: 3 }, '', '/#tgWebAppData=x&tgWebAppVersion=9.1');
  const entries = history.length;
  expect(stripLaunchParams()).toBe(true);
  expect(location.hash).toBe('');
  expect(history.length).toBe(entries);
  expect(history.state).toEqual({ idx: 3 });
});
