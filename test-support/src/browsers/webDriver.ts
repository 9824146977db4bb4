/** A session of WebDriver classic: https://www.w3.org/TR/webdriver2/#endpoints. */
export interface WebDriverSession {
  get(path: string): Promise<unknown>;
  post(path: string, body?: object): Promise<unknown>;
  delete(path: string): Promise<unknown>;
}

async function command(url: string, method: string, body?: object): Promise<unknown> {
  const answer = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = (await answer.json()) as { readonly value: unknown };
  if (!answer.ok) throw new Error(`${method} ${url} failed: ${JSON.stringify(value)}`);
  return value;
}

/** Starts a session, and with it the browser that the capabilities describe. */
export async function startSession(driver: string, capabilities: object): Promise<WebDriverSession> {
  const started = await command(`${driver}/session`, 'POST', { capabilities: { alwaysMatch: capabilities } });
  const { sessionId } = started as { readonly sessionId: string };
  const session = `${driver}/session/${sessionId}`;
  return {
    get: (path) => command(session + path, 'GET'),
    post: (path, body = {}) => command(session + path, 'POST', body),
    delete: (path) => command(session + path, 'DELETE'),
  };
}
