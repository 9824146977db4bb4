import { BOT_ID, BOT_TOKEN } from '@artel/test-support/fakes/telegramLaunch';
import { describe, expect, it } from 'vitest';
import { telegramSettings } from './telegramSettings';

const messages = (settings: unknown): string[] =>
  telegramSettings
    .safeParse(settings)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the settings of sign-in', () => {
  it('need a token or an id, and have defaults for the rest', () => {
    const rest = { testEnvironment: false, maxAgeSeconds: 86_400, maxExchanges: 10 };
    expect(telegramSettings.parse({ botToken: BOT_TOKEN })).toEqual({ botToken: BOT_TOKEN, ...rest });
    expect(telegramSettings.parse({ botId: Number(BOT_ID) })).toEqual({ botId: BOT_ID, ...rest });
    expect(messages({ botToken: BOT_TOKEN, botId: BOT_ID })).toEqual([]);
    expect(messages({})).toEqual([': expected botToken, or botId alone']);
  });

  it.each([
    [{ botToken: 'no-colon' }, 'botToken: expected a bot'],
    [{ botToken: 7 }, 'botToken: expected a bot'],
    [{ botId: 'my_bot' }, 'botId: expected the id of a bot'],
    [{ botId: -7 }, 'botId: expected the id of a bot'],
    [{ botToken: BOT_TOKEN, botId: '7' }, 'botId: expected the id in botToken'],
    [{ botToken: BOT_TOKEN, testEnvironment: true }, 'testEnvironment: expected only beside botId'],
    [{ botId: 7, testEnvironment: 'yes' }, 'testEnvironment: expected true or false'],
    [{ botId: 7, maxAgeSeconds: 59 }, 'maxAgeSeconds: expected 60'],
    [{ botId: 7, maxAgeSeconds: 604_801 }, 'maxAgeSeconds: expected 604800'],
    [{ botId: 7, maxExchanges: 0 }, 'maxExchanges: expected 1'],
    [{ botId: 7, maxExchanges: 1.5 }, 'maxExchanges: expected a whole number'],
  ])('name what is wrong, and never show a token: %j', (settings, message) => {
    const found = messages(settings);
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toMatch(/no-colon|test-token/);
  });
});
