import { z } from 'zod';

/** How the launches of one bot's Mini App are told from forged ones. Made by `telegramSettings` below. */
export interface TelegramSettings {
  /** Check by HMAC. The bot's secret: never shown. */
  readonly botToken?: string | undefined;
  /** Check by Telegram's own Ed25519 signature, for which the gateway needs no secret of the bot. */
  readonly botId?: string | undefined;
  /** The bot lives in Telegram's test environment, which signs with a key of its own. Ed25519 only. */
  readonly testEnvironment: boolean;
  /** Seconds from the launch for which its initData is taken. An app that stays open asks anew with the same one. */
  readonly maxAgeSeconds: number;
  /** How often one launch may sign in: reloads and tabs. One more for each hour it lasts, as a token lasts no longer. */
  readonly maxExchanges: number;
}

const TOKEN = /^(\d{1,20}):[\w-]{1,256}$/;

const tokenExpected = "a bot's token, as BotFather gives it: 123456:ABC…";
const botToken = z.string(`expected ${tokenExpected}`).regex(TOKEN, `expected ${tokenExpected}`);

const idExpected = 'expected the id of a bot: the number before the colon of its token';
const botId = z
  .union([z.string(), z.int()], idExpected)
  .transform(String)
  .refine((id) => /^[1-9]\d{0,19}$/.test(id), idExpected);

const DAY = 86_400;

/**
 * Config of one tenant's sign-in: `botToken` (HMAC), or `botId` alone (Ed25519). `testEnvironment` false,
 * `maxAgeSeconds` 86,400 (a Mini App may stay open all day), `maxExchanges` 10 when left out. Messages never hold a
 * value; whoever prints one beside them must leave out `botToken`'s.
 */
export const telegramSettings = z
  .strictObject({
    botToken: botToken.optional(),
    botId: botId.optional(),
    testEnvironment: z.boolean('expected true or false').default(false),
    maxAgeSeconds: z
      .int('expected whole seconds')
      .min(60, 'expected 60 seconds or more')
      .max(7 * DAY, 'expected 604800 seconds (7 days) or less')
      .default(DAY),
    maxExchanges: z
      .int('expected a whole number')
      .min(1, 'expected 1 or more')
      .max(1_000, 'expected 1000 or less')
      .default(10),
  })
  .superRefine((settings, context) => {
    if (settings.botToken === undefined && settings.botId === undefined) {
      context.addIssue({ code: 'custom', message: 'expected botToken, or botId alone' });
    }
    const tokensId = settings.botToken && TOKEN.exec(settings.botToken)?.[1];
    if (tokensId && settings.botId !== undefined && tokensId !== settings.botId) {
      context.addIssue({
        code: 'custom',
        path: ['botId'],
        message: 'expected the id in botToken, or one of the two left out',
      });
    }
    if (settings.botToken !== undefined && settings.testEnvironment) {
      context.addIssue({
        code: 'custom',
        path: ['testEnvironment'],
        message: 'expected only beside botId: the check by botToken is the same in both environments',
      });
    }
  });
