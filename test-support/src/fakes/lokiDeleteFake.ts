import { createFakeEnd, type FakeEnd, Fault } from './fakeEnd';

interface Deletion {
  readonly matchers: readonly string[];
  readonly pseudonyms: readonly string[];
  /** Unix time in s. */
  readonly start: number;
  readonly end: number;
}

export interface LokiDeleteFake extends FakeEnd {
  readonly deletions: readonly Deletion[];
}

function need(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Fault(message);
}

function seconds(text: string | null, name: string): number {
  need(
    text !== null && /^\d{10}$/.test(text),
    `invalid ${name} time: require unix seconds or RFC3339 format`,
  );
  return Number(text);
}

/** The query of a deletion: matchers of which one at least is not empty, and one filter of structured metadata. */
function readQuery(query: string): Pick<Deletion, 'matchers' | 'pseudonyms'> {
  const [, inside, filter] = /^\{([^{}]+)\} \| user=~"([^"]+)"$/.exec(query) ?? [];
  need(inside !== undefined && filter !== undefined, `parse error: ${query}`);
  const matchers = inside.split(', ');
  for (const matcher of matchers) {
    need(/^[a-z_]+(?:=|=~)"(?:[^"\\]|\\.)+"$/.test(matcher), `parse error: ${matcher}`);
    need(!matcher.endsWith('=~".*"'), 'queries require at least one matcher that does not match empty');
  }
  const pseudonyms = filter.split('|');
  for (const one of pseudonyms) need(/^(?:[\da-f]{32}|[\da-f]{64})$/.test(one), `${one} is no pseudonym`);
  return { matchers, pseudonyms };
}

/**
 * The deletion API of a Loki with `auth_enabled`, by the letter, behind a proxy that asks for a token.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/#request-log-deletion
 */
export async function createLokiDeleteFake(orgId: string, token: string): Promise<LokiDeleteFake> {
  const deletions: Deletion[] = [];
  const end = await createFakeEnd(({ method, path, headers, body }) => {
    if (headers.authorization !== `Bearer ${token}`) throw new Fault('unauthorized', 401);
    if (headers['x-scope-orgid'] !== orgId) throw new Fault('no org id', 401);
    const url = new URL(path, 'http://loki');
    if (url.pathname !== '/prefix/loki/api/v1/delete') throw new Fault('404 page not found', 404);
    if (method !== 'POST') throw new Fault('method not allowed', 405);
    need(body.length === 0, 'the parameters are read from the query alone');
    for (const name of url.searchParams.keys())
      need(['query', 'start', 'end'].includes(name), `unknown parameter ${name}`);
    const start = seconds(url.searchParams.get('start'), 'start');
    const until = seconds(url.searchParams.get('end'), 'end');
    need(start < until, `start time can't be greater than end time`);
    need(until <= Math.ceil(Date.now() / 1_000), `deletes in the future are not allowed`);
    deletions.push({ ...readQuery(url.searchParams.get('query') ?? ''), start, end: until });
    return { status: 204 };
  });
  return { ...end, deletions };
}
