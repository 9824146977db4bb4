/**
 * Shows an error as React does when an app gives it no handlers: they replace React's own, and a defect must not vanish
 * from the console because telemetry watches. https://react.dev/reference/react-dom/client/createRoot#parameters
 */
export function showError(error: unknown, uncaught: boolean): void {
  // `window.onerror` listeners hear of it too; reports of one object are told apart, those of a thrown word could not be.
  if (uncaught && typeof error === 'object' && typeof reportError === 'function') reportError(error);
  // biome-ignore lint/suspicious/noConsole: stands in for React's own console.error
  else console.error(error);
}
