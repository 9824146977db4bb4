export interface SignInParts {
  readonly view: HTMLElement;
  readonly form: HTMLFormElement;
  readonly token: HTMLInputElement;
  readonly problem: HTMLElement;
  readonly signOut: HTMLButtonElement;
}

/** The form that exchanges a token for the page's cookie; the page itself keeps neither. */
export function createSignIn(
  { view, form, token, problem, signOut }: SignInParts,
  onChange: () => void,
): { show(isShown: boolean): void } {
  const send = async (path: string, body: string): Promise<number> => {
    try {
      const headers = { 'Content-Type': 'application/json' };
      return (await fetch(path, { method: 'POST', headers, body })).status;
    } catch {
      return 0;
    }
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.textContent = '';
    const status = await send('live/login', JSON.stringify({ token: token.value.trim() }));
    if (status === 204) {
      token.value = '';
      onChange();
      return;
    }
    problem.textContent =
      status === 401
        ? 'This token may not read here.'
        : status === 429
          ? 'Too many wrong tokens came from your address: wait a minute.'
          : status === 0
            ? 'The gateway does not answer.'
            : `The gateway answered ${status}.`;
    token.select();
  });
  signOut.addEventListener('click', async () => {
    await send('live/logout', '');
    onChange();
  });
  return {
    show(isShown) {
      if (view.hidden === !isShown) return;
      view.hidden = !isShown;
      if (isShown) token.focus();
    },
  };
}
