/** Where the page runs, as Telegram's script says. */
export interface Platform {
  /** `android`, `ios`, `tdesktop`, `weba`, …; `undefined` in a browser without Telegram. */
  readonly telegram: string | undefined;
  /** Version of the Bot API that the client speaks. */
  readonly version: string | undefined;
}

function text(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const told: unknown = Reflect.get(value, name);
  return typeof told === 'string' && told !== '' ? told.slice(0, 32) : undefined;
}

/** Reads the platform from `window.Telegram.WebApp`. Its script calls a plain browser `unknown`. */
export function readPlatform(page: Window): Platform {
  try {
    const app: unknown = page.Telegram?.WebApp;
    const platform = text(app, 'platform');
    if (platform === 'unknown') return { telegram: undefined, version: undefined };
    return { telegram: platform, version: text(app, 'version') };
  } catch {
    // An old or foreign bridge may throw.
    return { telegram: undefined, version: undefined };
  }
}
