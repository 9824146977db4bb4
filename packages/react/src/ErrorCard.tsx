import type { CSSProperties, ReactNode } from 'react';

// Telegram's theme where there is one; elsewhere the system colours, which follow light and dark by themselves.
const card: CSSProperties = {
  margin: 16,
  padding: 16,
  borderRadius: 12,
  background: 'var(--tg-theme-secondary-bg-color,Canvas)',
  color: 'var(--tg-theme-text-color,CanvasText)',
  colorScheme: 'light dark',
};

const button: CSSProperties = {
  padding: 12,
  border: 0,
  borderRadius: 12,
  background: 'var(--tg-theme-button-color,#1c6fb0)',
  color: 'var(--tg-theme-button-text-color,#fff)',
  font: 'inherit',
};

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return '';
  }
}

/** What a boundary shows when the app gives it no fallback. */
export function ErrorCard({ error, onRetry }: { error: unknown; onRetry: () => void }): ReactNode {
  return (
    <div role="alert" style={card}>
      <h2>Something went wrong</h2>
      <details>
        <summary>Error details</summary>
        <pre style={{ whiteSpace: 'pre-wrap' }}>{messageOf(error)}</pre>
      </details>
      <button type="button" style={button} onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
