export type ColorScheme = 'light' | 'dark';

/** Telegram's theme parameters: `bg_color` → `#ffffff`. */
export type ThemeParams = Readonly<Record<string, string>>;

/** The theme of the mocked bridge: what a browser outside Telegram shows. */
export const ownThemes: Readonly<Record<ColorScheme, ThemeParams>> = {
  light: {
    bg_color: '#ffffff',
    secondary_bg_color: '#eef2ef',
    section_bg_color: '#ffffff',
    text_color: '#12211a',
    hint_color: '#5d6d65',
    link_color: '#0b6b46',
    button_color: '#0f7a52',
    button_text_color: '#ffffff',
    destructive_text_color: '#c02f2f',
  },
  dark: {
    bg_color: '#17211c',
    secondary_bg_color: '#0e1512',
    section_bg_color: '#19241f',
    text_color: '#eef5f1',
    hint_color: '#93a49b',
    link_color: '#5fd0a0',
    button_color: '#35b37e',
    button_text_color: '#04160d',
    destructive_text_color: '#ff8a80',
  },
};

/** Reads `tgWebAppThemeParams`, keeping only what is a colour: the address is anybody's to write. */
export function parseThemeParams(json: string | undefined): ThemeParams {
  try {
    const parsed: unknown = JSON.parse(json ?? '{}');
    if (typeof parsed !== 'object' || parsed === null) return {};
    const colours = Object.entries(parsed).filter(
      ([name, value]) =>
        /^[a-z_]{1,40}$/.test(name) && typeof value === 'string' && /^#[\da-f]{6}$/i.test(value),
    );
    return Object.fromEntries(colours);
  } catch {
    return {};
  }
}

/** `dark` when the background is darker than middle grey, by the luma of ITU-R BT.601. */
export function schemeOf(theme: ThemeParams): ColorScheme | undefined {
  const background = theme.bg_color;
  if (background === undefined) return undefined;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(background.slice(at, at + 2), 16),
  );
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light';
}

/** Writes a theme as the CSS variables that Telegram's own script would set: `bg_color` → `--tg-theme-bg-color`. */
export function applyTheme(root: HTMLElement, theme: ThemeParams) {
  for (const [name, colour] of Object.entries(theme)) {
    root.style.setProperty(`--tg-theme-${name.replaceAll('_', '-')}`, colour);
  }
}
