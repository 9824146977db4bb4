import { describe, expect, it } from 'vitest';
import { splitLaunchParams } from './urls';

describe('splitLaunchParams', () => {
  it('takes Telegram’s parameters, decoded once, and keeps the rest as it was written', () => {
    const text = '#tgWebAppData=user%3D%257B%257D%26hash%3Dabc&section=2%20a&tgWebAppVersion=9.1&x';
    const [rest, params] = splitLaunchParams(text);
    expect(params).toEqual({ tgWebAppData: 'user=%7B%7D&hash=abc', tgWebAppVersion: '9.1' });
    expect(rest).toBe('#section=2%20a&x');
  });

  it.each([
    ['#tgWebAppData=a&tgWebAppPlatform=ios', ''],
    ['#/rules?tgWebAppData=a', '#/rules'],
    ['#/rules?page=2&tgWebAppData=a', '#/rules?page=2'],
    ['#/rules&tgWebAppData=a', '#/rules'],
    ['?tgWebAppStartParam=s&tab=1', '?tab=1'],
    ['?tab=1&tgWebAppStartParam=s', '?tab=1'],
    ['?tgWebAppStartParam=s', ''],
    ['#tgShareScoreUrl=tg%3A%2F%2Fshare%3Fhash%3Dx', ''],
    ['#tgWebApp%44ata=secret', ''],
    ['#TGWEBAPPDATA=secret', ''],
    ['#tgWebAppData', ''],
    ['#tgWebAppData=%E0%A4%A', ''],
    ['#top&tgWebAppData=a+b', '#top'],
    ['#tgWebAppData=a&way=b?tgWebAppVersion=9&c', '#way=b?c'],
    ['#tgWebAppData=a?b', '#b'],
    ['#/a#tgWebAppData=a', '#/a'],
  ])('leaves of %s only %s', (text, rest) => {
    expect(splitLaunchParams(text)[0]).toBe(rest);
  });

  it.each(['', '#', '?', '#/?', '#top', '#a=1&b=2', '?a=1&&b', '#/a?b=%zz', '#/how-tgWebApp-works'])(
    'does not touch "%s"',
    (text) => {
      expect(splitLaunchParams(text)).toEqual([text, {}]);
    },
  );
});
