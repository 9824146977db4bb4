import { createFakeEnd, type FakeEnd, need, needOnly } from './fakeEnd';

export interface SentryIssue {
  readonly id: string;
  readonly shortId: string;
  /** `user.id` of all who have met it. */
  readonly users: readonly string[];
}

export interface SentryReplay {
  readonly id: string;
  readonly project: string;
  readonly user: string;
}

export interface SentryFake extends FakeEnd {
  readonly issues: readonly SentryIssue[];
  readonly replays: readonly SentryReplay[];
}

/** The users that `user.id:[a, b]` asks for. */
function usersIn(query: string | null): readonly string[] {
  const list = /^user\.id:\[([^[\]]+)\]$/.exec(query ?? '')?.[1];
  need(list !== undefined, `invalid search: ${query}`);
  return list.split(', ');
}

/** The part of Sentry's API that erasure needs, for one organization and token. https://docs.sentry.io/api/ */
export async function startSentryFake(
  token: string,
  given: { readonly issues: readonly SentryIssue[]; readonly replays: readonly SentryReplay[] },
): Promise<SentryFake> {
  let { issues, replays } = given;
  const fake = await createFakeEnd(({ method, path, query, headers, body }) => {
    need(headers.authorization === `Bearer ${token}`, 'Invalid token', 401);
    need(body.length === 0, 'no body was expected');
    const list = /^\/api\/0\/organizations\/artel\/(issues|replays)\/$/.exec(path)?.[1];
    if (list !== undefined) {
      need(method === 'GET', 'method not allowed', 405);
      needOnly(query, ['query', 'statsPeriod', 'per_page']);
      const users = usersIn(query.get('query'));
      if (list === 'replays') {
        const found = replays.filter(({ user }) => users.includes(user));
        return {
          status: 200,
          body: JSON.stringify({ data: found.map(({ id, project }) => ({ id, project_id: project })) }),
        };
      }
      const found = issues.filter((issue) => issue.users.some((user) => users.includes(user)));
      const shown = found.map(({ id, shortId, users: all }) => ({
        id,
        shortId,
        userCount: 1,
        lifetime: { userCount: all.length },
      }));
      return { status: 200, body: JSON.stringify(shown) };
    }
    need(method === 'DELETE', 'method not allowed', 405);
    const issue = /^\/api\/0\/organizations\/artel\/issues\/(\w+)\/$/.exec(path)?.[1];
    const [, project, replay] = /^\/api\/0\/projects\/artel\/(\w+)\/replays\/(\w+)\/$/.exec(path) ?? [];
    need(
      issues.some(({ id }) => id === issue) ||
        replays.some((one) => one.id === replay && one.project === project),
      `The requested resource does not exist: ${path}`,
      404,
    );
    issues = issues.filter(({ id }) => id !== issue);
    replays = replays.filter(({ id }) => id !== replay);
    return { status: issue === undefined ? 204 : 202 };
  });
  return {
    ...fake,
    get issues() {
      return issues;
    },
    get replays() {
      return replays;
    },
  };
}
