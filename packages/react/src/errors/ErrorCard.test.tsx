import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ErrorCard } from './ErrorCard';

afterEach(cleanup);

it('shows the error in its details, in the colours of Telegram or the system', () => {
  render(<ErrorCard error={new RangeError('the cue broke')} resetError={() => {}} />);
  const card = screen.getByRole('alert');
  expect(card.querySelector('details')?.textContent).toContain('RangeError: the cue broke');
  expect(card.style.background).toBe('var(--tg-theme-secondary-bg-color,Canvas)');
  expect(card.style.colorScheme).toBe('light dark');
});

it('calls resetError once for each click', () => {
  const resetError = vi.fn();
  render(<ErrorCard error="x" resetError={resetError} />);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(resetError).toHaveBeenCalledOnce();
});

it('shows itself even for a value that cannot become text', () => {
  render(<ErrorCard error={Object.create(null)} resetError={() => {}} />);
  expect(screen.getByRole('alert').textContent).toContain('Something went wrong');
});
