import type { LaunchParams } from '@artel/telemetry-react';
import { loadWebApp } from './loadWebApp';
import { applyTheme, type ColorScheme, ownThemes, parseThemeParams, schemeOf } from './theme';
import type { WebApp } from './webApp';

/** What the app asks of Telegram. Outside Telegram every verb does the nearest harmless thing; none throws. */
export interface Bridge {
  /** Tells Telegram to lift its placeholder. */
  ready(): void;
  /** Asks for the full height. */
  expand(): void;
  close(): void;
  /** A tap under the finger for a potted ball, a longer one for a finished game. */
  haptic(occasion: 'pot' | 'finish'): void;
}

function quietly(act: (webApp: WebApp) => void) {
  try {
    const webApp = window.Telegram?.WebApp;
    if (webApp) act(webApp);
  } catch {
    // telegram-web-app.js throws for verbs that an older client does not know.
  }
}

function setScheme(scheme: ColorScheme) {
  document.documentElement.dataset.scheme = scheme;
}

/** Outside Telegram: our own theme, light or dark as the device has it, also when that changes. */
function followDevice() {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const scheme = dark.matches ? 'dark' : 'light';
    applyTheme(document.documentElement, ownThemes[scheme]);
    setScheme(scheme);
  };
  apply();
  dark.addEventListener('change', apply);
}

/** Inside Telegram its script sets the colours; what is left is the scheme for our own shades. */
function followTelegram(webApp: WebApp) {
  const apply = () => setScheme(webApp.colorScheme === 'dark' ? 'dark' : 'light');
  apply();
  webApp.onEvent?.('themeChanged', apply);
}

/** Connects to Telegram where it is, and sets the theme at once from what the launch parameters tell. */
export function connectBridge(params: LaunchParams): Bridge {
  const told = parseThemeParams(params.tgWebAppThemeParams);
  const scheme = schemeOf(told);
  if (window.Telegram?.WebApp) quietly(followTelegram);
  else if (scheme) {
    applyTheme(document.documentElement, { ...ownThemes[scheme], ...told });
    setScheme(scheme);
  } else followDevice();

  const bridge: Bridge = {
    ready: () => quietly((webApp) => webApp.ready?.()),
    expand: () => quietly((webApp) => webApp.expand?.()),
    close: () => quietly((webApp) => webApp.close?.()),
    haptic: (occasion) =>
      quietly(({ HapticFeedback }) => {
        if (occasion === 'pot') HapticFeedback?.impactOccurred?.('medium');
        else HapticFeedback?.notificationOccurred?.('success');
      }),
  };

  void loadWebApp(params).then(() => {
    quietly(followTelegram);
    bridge.ready();
    bridge.expand();
  });
  return bridge;
}
