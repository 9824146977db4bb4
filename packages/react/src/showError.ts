/**
 * Shows an error as React does when an app gives it no handlers: they replace React's own, and a defect must not vanish
 * from the console because telemetry watches. https://react.dev/reference/react-dom/client/createRoot#parameters
 */
export function showError(error: unknown, uncaught: boolean): void {
  // `window.onerror` listeners hear of it too. They tell an object that was reported before; a thrown word they could
  // not tell, and Sentry not an object that it cannot mark.
  if (uncaught && Object.isExtensible(error) && typeof reportError === 'function') reportError(error);
  // biome-ignore lint/suspicious/noConsole: stands in for React's own console.error
  else console.error(error);
}
