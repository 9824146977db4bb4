/** Where a store is, and the headers that it needs. */
export interface StoreAddress {
  readonly name: string;
  /** Without a path, or with the prefix of a proxy. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A store did not answer, or refused; the message names it, the request and the reason. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** The HTTP status; none where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

export type Params = readonly (readonly [name: string, value: string])[];

export interface StoreClient {
  readonly name: string;
  readonly url: string;
  /** The answer's body. Parameters go in the query. Throws a `StoreError` for any status but 2xx. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, params?: Params): Promise<string>;
  /** The same with the parameters in the body, as a form: they may be long. */
  post(path: string, params: Params): Promise<string>;
  /** The server's clock in Unix ms, to the second, as its last answer said. */
  serverTime(): number | undefined;
}

const TIMEOUT = 120_000;

function asForm(params: Params): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of params) form.append(name, value);
  return form;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : String(first);
}

/** Makes the client of one store. Redirects are not followed: headers may be secrets. */
export function createStoreClient({ name, url, headers }: StoreAddress): StoreClient {
  const base = url.replace(/\/+$/, '');
  let date: number | undefined;

  const request = async (
    method: string,
    path: string,
    query: Params,
    body: URLSearchParams | undefined,
  ): Promise<string> => {
    const search = query.length > 0 ? `?${asForm(query)}` : '';
    const what = `${name} at ${base}: ${method} ${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${base}${path}${search}`, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT),
        ...(body ? { body } : {}),
      });
      text = await response.text();
    } catch (error) {
      throw new StoreError(`${what}: ${reasonOf(error)}`);
    }
    const said = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(said)) date = said;
    if (response.ok) return text;
    throw new StoreError(`${what}: ${response.status} ${text.trim().slice(0, 300)}`.trim(), response.status);
  };

  return {
    name,
    url: base,
    send: (method, path, params = []) => request(method, path, params, undefined),
    post: (path, params) => request('POST', path, [], asForm(params)),
    serverTime: () => date,
  };
}
