/** Collects what a logger writes; each line must be one JSON object that has no key twice at its top. */
export function collectLines() {
  const texts: string[] = [];
  const parse = (text: string): Record<string, unknown> => {
    const record: unknown = JSON.parse(text);
    if (typeof record !== 'object' || record === null) throw new Error(`not an object: ${text}`);
    return { ...record };
  };
  return {
    destination: { write: (text: string) => void texts.push(text) },
    clear: () => void texts.splice(0),
    get text() {
      return texts.join('');
    },
    get lines() {
      return texts.map(parse);
    },
    get last() {
      return parse(texts.at(-1) ?? '');
    },
  };
}

/** Secrets and persons' data in the shapes in which Telegram, browsers and people write them. */
export const planted = {
  botToken: '7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  email: 'vasily.pupkin@example.com',
  bearer: 'Bearer c2VjcmV0LXRva2VuLW9mLXRoZS1zZXJ2aWNl',
  initData:
    'query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A99281932%2C%22first_name%22%3A%22Vladislav%22%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2',
  password: 'correct-horse-battery',
  address: '203.0.113.77',
} as const;

/** What of `planted` stands in a text; none, if all is well. */
export function leaks(text: string): readonly string[] {
  const secrets = [
    planted.botToken,
    planted.jwt,
    planted.email,
    planted.bearer.slice(7),
    planted.initData.slice(0, 40),
    'Vladislav',
    planted.password,
    planted.address,
  ];
  return secrets.filter((secret) => text.includes(secret));
}
