import type { CSSProperties, ReactNode } from 'react';

// Telegram's theme, or else the system colours, which follow light and dark by themselves.
const card: CSSProperties = {
  margin: 12,
  padding: 12,
  borderRadius: 12,
  background: 'var(--tg-theme-secondary-bg-color,Canvas)',
  color: 'var(--tg-theme-text-color,CanvasText)',
  colorScheme: 'light dark',
};

const button: CSSProperties = {
  border: 0,
  padding: 12,
  borderRadius: 12,
  background: 'var(--tg-theme-button-color,#1c6fb0)',
  color: 'var(--tg-theme-button-text-color,#fff)',
  font: 'inherit',
};

function textOf(error: unknown): string {
  try {
    return `${error}`;
  } catch {
    return '';
  }
}

interface ErrorCardProps {
  readonly error: unknown;
  readonly resetError: () => void;
}

/** What a boundary shows by default: the error and a button to try again. Uses no hooks. */
export function ErrorCard({ error, resetError }: ErrorCardProps): ReactNode {
  return (
    <div role="alert" style={card}>
      <h2>Something went wrong</h2>
      <details>
        <summary>Error details</summary>
        <p>{textOf(error)}</p>
      </details>
      <button type="button" style={button} onClick={resetError}>
        Try again
      </button>
    </div>
  );
}
