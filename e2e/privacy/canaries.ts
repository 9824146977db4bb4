import { createHmac, randomBytes } from 'node:crypto';

/** What must not be found anywhere, by what it is. */
export type Canaries = Readonly<Record<string, string>>;

/** A launch that is signed for `botToken`, and what in it is private. */
export interface CanaryLaunch {
  readonly initData: string;
  /** The fragment of the address that Telegram opens the app with. */
  readonly hash: string;
  readonly canaries: Canaries;
}

const unique = (): string => randomBytes(5).toString('hex');

/** As Telegram signs: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app */
function signed(fields: Readonly<Record<string, string>>, botToken: string): string {
  const lines = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n');
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  return createHmac('sha256', key).update(lines).digest('hex');
}

/** A launch from a group, with everything in it that Telegram may send of a player, of the other one and of the chat. */
export function canaryLaunch(botToken: string): CanaryLaunch {
  const canaries = {
    'first name': `Первыйcanary${unique()}`,
    'last name': `Last Canary${unique()}`,
    username: `canaryuser${unique()}`,
    'photo url': `canaryphoto${unique()}`,
    'query id': `AAHcanaryquery${unique()}`,
    signature: `canarysignature${randomBytes(48).toString('base64url')}`,
    'start param': `canarystart_${unique()}`,
    'receiver name': `Canaryreceiver${unique()}`,
    'receiver username': `canaryreceived${unique()}`,
    'chat title': `Столcanary${unique()}`,
    'user id': String(7_200_000_000 + Math.floor(Math.random() * 99_999_999)),
  };
  const fields: Record<string, string> = {
    query_id: canaries['query id'],
    user: JSON.stringify({
      id: Number(canaries['user id']),
      first_name: canaries['first name'],
      last_name: canaries['last name'],
      username: canaries.username,
      language_code: 'ru',
      photo_url: `https://t.me/i/userpic/320/${canaries['photo url']}.svg`,
    }).replaceAll('/', '\\/'),
    receiver: JSON.stringify({
      id: 5_550_001_112,
      first_name: canaries['receiver name'],
      username: canaries['receiver username'],
    }),
    chat: JSON.stringify({ id: -1_001_234_567_890, type: 'group', title: canaries['chat title'] }),
    chat_type: 'group',
    chat_instance: '-3788475317572404878',
    start_param: canaries['start param'],
    auth_date: String(Math.floor(Date.now() / 1_000)),
    signature: canaries.signature,
  };
  const hash = signed(fields, botToken);
  const initData = Object.entries({ ...fields, hash })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const theme = encodeURIComponent(JSON.stringify({ bg_color: '#ffffff', text_color: '#000000' }));
  return {
    initData,
    hash: `#tgWebAppData=${encodeURIComponent(initData)}&tgWebAppVersion=9.1&tgWebAppPlatform=ios&tgWebAppThemeParams=${theme}&tgWebAppStartParam=${canaries['start param']}`,
    canaries: { ...canaries, hash },
  };
}
